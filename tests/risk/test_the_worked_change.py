"""The worked change of docs/policies.md, from its text to a published edition, says what the guide says."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from risk.models import PolicyEdition
from risk.policy_files import files_of, stream_of
from tests.commands import answer_of
from tests.facts import shipped_book
from tests.risk.policy_files.test_policies_guide import EXERCISE, GUIDE

pytestmark = pytest.mark.usefixtures("shipped")


@pytest.fixture
def law(tmp_path):
    """The shipped law with the file of the exercise beside it, in one text."""
    path = tmp_path / "law.yaml"
    files = files_of(shipped_book()) | {"us/section-301/widgets.yaml": EXERCISE}
    path.write_text(stream_of(files), encoding="utf-8")
    return str(path)


def told(command, *arguments):
    said = StringIO()
    call_command(command, *arguments, stdout=said)
    return said.getvalue().strip()


def lines(*arguments):
    answer = answer_of(
        "duty", "--hts", "8543.70.9860", "--origin", "MY", "--value", "100000", "--edition", "2", *arguments
    )
    return {line["measure"]: (line["rate_percent"], line["duty"]) for line in answer["lines"]}


def test_the_draft_the_difference_and_the_duty_are_as_the_guide_tells_them(law):
    assert told("load_policies", law) in GUIDE
    assert told("compare_editions", "2") in GUIDE
    assert lines("--entry-date", "2027-03-01")["US-301-WIDGETS-15"] == ("15", "15000.00")
    assert "US-301-WIDGETS-15" not in lines("--entry-date", "2027-02-28")
    on_its_way = ("--entry-date", "2027-03-10", "--loaded-date", "2027-02-10", "--mode")
    assert "US-301-WIDGETS-15" not in lines(*on_its_way, "vessel")
    assert "US-301-WIDGETS-15" in lines(*on_its_way, "air")


def test_it_is_published(law):
    answer = answer_of("load_policies", law, "--publish")
    assert (answer["edition"], answer["state"], answer["added"]) == (2, "published", ["US-301-WIDGETS-15"])
    assert PolicyEdition.objects.current().number == 2
