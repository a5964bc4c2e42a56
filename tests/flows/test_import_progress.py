"""The import command's line on a terminal: how far it is, and nothing where no person looks."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from fleet.management.progress_bar import line_of
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")


class Terminal(StringIO):
    """What a person sees, as text."""

    def isatty(self) -> bool:
        return True


def seen(tmp_path, stderr, *arguments):
    path = a_csv(tmp_path, [a_row(number) for number in range(3)])
    call = ("import_fleet", str(path), "--operator", "prairie", "--create-operator", "Prairie", *arguments)
    call_command(*call, stdout=StringIO(), stderr=stderr)
    return stderr.getvalue()


def test_a_terminal_is_told_the_stages_and_left_clean(tmp_path):
    told = seen(tmp_path, Terminal())
    assert "reading" in told
    assert "comparing" in told
    assert told.endswith("\r\x1b[K")
    assert "\n" not in told


def test_a_program_is_told_nothing_on_the_way(tmp_path):
    assert seen(tmp_path, Terminal(), "--json") == ""


def test_what_is_no_terminal_is_told_nothing(tmp_path):
    assert seen(tmp_path, StringIO()) == ""


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ({"stage": "reading", "done": 0, "total": None, "seconds_left": None}, "reading …"),
        (
            {"stage": "comparing", "done": 5_000, "total": 10_000, "seconds_left": 3.6},
            "comparing [############            ] 5,000 of 10,000 rows, 4 s left",
        ),
        (
            {"stage": "comparing", "done": 0, "total": 2, "seconds_left": None},
            "comparing [                        ] 0 of 2 rows",
        ),
    ],
)
def test_the_line_says_stage_rows_and_seconds(told, line):
    assert line_of(told) == line
