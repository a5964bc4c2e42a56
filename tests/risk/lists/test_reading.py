"""Days, citations and remarks in all the ways in which the lists of 2022 to 2025 write them."""

from __future__ import annotations

from datetime import date

import pytest

from risk.engine.listed import Identifier
from risk.lists.reading.citations import read_citations
from risk.lists.reading.days import read_day
from risk.lists.reading.places import country_of
from risk.lists.reading.remarks import read_remarks


@pytest.mark.parametrize(
    ("written", "citations"),
    [
        ("84 FR 22961, 85 FR 29852", ("84 FR 22961", "85 FR 29852")),
        ("84  FR 21233", ("84 FR 21233",)),
        ("80FR 69852", ("80 FR 69852",)),
        ("66 FR 50090 (10/01/01)", ("66 FR 50090",)),
        ("68 F.R. 38290 6/27/03", ("68 FR 38290",)),
        ("62.F.R. 26471 5/14/97", ("62 FR 26471",)),
        ("80 F.R. 44,849 7/28/2015", ("80 FR 44849",)),
        ("84 FR 22961; 84 FR 22961", ("84 FR 22961",)),
        ("Vol. 86, No. 71, 04/15/2021", ("FR Vol. 86, No. 71, 04/15/2021",)),
        ("Vol. 79, No. 184 , 09/23/14", ("FR Vol. 79, No. 184, 09/23/14",)),
        ("see the docket", ("see the docket",)),
        ("", ()),
    ],
)
def test_a_citation_is_read_in_every_spelling(written, citations):
    assert read_citations(written) == citations


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2019-10-09", date(2019, 10, 9)),
        ("02/10/2022", date(2022, 2, 10)),
        ("03 Jun 2021", date(2021, 6, 3)),
        ("", None),
    ],
)
def test_a_day_is_read_as_written(written, day):
    assert read_day(written, of="day") == (day, ())


@pytest.mark.parametrize("written", ["0017-05-26", "2019-02-30", "9999-12-31", "soon"])
def test_an_impossible_day_is_unknown_and_told(written):
    day, complaints = read_day(written, of="start date")
    assert day is None
    assert written in complaints[0]


@pytest.mark.parametrize(
    ("written", "code"),
    [("Korea, North", "KP"), ("Russia", "RU"), ("CN", "CN"), ("Region: Crimea", None), ("", None)],
)
def test_a_region_is_no_country(written, code):
    assert country_of(written) == code


USCC = "Unified Social Credit Code (USCC)"
WALLET = "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h"


@pytest.mark.parametrize(
    ("remark", "system", "value", "country"),
    [
        ("Tax ID No. 412633295 (Switzerland).", "Tax ID No.", "412633295", "CH"),
        ("alt. Tax ID No. 1718002246 (Russia)", "Tax ID No.", "1718002246", "RU"),
        ("Registration Number CH-170.3.045 (Switzerland)", "Registration Number", "CH-170.3.045", "CH"),
        (f"Digital Currency Address - XBT {WALLET}", "Digital Currency Address - XBT", WALLET, None),
        ("Website www.sberbank.ru", "Website", "www.sberbank.ru", None),
        (f"{USCC} 91440300 (China)", USCC, "91440300", "CN"),
    ],
)
def test_numbers_are_found_in_remarks(remark, system, value, country):
    assert read_remarks(remark).identifiers == (Identifier(system, value, country),)


def test_a_tie_in_brackets_is_found():
    (link,) = read_remarks("For more information; (Linked To: PUBLIC JOINT STOCK COMPANY GAZPROM)").linked_to
    assert link.party == "PUBLIC JOINT STOCK COMPANY GAZPROM"
