"""Whatever a page lets one take away asks first and says what goes, or can be taken back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates" / "console"
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
BUTTON = re.compile(r"<button\b[^>]*>(.*?)</button>", re.DOTALL)
TAKES_AWAY = re.compile(
    r"\b(cancel|delete|discard|forget|merge|remove|reset|revoke|take it out|undo|withdraw)\b", re.IGNORECASE
)
# By template, the words of its button, and how one is kept from a slip of the hand: the deed stands behind a summary
# whose text says what goes ("asks"), on a page of its own ("page"), or is taken back from where it leads ("undone").
DEEDS = {
    ("upload.html", "Yes, cancel it"): "asks",
    ("upload.html", "Yes, undo it"): "asks",
    ("guide/base.html", "Yes, discard it"): "asks",
    ("receipt.html", "Yes, discard it"): "asks",
    ("receipt.html", "Yes, undo it"): "asks",
    ("evidence.html", "Yes, withdraw it"): "asks",
    ("vendors/documents.html", "Yes, withdraw it"): "asks",
    ("vendors/form.html", "Yes, remove it"): "asks",
    ("policies/measure.html", "Yes, take it out"): "asks",
    ("vendors/merge.html", "Merge"): "page",
    ("webhooks/remove.html", "Yes, remove it"): "page",
    ("keys/revoke.html", "Yes, revoke it"): "page",
    ("edit.html", "Yes, discard it"): "asks",
    ("edit.html", "Yes, undo it"): "asks",
    ("sign_in/own_door.html", "Yes, remove it"): "asks",
    ("what_if.html", "Forget"): "undone",
    ("saved_views.html", "Remove"): "undone",
    ("saved_views.html", "Undo"): "undone",
}


def deeds_of_templates():
    """Every button that takes something away, as (template, words), with its form."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        for form in FORM.findall(path.read_text("utf-8")):
            for words in BUTTON.findall(form):
                if TAKES_AWAY.search(words):
                    yield (path.relative_to(TEMPLATES).as_posix(), words), form


def test_every_deed_that_takes_away_is_known_here():
    assert {deed for deed, _ in deeds_of_templates()} == set(DEEDS)


@pytest.mark.parametrize("deed", [deed for deed, kept in DEEDS.items() if kept == "asks"])
def test_a_deed_beside_others_asks_and_says_what_goes(deed):
    form = dict(deeds_of_templates())[deed]
    asked = re.search(r"<details[^>]*>\s*<summary.*?</summary>\s*<p>(.*?)</p>", form, re.DOTALL)
    assert asked, "The button stands open; put it behind a summary."
    assert asked[1].strip()


@pytest.mark.parametrize("deed", [deed for deed, kept in DEEDS.items() if kept == "page"])
def test_a_deed_on_a_page_of_its_own_can_be_left(deed):
    page = (TEMPLATES / deed[0]).read_text("utf-8")
    assert re.search(r"Leave as it is|Choose another", page)
