"""Every file says what it is for, has a place in the plan, and can be read in one sitting."""

from __future__ import annotations

import ast
import re
import sys
from statistics import quantiles

from tests.house.tree import ROOT, modules, shown

# A module of one of these names has no subject, so that everything fits into it.
JUNK_DRAWERS = {"util", "helper", "common", "misc", "manager", "handler"}


def test_every_module_opens_with_a_sentence():
    silent = [
        shown(path)
        for path in modules()
        if (code := path.read_text(encoding="utf-8")).strip() and not opens_with_a_sentence(code)
    ]
    assert not silent, f"A module's first line says what it is for, and ends like a sentence: {silent}"


def opens_with_a_sentence(code: str) -> bool:
    """Whether the docstring's first paragraph ends with a full stop or the like."""
    paragraph = (ast.get_docstring(ast.parse(code)) or "").split("\n\n")[0].strip()
    return bool(re.search(r"[.:?!]$", paragraph))


def test_no_module_is_a_junk_drawer():
    drawers = [
        shown(path)
        for path in modules()
        if JUNK_DRAWERS & {word.removesuffix("s") for word in path.stem.lower().split("_")}
    ]
    assert not drawers, f"These names say nothing of what is inside: {drawers}"


def test_nineteen_files_in_twenty_fit_in_350_lines():
    lengths = {shown(path): path.read_text(encoding="utf-8").count("\n") for path in modules()}
    longest = sorted(lengths, key=lambda name: -lengths[name])[:5]
    assert quantiles(lengths.values(), n=20)[-1] <= 350, f"The longest: {[(n, lengths[n]) for n in longest]}"


def test_modules_are_not_named_like_pythons_own():
    # A script called copy.py beside Django broke `import django`: a script's folder comes first on the path.
    clashing = [shown(path) for path in ROOT.glob("*.py") if path.stem in sys.stdlib_module_names]
    assert not clashing
