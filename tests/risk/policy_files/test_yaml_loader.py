"""Our YAML: no guess about yes and no, no binary fractions, no key that wins over its twin."""

from __future__ import annotations

from datetime import date

import pytest

from risk.policy_files.yaml_loader import NotYaml, RepeatedKey, Unquoted, read_yaml


def content(text):
    return read_yaml(text).content


def test_a_day_is_a_day_as_key_and_as_value():
    assert content("2026-07-24: 2026-10-10") == {date(2026, 7, 24): date(2026, 10, 10)}


@pytest.mark.parametrize("text", ["2026-02-30", "2026-07-24T12:00:00", "2026-07-24 12:00:00"])
def test_what_only_looks_like_a_day_stays_text(text):
    assert content(text) == text


@pytest.mark.parametrize("text", ["0.25", "8471", "8543.70", "1e3", "0x10", "012", ".5", "1_000", "12:30"])
def test_a_bare_number_keeps_its_text(text):
    assert content(text) == text


@pytest.mark.parametrize("text", ["0.25", "8471", "8543.70", "012"])
def test_a_bare_number_is_known_to_be_without_quotes(text):
    assert isinstance(content(text), Unquoted)
    assert not isinstance(content(f'"{text}"'), Unquoted)


@pytest.mark.parametrize("text", ["NO", "no", "yes", "on", "off", "y"])
def test_only_true_and_false_are_truth_values(text):
    assert content(text) == text
    assert content("[true, false]") == [True, False]


def test_repeated_keys_are_told_with_their_lines():
    document = read_yaml("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n")
    assert set(document.repeated) == {RepeatedKey(4, "c"), RepeatedKey(5, "a")}


def test_the_same_key_in_another_mapping_is_no_repetition():
    assert read_yaml("a: {c: 1}\nb: {c: 1}\n").repeated == ()


def test_an_alias_is_no_repetition():
    assert read_yaml("a: &x {c: 1}\nb: *x\n").repeated == ()


@pytest.mark.parametrize(
    "text", ["a: [", "a: b: c", "\t- x", "*nowhere", "a: !!python/name:os.system x", "\x00"]
)
def test_what_is_no_yaml_is_one_sentence(text):
    with pytest.raises(NotYaml, match=r"cannot be read as YAML .*\.$"):
        read_yaml(text)


def test_a_depth_beyond_reason_is_no_crash():
    with pytest.raises(NotYaml):
        read_yaml("[" * 5_000)
