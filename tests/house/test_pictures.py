"""The pictures that README and docs show are those that script/screenshots makes, all of them there and small."""

from __future__ import annotations

import re

from tests.house.tree import ROOT, shown
from tests.pictures.walk import PICTURES

FOLDER = ROOT / "docs" / "pictures"
SHOWN = re.compile(r"!\[(?P<told>[^\]]*)\]\((?:docs/)?pictures/(?P<name>[\w-]+)\.webp\)")
IN_HTML = re.compile(r"<img\b|!\[[^\]]*\]\([^)]*\.(?:png|jpe?g|gif|svg)\)")
LARGEST = 150_000


def pages() -> list[tuple[str, str]]:
    """README and docs: the name and the text of each."""
    paths = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [(shown(path), path.read_text(encoding="utf-8")) for path in paths]


def test_every_picture_of_the_docs_is_one_that_the_script_makes():
    stray = [(page, each["name"]) for page, text in pages() for each in SHOWN.finditer(text)]
    assert stray, "No page shows a picture: the pattern of this test is lost."
    assert not [(page, name) for page, name in stray if name not in PICTURES]
    assert not [page for page, text in pages() if IN_HTML.search(text)]


def test_every_picture_is_told_in_words_too():
    mute = [
        (page, each["name"]) for page, text in pages() for each in SHOWN.finditer(text) if not each["told"]
    ]
    assert not mute


def test_the_folder_holds_what_the_script_makes_and_nothing_else():
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.webp" for name in PICTURES}


def test_every_picture_is_small_and_what_it_says_it_is():
    for path in FOLDER.iterdir():
        content = path.read_bytes()
        assert len(content) < LARGEST, path.name
        assert (content[:4], content[8:12]) == (b"RIFF", b"WEBP"), path.name
