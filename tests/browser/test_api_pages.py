"""The pages of the API, in a real browser under the strict policy."""


def test_the_pages_of_the_schema_come_from_our_own_files_without_a_complaint(console):
    page = console.open("/api/v1/docs/")
    page.get_by_text("Send a spreadsheet").click()
    page.get_by_role("button", name="Try it out").wait_for()
    assert console.complaints == []
