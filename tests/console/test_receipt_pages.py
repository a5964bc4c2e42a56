"""Receiving goods in the console: from the lot on order by a form and a preview to the rigs, and back."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fleet.models import Lot, Receipt, Rig
from tests.console.test_front_page import page_of, text_of
from tests.console.visitors import a_member, an_operator, signed_in
from tests.receipts import an_order, ordered, serials, units_of

pytestmark = pytest.mark.usefixtures("shipped")

NEW = "/receipts/new/?purchase_order=PO-1"
ENTRY = {
    "entry_date": "2025-06-10",
    "entry_number": "ABC-1234567-8",
    "transport_mode": "air",
    "site": "Rockdale",
    "status": "stored",
}


@pytest.fixture
def operator(tmp_path):
    """An operator with five rigs of one lot on order."""
    made = an_operator()
    ordered(tmp_path, made, an_order(quantity=5))
    return made


@pytest.fixture
def client(operator):
    """A manager's browser."""
    return signed_in(a_member(operator))


def manifest(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("manifest.csv", "\n".join(["Serial Number", *lines]).encode())


def checked(client, **said) -> str:
    """The address of a receipt that was checked."""
    answer = client.post(NEW, {**ENTRY, **said})
    assert answer.status_code == 302, text_of(answer.content.decode())
    return answer["Location"]


def confirmed(client, address) -> str:
    """What the button under the preview does; the address of the receipt that stands then."""
    shown = re.search(r'name="shown" value="(\w+)"', page_of(client, address))
    return client.post(f"{address}confirm/", {"shown": shown[1]})["Location"]


def test_from_the_lot_on_order_to_its_rigs(client, operator):
    lot = Lot.objects.get()
    assert NEW.removesuffix("PO-1") in page_of(client, f"/lots/{lot.pk}/")
    told = text_of(page_of(client, NEW))
    assert "5 rigs on order: Bitmain Antminer S21." in told
    assert f"Lot {lot.pk}: Bitmain Antminer S21, origin CN, expected 1 May 2025" in told
    address = checked(client, file=manifest(*serials(1, 3)))
    told = text_of(page_of(client, address))
    assert "received 3 stay on order 2 lots 1" in told
    assert "a new lot Bitmain Antminer S21 CN 3" in told
    assert "If this is applied" in told
    assert units_of(operator, status="stored") == 0
    assert confirmed(client, address) == address
    told = text_of(page_of(client, address))
    assert "3 rigs received" in told
    assert serials(2, 2)[0] in told
    assert units_of(operator, status="stored") == 3
    assert "Receive goods of" not in page_of(
        client, f"/lots/{Rig.objects.filter(status='stored')[0].lot_id}/"
    )


def test_units_of_a_lot_are_received_without_a_manifest_and_taken_back(client, operator):
    address = checked(client, **{f"lot_{Lot.objects.get().pk}": "2"})
    confirmed(client, address)
    assert units_of(operator, status="stored") == 2
    client.post(f"{address}undo/")
    assert units_of(operator, status="on order") == 5
    told = text_of(page_of(client, address))
    assert "Taken back" in told
    assert "2 rigs as before" in told


def test_a_wrong_form_says_what_is_wrong_beside_its_fields_and_row_by_row(client, operator):
    sent = {**ENTRY, "entry_date": "2199-01-01", "site": "", "file": manifest(*serials(1, 1), *serials(1, 1))}
    answer = client.post(NEW, sent)
    page, told = answer.content.decode(), text_of(answer.content.decode())
    assert answer.status_code == 400
    assert "Row 2: Row 3 has the same serial number; each rig is to have one row." in told
    assert "2 rows of the manifest cannot be received; nothing was written." in told
    beside = page.partition('id="about-entry_date"')[2]
    assert "is still to come" in beside.split("</p>")[0]
    assert Receipt.objects.count() == 0


def test_equal_faults_of_many_rows_are_one_line(client, tmp_path, operator):
    ordered(tmp_path, operator, an_order(quantity=5, country_of_origin="MY", country_of_assembly="MY"))
    answer = client.post(NEW, {**ENTRY, "file": manifest(*serials(1, 4))})
    told = text_of(answer.content.decode())
    assert "Rows 2–5: This may be of lot" in told
    assert "4 rows of the manifest cannot be received" in told


def test_a_manifest_and_units_together_are_refused(client, operator):
    answer = client.post(NEW, {**ENTRY, "file": manifest("A1"), f"lot_{Lot.objects.get().pk}": "1"})
    assert answer.status_code == 400
    assert "Send a manifest, or give units by lot; not both." in text_of(answer.content.decode())
    answer = client.post(NEW, ENTRY)
    assert "Say what came" in text_of(answer.content.decode())


def test_what_is_discarded_is_gone_with_its_file(client, operator):
    address = checked(client, file=manifest(*serials(1, 3)))
    path = Receipt.objects.get().file.path
    assert b"".join(client.get(f"{address}manifest/").streaming_content).startswith(b"Serial Number")
    client.post(f"{address}discard/")
    assert client.get(address).status_code == 404
    with pytest.raises(FileNotFoundError):
        open(path)  # noqa: SIM115, PTH123


def test_the_same_form_sent_twice_receives_once(client, operator):
    said = {f"lot_{Lot.objects.get().pk}": "2"}
    first, second = checked(client, **said), checked(client, **said)
    confirmed(client, first)
    assert confirmed(client, second) == first
    assert checked(client, **said) == first
    assert units_of(operator, status="stored") == 2


def test_what_was_shown_is_received_or_nothing(client, operator):
    said = {f"lot_{Lot.objects.get().pk}": "2"}
    first, second = checked(client, **said), checked(client, entry_number="OTHER", **said)
    shown = re.search(r'name="shown" value="(\w+)"', page_of(client, second))[1]
    confirmed(client, first)
    client.post(f"{second}confirm/", {"shown": shown})
    assert "The fleet has changed since the check" in text_of(page_of(client, second))
    assert units_of(operator, status="stored") == 2
    confirmed(client, second)
    assert units_of(operator, status="stored") == 4


def test_the_history_of_a_rig_leads_to_its_receipt(client, operator):
    address = checked(client, file=manifest(*serials(1, 1)))
    confirmed(client, address)
    page = page_of(client, f"/rigs/{Rig.objects.get(status='stored').pk}/")
    assert page.count(f'href="{address}"') == 3  # came with, where it stood, history
    assert "ann by receipt" in text_of(page)


def test_the_list_names_what_is_on_order_and_the_form_an_order_that_is_none(client, operator):
    told = text_of(page_of(client, "/receipts/"))
    assert "On order: PO-1" in told
    assert "Nothing was received yet." in told
    assert "PO-1" in page_of(client, "/receipts/new/")
    answer = client.get("/receipts/new/?purchase_order=PO-2")
    assert answer.status_code == 404
    assert "There is no purchase order 'PO-2' on record. The nearest one on order is PO-1." in text_of(
        answer.content.decode()
    ).replace("&#x27;", "'")


def test_another_operators_receipt_does_not_exist_and_a_viewer_receives_nothing(client, operator):
    address = checked(client, file=manifest(*serials(1, 1)))
    stranger = signed_in(a_member(an_operator("other", "Other"), username="bob"))
    for path in (address, f"{address}manifest/"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"{address}confirm/").status_code == 404
    assert stranger.get(NEW).status_code == 404
    viewer = signed_in(a_member(operator, "viewer", username="eve"))
    assert viewer.get(NEW).status_code == 403
    assert viewer.post(f"{address}confirm/").status_code == 403
    assert "Discard" not in page_of(viewer, address)
    assert client.get(f"{address}confirm/").status_code == 405
    assert client.post(f"{address}nonsense/").status_code == 404
