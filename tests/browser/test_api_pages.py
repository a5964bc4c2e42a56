"""The pages of the API, in a real browser under the strict policy."""

import pytest

# pytest-base-url, which pytest-playwright brings, defines its fixture in a way that pytest 10 will refuse.
pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods")


def test_the_pages_of_the_schema_come_from_our_own_files_without_a_complaint(console):
    page = console.open("/api/v1/docs/")
    page.get_by_text("Send a spreadsheet").click()
    page.get_by_role("button", name="Try it out").wait_for()
    assert console.complaints == []
