"""The shipped law says what the reference says, measure by measure, and stands every check."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from risk.engine.policy import MeasureKind
from risk.policy_files import check, record_of
from tests.facts import shipped_book, shipped_policies
from tests.reference import reference_measures

ONE_DAY = timedelta(days=1)
SUPREME_COURT = "2026-02-20"


def shipped() -> dict[str, dict[str, Any]]:
    """Every shipped measure as a record, by its code."""
    return {measure.code: record_of(measure) for measure in shipped_book().measures}


def on_goods(records: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """All but sanctions: those look at parties, and the reference notes beside them where the parties sit."""
    return {code: record for code, record in records.items() if record["kind"] != MeasureKind.SANCTION}


def test_all_measures_of_the_reference_are_there_and_no_others():
    assert shipped().keys() == reference_measures().keys()
    assert len(shipped()) == 117


def test_kinds_and_rates_are_the_same():
    ours = {c: (m["kind"], m["rate_type"], in_percent(m["ad_valorem_rate"])) for c, m in shipped().items()}
    assert ours == {
        code: (measure["kind"], measure["rate_type"], number(measure["rate_percent"]))
        for code, measure in reference_measures().items()
    }


def test_they_are_in_effect_on_the_same_days():
    # The reference counts the end as the first day without the measure; a span counts the last day with it.
    ours = {code: (m["effective_from"], m["effective_through"]) for code, m in shipped().items()}
    assert ours == {
        code: (measure["effective_from"], day_before(measure["effective_to"]))
        for code, measure in reference_measures().items()
    }


def test_they_look_at_the_same_goods():
    ours = {c: (set(m["hts_prefixes"]), set(m["excluded_hts_prefixes"])) for c, m in shipped().items()}
    theirs = {
        code: (set(measure["hts_prefixes"]), set(measure["excluded_hts_prefixes"]))
        for code, measure in reference_measures().items()
    }
    assert {code: ours[code] for code in on_goods(shipped())} == on_goods_of(theirs)


def test_they_look_at_the_same_origins():
    ours = {
        code: (set(measure["countries_of_origin"]), set(measure["excluded_countries_of_origin"]))
        for code, measure in shipped().items()
    }
    theirs = {
        code: (set(measure["origins"]), set(measure["excluded_origins"]))
        for code, measure in reference_measures().items()
    }
    assert {code: ours[code] for code in on_goods(shipped())} == on_goods_of(theirs)


def test_they_wait_for_a_claim_or_a_name_where_the_reference_does():
    ours = {code: m["applies_by_default"] and not m["names"] for code, m in shipped().items()}
    assert ours == {code: m["applies_by_default"] for code, m in reference_measures().items()}


def test_they_name_the_same_parties():
    ours = {code: m["names"] for code, m in shipped().items()}
    assert ours == {code: m.get("entity_match") or [] for code, m in reference_measures().items()}


def test_refundable_is_what_the_supreme_court_struck_down():
    ours = {code: m["refundable_from"] for code, m in shipped().items()}
    assert ours == {c: SUPREME_COURT if m["refundable"] else None for c, m in reference_measures().items()}


def test_a_challenge_is_told_where_it_is_no_refund():
    ours = {code: bool(m["litigation"]) for code, m in shipped().items()}
    assert ours == {
        code: bool(measure["refund_status"] and not measure["refundable"])
        for code, measure in reference_measures().items()
    }


def test_fees_keep_within_the_same_amounts():
    ours = {c: (number(m["minimum_usd"]), number(m["maximum_usd"])) for c, m in shipped().items()}
    assert ours == {
        code: (number(measure.get("min_usd")), number(measure.get("max_usd")))
        for code, measure in reference_measures().items()
    }


def test_usmca_goods_are_spared_from_the_same_day():
    ours = {code: m["usmca_exempt_from"] for code, m in shipped().items()}
    assert ours == {code: m.get("usmca_exempt_from") for code, m in reference_measures().items()}


def test_relief_in_transit_is_the_same():
    ours = {code: [tier_of(tier) for tier in m["relief_in_transit"]] for code, m in shipped().items()}
    assert ours == {code: list(tiers_of(m)) for code, m in reference_measures().items()}


def test_confidence_and_the_day_of_the_last_check_are_kept():
    ours = {code: (m["confidence"], m["verified_through"]) for code, m in shipped().items()}
    assert ours == {
        code: (measure["confidence"], measure["verified_through"])
        for code, measure in reference_measures().items()
    }


def test_titles_and_notes_are_in_words_of_our_own():
    theirs = reference_measures()
    copied = [
        c
        for c, m in shipped().items()
        if m["title"] == theirs[c]["title"] or m["note"] == theirs[c]["notes"] != ""
    ]
    assert not copied


def test_us_content_is_spared_by_the_reciprocal_duties_alone():
    sparing = {code for code, m in shipped().items() if m["spares_us_content"]}
    assert sparing == {code for code in shipped() if code.startswith("US-RECIP-")} - {"US-RECIP-TRANSSHIP-40"}


def test_the_harbor_fee_alone_asks_how_the_goods_came():
    assert {c: m["transport_modes"] for c, m in shipped().items() if m["transport_modes"]} == {
        "US-FEE-HMF": ["vessel"]
    }


def test_the_reciprocal_duties_are_one_family_over_all_their_files():
    families = {m["family"] for code, m in shipped().items() if code.startswith("US-RECIP-")}
    assert families == {"us/ieepa/reciprocal"}


def test_what_replaces_what():
    ieepa = ["us/ieepa/canada", "us/ieepa/china-fentanyl", "us/ieepa/mexico", "us/ieepa/reciprocal"]
    surcharge, forced_labour = "us/section-122/import-surcharge", "us/section-301/forced-labour"
    assert {code: m["replaces"] for code, m in shipped().items() if m["replaces"]} == {
        "US-RETURN-9801": ["*"],
        "US-RECIP-TRANSSHIP-40": ["us/ieepa/reciprocal"],
        "US-232-SEMI-25": [*ieepa, surcharge, forced_labour],
        "US-232-ALU-PARTS-2026": [surcharge, forced_labour],
    }


def test_each_authority_is_written_in_one_way():
    # Lines of duty are sorted by it: base first, then the authority that acted first.
    authorities: dict[str, set[str]] = {}
    for measure in shipped().values():
        authorities.setdefault(measure["family"], set()).add(measure["authority"])
    assert all(len(words) == 1 for words in authorities.values())
    section_301 = [family for family in authorities if family.startswith("us/section-301/")]
    assert set.union(*(authorities[family] for family in section_301)) == {"USTR, Section 301"}


def test_sanctions_say_what_they_do_to_the_parties_that_they_name():
    assert {code: m["effect"] for code, m in shipped().items() if m["effect"]} == {
        "US-EL-SOPHGO": "restricts",
        "US-BIS-AFF-1": "restricts",
        "US-BIS-AFF-2": "restricts",
        "US-OFAC-BITRIVER": "blocks",
        "US-1260H": "watches",
        "US-CFIUS-MINEONE": "watches",
    }


def test_the_rig_was_renumbered_and_8471_is_refused():
    book = shipped_book()
    assert [(str(n.old), str(n.new), n.since) for n in book.renumberings] == [
        ("8543.70.99", "8543.70.98", date(2022, 1, 27))
    ]
    assert [(r.heading, r.code) for r in book.refused_headings] == [("8471", "heading_8471_refused_by_cbp")]


def test_the_shipped_law_stands_every_check():
    assert check(shipped_book().measures, renumberings=shipped_book().renumberings) == []


def test_the_law_was_checked_through_10_october_2026():
    assert shipped_book().verified_through == date(2026, 10, 10)


def test_the_tree_mirrors_the_jurisdictions():
    assert {file.partition("/")[0] for file in shipped_policies().files} == {"us"}


def on_goods_of(theirs):
    return {code: theirs[code] for code in on_goods(reference_measures())}


def number(value):
    return None if value is None else Decimal(str(value))


def in_percent(fraction):
    return None if fraction is None else Decimal(fraction) * 100


def day_before(day):
    return None if day is None else (date.fromisoformat(day) - ONE_DAY).isoformat()


def tier_of(record):
    modes = record["modes"]
    return (modes, record["loaded_before"], record["entered_before"], in_percent(record["ad_valorem_rate"]))


def tiers_of(reference):
    """The tiers that the reference tells; two where its note speaks of goods loaded earlier still."""
    told = reference["in_transit_exception"]
    if told is None:
        return
    modes = ["vessel"] if told.get("mode") == "vessel_only" else "any"
    # List 3 speaks of the day of export, for which the day of loading stands.
    loaded = told.get("loaded_before") or told["exported_before"]
    if told["rate_percent"] == 10 and loaded in ("2025-04-09", "2025-04-10"):
        yield (modes, "2025-04-05", told["entered_before"], Decimal(0))
    yield (modes, loaded, told["entered_before"], Decimal(told["rate_percent"]))
