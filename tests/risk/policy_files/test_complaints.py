"""What bad policy files get: every fault at once, each in one sentence with file, measure and day."""

from __future__ import annotations

from itertools import pairwise

import pytest

from risk.policy_files import PolicyFilesRefused, read_folder
from tests.risk.policy_files.a_folder import EXAMPLE, FILE, a_folder, complaints_of, spoilt

AT_THE_FIRST_VALUE = f"{FILE}, US-EXAMPLE-10, 2018-08-23: "

# What is spoilt, the code of the complaint, and the whole of its sentence.
FAULTS = {
    "a missing citation": (
        spoilt("        legal_reference: the act, its page\n", ""),
        "missing_citation",
        AT_THE_FIRST_VALUE
        + 'legal_reference is missing; name the act, like "HTSUS 9903.88.02; 83 FR 40823".',
    ),
    "a missing source": (
        spoilt("source: where it was read\n", ""),
        "missing_citation",
        AT_THE_FIRST_VALUE + "source is missing; say where the act was read.",
    ),
    "an end without a citation": (
        spoilt('{ended_by: "the repealing act, its page"}', "null"),
        "missing_citation",
        f'{FILE}, 2026-02-24: an end needs its citation; write {{ended_by: "the act"}} under this day.',
    ),
    "a missing verified_through": (
        spoilt("verified_through: 2026-10-10\n", ""),
        "missing_verified_through",
        AT_THE_FIRST_VALUE + "verified_through is missing; give the last day on which the text was checked.",
    ),
    "a rate over 1000 %": (
        spoilt('"0.10"', '"10.5"'),
        "rate_out_of_range",
        f"{AT_THE_FIRST_VALUE}ad_valorem_rate: '10.5' (1050 %) is out of range; "
        'give a fraction from "0" to "10", like "0.25" for 25 %.',
    ),
    "a negative rate": (
        spoilt('"0.10"', '"-0.1"'),
        "rate_out_of_range",
        f"{AT_THE_FIRST_VALUE}ad_valorem_rate: '-0.1' (-10 %) is out of range; "
        'give a fraction from "0" to "10", like "0.25" for 25 %.',
    ),
    "a rate beyond reason": (
        spoilt('"0.10"', '"1e999999"'),
        "rate_out_of_range",
        f"{AT_THE_FIRST_VALUE}ad_valorem_rate: '1e999999' is out of range; "
        'give a fraction from "0" to "10", like "0.25" for 25 %.',
    ),
    "a rate without quotes": (
        spoilt('"0.10"', "0.10"),
        "not_quoted",
        f"{AT_THE_FIRST_VALUE}ad_valorem_rate: 0.10 stands without quotes; "
        'a rate is a fraction in quotes, like "0.25" for 25 %.',
    ),
    "a rate in words": (
        spoilt('"0.10"', "ten percent"),
        "no_number",
        f"{AT_THE_FIRST_VALUE}ad_valorem_rate: 'ten percent' is no number; "
        'a rate is a fraction in quotes, like "0.25" for 25 %.',
    ),
    "an amount beyond reason": (
        spoilt("confidence: high", 'confidence: high\nminimum_usd: "1e30"'),
        "no_amount",
        f"{FILE}: minimum_usd: '1e30' is no amount in dollars and cents; "
        'an amount is written in quotes, like "33.58".',
    ),
    "an unknown country": (
        spoilt("[CN,", "[XX,"),
        "unknown_country",
        f"{FILE}: countries_of_origin: 'XX' is no country code; "
        "write two letters, like CN or MY, or the name of a country group.",
    ),
    "a country by its name": (
        spoilt("[CN,", "[China,"),
        "unknown_country",
        f"{FILE}: countries_of_origin: 'China' is no country code; write CN.",
    ),
    "a country twice": (
        spoilt("[CN,", "[CN, CN,"),
        "stands_twice",
        f"{FILE}: countries_of_origin: 'CN' stands twice in the list; once is enough.",
    ),
    "a prefix of seven digits": (
        spoilt('"8543.70"', '"8543.70.9"'),
        "no_hts_prefix",
        f"{FILE}: hts_prefixes: '8543.70.9' is no HTS prefix; "
        "give 2, 4, 6, 8 or 10 digits, or the name of a list.",
    ),
    "a prefix without quotes": (
        spoilt('"8543.70"', "8543.70"),
        "not_quoted",
        f'{FILE}: hts_prefixes: 8543.70 stands without quotes; write it as text, "8543.70".',
    ),
    "an unknown key": (
        spoilt("confidence: high", "confidnce: high\nconfidence: high"),
        "unknown_key",
        f"{FILE}: there is no key 'confidnce' here; did you mean confidence?",
    ),
    "a key on the wrong level": (
        spoilt("import_country: US", 'import_country: US\nad_valorem_rate: "0.10"'),
        "misplaced_key",
        f"{FILE}: ad_valorem_rate does not stand here; it belongs to each value, under its day.",
    ),
    "a repeated key": (
        spoilt("confidence: high", "confidence: high\nconfidence: low"),
        "repeated_key",
        f"{FILE}: line 9 repeats the key 'confidence'; keep one of the two.",
    ),
    "a repeated day": (
        spoilt("2019-05-10:", "2018-08-23:"),
        "repeated_key",
        f"{FILE}: line 18 repeats the key '2018-08-23'; keep one of the two.",
    ),
    "a day that is none": (
        spoilt("2018-08-23:", "2018-02-30:"),
        "no_day",
        f"{FILE}, US-EXAMPLE-10: '2018-02-30' is no day; write it like 2026-07-24, without quotes.",
    ),
    "a day in another notation": (
        spoilt("verified_through: 2026-10-10", "verified_through: 10/10/2026"),
        "no_day",
        f"{FILE}: verified_through: '10/10/2026' is no day; write it like 2026-07-24, without quotes.",
    ),
    "a rate type that is none": (
        spoilt("rate_type: additive", "rate_type: adding"),
        "unknown_word",
        f"{FILE}: rate_type: 'adding' is none of base, additive, floor_total, fee, none.",
    ),
    "no country of import": (
        spoilt("import_country: US\n", ""),
        "missing_key",
        AT_THE_FIRST_VALUE + "import_country is missing; write what the measure looks at.",
    ),
    "no HTS prefixes": (
        spoilt('hts_prefixes: ["8543.70"]\n', ""),
        "missing_key",
        AT_THE_FIRST_VALUE + "hts_prefixes is missing; write what the measure looks at.",
    ),
    "a measure that gives way to none that exists": (
        spoilt("confidence: high", "confidence: high\nyields_to: [us/section-302]"),
        "names_no_measure",
        AT_THE_FIRST_VALUE + "yields_to names 'us/section-302', which is neither a measure nor a family.",
    ),
    "two measures of one code": (
        spoilt("US-EXAMPLE-25", "US-EXAMPLE-10"),
        "repeated_code",
        f"{FILE}, US-EXAMPLE-10, 2019-05-10: another measure has this code; give each its own.",
    ),
    "relief with a key too few": (
        spoilt(
            "confidence: high",
            'confidence: high\nrelief_in_transit: [{modes: [vessel], ad_valorem_rate: "0"}]',
        ),
        "relief_incomplete",
        f"{FILE}: relief_in_transit: tier 1 must say "
        "modes, loaded_before, entered_before, ad_valorem_rate, legal_reference, and nothing else.",
    ),
    "a series without values": (
        EXAMPLE.partition("    values:")[0],
        "no_values",
        f"{FILE}: a series must hold values, each under its day, not {{'goods': 'Rigs'}}.",
    ),
    "a file that is no YAML": (
        spoilt("import_country: US", "import_country: [US"),
        "not_yaml",
        f"{FILE}: line 3 cannot be read as YAML (expected ',' or ']', but got ':').",
    ),
    "an empty file": (
        "",
        "no_policy",
        f"{FILE}: it holds no policy; "
        "a file has one of the keys lists, refused_headings, renumberings, series.",
    ),
    "a sanction that looks at goods": (
        spoilt("import_country: US", "import_country: US\nkind: sanction"),
        "missing_effect",
        None,
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_gets_one_sentence(tmp_path, fault):
    text, code, sentence = FAULTS[fault]
    complaints = complaints_of(a_folder(tmp_path, text=text))
    assert code in {complaint.code for complaint in complaints}
    assert sentence in {complaint.sentence for complaint in complaints} or sentence is None


def test_the_example_that_the_faults_spoil_is_sound(tmp_path):
    assert complaints_of(a_folder(tmp_path)) == ()


def test_a_fault_higher_up_is_told_once_not_for_every_measure_below(tmp_path):
    complaints = complaints_of(a_folder(tmp_path, text=spoilt("[CN,", "[XX,")))
    assert [complaint.code for complaint in complaints] == ["unknown_country"]


def test_all_faults_of_all_files_are_told_at_once(tmp_path):
    first = spoilt('"0.10"', "0.10").replace("[CN,", "[XX,")
    second = EXAMPLE.replace("legal_reference: the act, its page\n", "\n").replace("EXAMPLE", "OTHER")
    folder = a_folder(tmp_path, text=first, **{"us/other.yaml": second, "us/broken.yaml": "a: ["})
    assert {(complaint.file, complaint.code) for complaint in complaints_of(folder)} == {
        (FILE, "not_quoted"),
        (FILE, "unknown_country"),
        ("us/other.yaml", "missing_citation"),
        ("us/broken.yaml", "not_yaml"),
    }


def test_the_refusal_reads_as_its_sentences(tmp_path):
    folder = a_folder(tmp_path, text=spoilt('"0.10"', "0.10"))
    with pytest.raises(PolicyFilesRefused, match="US-EXAMPLE-10, 2018-08-23: ad_valorem_rate"):
        read_folder(folder)


def test_a_complaint_prints_as_its_sentence(tmp_path):
    (complaint,) = complaints_of(a_folder(tmp_path, text=spoilt('"0.10"', "0.10")))
    assert str(complaint) == complaint.sentence


def test_an_empty_folder_is_refused(tmp_path):
    assert [complaint.sentence for complaint in complaints_of(tmp_path)] == [
        f"{tmp_path.name}: there is no policy file (*.yaml) here."
    ]


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    assert [complaint.code for complaint in complaints_of(tmp_path / "none")] == ["no_policy_files"]


def test_a_folder_of_lists_alone_holds_no_measure(tmp_path):
    folder = a_folder(tmp_path, text="title: Lists\nlists: {}\n")
    assert [complaint.code for complaint in complaints_of(folder)] == ["no_measure"]


def test_a_file_with_another_ending_is_not_passed_over_in_silence(tmp_path):
    complaints = complaints_of(a_folder(tmp_path, **{"us/forgotten.yml": EXAMPLE}))
    assert [complaint.sentence for complaint in complaints] == [
        "us/forgotten.yml: policy files end in .yaml; rename it."
    ]


def test_a_file_in_another_encoding_is_refused(tmp_path):
    folder = a_folder(tmp_path)
    (folder / FILE).write_bytes(b"title: \xff\xfe")
    assert [complaint.sentence for complaint in complaints_of(folder)] == [f"{FILE}: it is no UTF-8 text."]


LISTS = "title: Lists\nlists:\n  exempt: {}\n"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('{hts_prefixes: ["8471"]}', "missing_citation"),
        ("{legal_reference: the note, hts_prefixes: [8471]}", "not_quoted"),
        ("{legal_reference: the note, countries: [XX]}", "unknown_country"),
        ("{legal_reference: the note}", "list_without_content"),
        ('{legal_reference: the note, hts_prefixes: ["8471"], title: X}', "unknown_key"),
        ("[]", "list_without_content"),
    ],
)
def test_a_faulty_list_is_refused(tmp_path, content, code):
    folder = a_folder(tmp_path, **{"us/lists.yaml": LISTS.format(content)})
    assert code in {complaint.code for complaint in complaints_of(folder)}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("renumberings:\n  - {old: '8543.70.99', new: '8543.70.98', since: 2022-01-27}\n", "missing_key"),
        ("refused_headings:\n  - {heading: '8471'}\n", "missing_key"),
        ("renumberings: 8\n", "missing_key"),
        ("renumberings: []\nrefusals: []\n", "unknown_key"),
    ],
)
def test_a_faulty_classification_is_refused(tmp_path, text, code):
    complaints = complaints_of(a_folder(tmp_path, **{"us/classification.yaml": text}))
    assert [complaint.code for complaint in complaints] == [code]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            '["8543.70"]',
            "exempt-goodz",
            "hts_prefixes: there is no list 'exempt-goodz'; did you mean exempt-goods?",
        ),
        (
            '["8543.70"]',
            '["8471", exempt-goodz]',
            "hts_prefixes: there is no list 'exempt-goodz'; did you mean",
        ),
        (
            '[CN, "NO"]',
            "[upper-tier]",
            "countries_of_origin: there is no list 'upper-tier'; write it under lists",
        ),
    ],
)
def test_the_name_of_a_list_that_there_is_not_is_told_with_the_nearest(tmp_path, before, after, sentence):
    lists = 'title: Lists\nlists:\n  exempt-goods: {legal_reference: the note, hts_prefixes: ["8471"]}\n'
    complaints = complaints_of(a_folder(tmp_path, text=spoilt(before, after), **{"us/lists.yaml": lists}))
    assert [complaint.code for complaint in complaints] == ["unknown_list"]
    assert sentence in complaints[0].sentence


def test_lists_of_lists_that_stand_for_billions_of_words_are_refused_at_once(tmp_path):
    names = "abcdefghijkl"
    lists = [f"a: &a [{', '.join('x' * 9)}]"]
    lists += [f"{name}: &{name} [{', '.join([f'*{inner}'] * 9)}]" for inner, name in pairwise(names)]
    text = "\n".join([*lists, "title: *l", "hts_prefixes: *l", "series: [*l, {values: {2020-01-01: *l}}]"])
    codes = {complaint.code for complaint in complaints_of(a_folder(tmp_path, text=text))}
    assert {"unknown_key", "no_text", "no_values", "no_value"} <= codes
