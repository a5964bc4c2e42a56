"""Laws of names: what may change in a spelling without changing the model, and what may not."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from fleet.catalogue.files import named_only, read_aliases, read_models
from fleet.catalogue.names import How, NameIndex, Resolution

ALIASES = read_aliases()
INDEX = NameIndex(read_models(), ALIASES)
NAMES = sorted({row.model for row in [*read_models(), *named_only(read_models(), ALIASES)]})


def pluses(text: str) -> int:
    """How many pluses a text has, written as a sign or as a word."""
    return text.count("+") + len(re.findall("plus", text, re.IGNORECASE))


# Spellings that say all the pluses of the model: not "ebit-e9" for the E9+, nor "m30spp".
COMPLETE = sorted({row.alias for row in ALIASES if pluses(row.alias) >= pluses(row.model)})
spellings = st.sampled_from([*NAMES, *COMPLETE])


def meant(found: Resolution) -> object:
    """What a resolution says, as far as the law is about it."""
    return (found.maker, found.model) if found.model else set(found.candidates)


@given(spellings, st.randoms(use_true_random=False))
def test_case_never_changes_the_model(text, chance):
    changed = "".join(chance.choice((letter.upper(), letter.lower())) for letter in text)
    assert meant(INDEX.resolve(changed)) == meant(INDEX.resolve(text))


@given(spellings, st.sampled_from(("-", "_", " ", "  ", "\u00a0", "–")))
@example("Antminer S9 (A.P. 3.8.6)", "-")
def test_another_separator_never_changes_the_model(text, separator):
    changed = re.sub(r"(?<=\w)[ _-](?=\w)", separator, text)
    assert meant(INDEX.resolve(changed)) == meant(INDEX.resolve(text))


@given(spellings)
def test_leaving_separators_out_never_changes_the_model(text):
    changed = re.sub(r"(?<=[A-Za-z+])[ _-](?=\w)|(?<=\w)[ _-](?=[A-Za-z])", "", text)
    assert meant(INDEX.resolve(changed)) == meant(INDEX.resolve(text))


@given(spellings)
def test_full_width_letters_never_change_the_model(text):
    wide = "".join(
        chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" and letter != "-" else letter for letter in text
    )
    assert meant(INDEX.resolve(wide)) == meant(INDEX.resolve(text))


@given(spellings, st.data())
def test_adding_a_plus_never_gives_the_same_model(text, data):
    at = data.draw(st.integers(1, len(text)))
    before, after = INDEX.resolve(text), INDEX.resolve(f"{text[:at]}+{text[at:]}")
    assert before.model is None or (after.maker, after.model) != (before.maker, before.model)


@given(spellings.filter(lambda text: "+" in text and "bOS+" not in text))
def test_removing_a_plus_never_gives_the_same_model(text):
    before, after = INDEX.resolve(text), INDEX.resolve(text.replace("+", "", 1))
    assert before.model is None or (after.maker, after.model) != (before.maker, before.model)


@given(st.text(max_size=60))
def test_any_text_is_answered_with_a_model_or_without_but_never_half(text):
    found = INDEX.resolve(text)
    assert (found.maker is None) == (found.model is None) == (found.confidence is None)
    assert found.model is None or found.candidates == ()
    assert (found.how in (How.LISTED, How.READ)) == (found.model is not None)


@given(
    st.lists(st.sampled_from([*"S19 jPro+-_()TM30VE/&X.", "104", "Hyd", "plus"]), max_size=12).map("".join)
)
def test_what_is_read_holds_every_plus_that_was_written(text):
    found = INDEX.resolve(text)
    if found.model:
        assert pluses(found.model) == pluses(text)
