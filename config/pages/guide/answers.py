"""Rows that may be rigs on record under a new identifier: the same machine, or another in its place."""

from __future__ import annotations

from typing import Any

from config.pages.guide.question import Asking, Step
from fleet.flows.upload_choices import NewIdentifier

ANSWERS_SHOWN = 200
SAID = {
    NewIdentifier.SAME.value: "the same rig, its control board was swapped",
    NewIdentifier.NEW.value: "a new rig",
}


def _shown(asking: Asking) -> dict[str, Any]:
    asked = asking.upload.problems.filter(code="identifier_changed").order_by("row")
    return {"asked": asked[:ANSWERS_SHOWN], "more": max(0, asked.count() - ANSWERS_SHOWN), "said": SAID}


def _chosen(asking: Asking) -> dict[str, Any]:
    """What was answered before stays; what is left open is asked again by the check."""
    answers = dict(asking.upload.choices.get("answers", {}))
    for name, said in asking.answer.items():
        if name.startswith("answer:") and said in SAID:
            answers[name.removeprefix("answer:")] = said
    everything = asking.chosen("all")
    return {"answers": answers, **({"identifiers": everything} if everything in SAID else {})}


ANSWERS = Step(slug="answers", shown=_shown, chosen=_chosen)
