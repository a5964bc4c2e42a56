"""The share that a preview shows is the share that the front page has afterwards, to the last digit."""

import pytest

from fleet.flows.read_upload import apply_upload
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.preview_upload import preview_upload
from risk.selectors import exposed_share
from tests.database import TODAY
from tests.flows.test_checked_uploads import clock, imported, operator
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")
__all__ = ["operator"]

SHEETS = {
    "new lots": [a_row(n, country_of_origin="TH", entry_date="2026-08-01") for n in range(10, 15)],
    "origins changed": [a_row(n, country_of_origin="MO") for n in (1, 2)],
    "sold": [a_row(1, status="sold"), a_row(3, status="retired")],
    "values gone and come": [a_row(1, customs_value="9999.99"), a_row(2, hashrate_ths="1")],
    "spares by the hundred": [a_row(serial_number="", quantity="100", country_of_origin="")],
}


@pytest.mark.parametrize("rows", SHEETS.values(), ids=list(SHEETS))
def test_the_preview_equals_what_comes_to_pass(operator, tmp_path, rows):
    first = [
        a_row(1),
        a_row(2),
        a_row(3, country_of_origin="MY", country_of_assembly="MY"),
        a_row(4, import_country=""),
    ]
    imported(operator, a_csv(tmp_path, first))
    assess_owed_lots(assessed_on=TODAY, clock=clock)
    checked = imported(operator, a_csv(tmp_path, rows, name="second.csv"), dry_run=True)
    shown = preview_upload(checked, on=TODAY)
    assert shown.before.whole == exposed_share(operator, on=TODAY).whole
    apply_upload(checked.pk, clock=clock)
    assess_owed_lots(assessed_on=TODAY, clock=clock)
    assert shown.after.whole == exposed_share(operator, on=TODAY).whole
    assert shown.after.whole != shown.before.whole
