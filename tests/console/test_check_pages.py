"""Purchases in the console: asked by hand, read and printed, ordered and limited by managers alone."""

from __future__ import annotations

import html

import pytest

from fleet.models import Upload
from fleet.models.operator import OperatorRole
from ledger.models import AuditEntry
from risk.flows.check_purchase import own_limits_of
from risk.models import PurchaseCheck
from tests.console.visitors import a_member, an_operator, signed_in

pytestmark = pytest.mark.usefixtures("shipped")

LINE = {
    "model_0": "Antminer S21 XP",
    "quantity_0": "500",
    "unit_value_0": "3900.00",
    "vendor_0": "Bitmain",
    "country_of_origin_0": "Malaysia",
    "country_of_assembly_0": "MY",
    "expected_entry_date_0": "2026-12-15",
    "transport_mode_0": "air",
}


@pytest.fixture
def operator():
    return an_operator()


@pytest.fixture
def manager(operator):
    return signed_in(a_member(operator, username="boss"))


@pytest.fixture
def viewer(operator):
    return signed_in(a_member(operator, OperatorRole.VIEWER, username="eye"))


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return html.unescape(answer.content.decode())


def asked(client, **said):
    answer = client.post("/checks/new/", {**LINE, **said})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return answer["Location"]


def test_a_purchase_is_checked_by_hand_and_read_again(viewer):
    assert "No purchase was checked yet." in page(viewer, "/checks/")
    address = asked(viewer, purchase_order="PO-9", on="2026-11-28")
    text = page(viewer, address)
    for words in (
        "Ask first",
        "500 × Bitmain Antminer S21 XP",
        "$245,700.00",
        "$670.86",
        "91 FR 47318",
        "PO-9",
    ):
        assert words in text
    assert "Vendor: Bitmain, watch" in text
    assert PurchaseCheck.objects.get().digest in text
    assert "<script>" not in text
    assert PurchaseCheck.objects.get().code in page(viewer, "/checks/")


def test_a_line_that_nobody_knows_is_told_with_the_nearest_names(viewer):
    text = page(viewer, asked(viewer, model_0="Antminer S91 XQ", vendor_0="Bitmian"))
    assert "did you mean" in text
    assert "Bitmian (unknown)" in text
    assert "What would settle it" in text
    assert "not known" in text


def test_what_is_wrong_is_said_with_its_line_and_what_was_written_stays(viewer):
    answer = viewer.post(
        "/checks/new/", {**LINE, "model_1": "Antminer S21", "quantity_1": "none", "on": "1999-01-01"}
    )
    text = html.unescape(answer.content.decode())
    assert answer.status_code == 400
    assert "Line 2, quantity: A valid integer is required." in text
    assert "1999-01-01 is outside the days" in text
    assert 'value="3900.00"' in text
    assert viewer.post("/checks/new/", {}).status_code == 400


def test_another_operators_check_does_not_exist(viewer):
    address = asked(viewer)
    stranger = signed_in(a_member(an_operator("other", "Other"), username="stranger"))
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}order/").status_code == 404
    assert PurchaseCheck.objects.get().code not in page(stranger, "/checks/")


def test_a_manager_puts_a_check_on_order_and_says_why(manager, viewer):
    address = asked(manager)
    assert viewer.post(f"{address}order/", {"purchase_order": "PO-9"}).status_code == 403
    assert "Put it on order" not in page(viewer, address)
    assert manager.get(f"{address}order/").status_code == 405
    refused = manager.post(f"{address}order/", {"purchase_order": "PO-9"}, follow=True)
    assert "why it is ordered all the same" in refused.content.decode()
    ordered = manager.post(f"{address}order/", {"purchase_order": "PO-9", "because": "cleared"})
    upload = Upload.objects.get()
    assert ordered["Location"] == f"/uploads/{upload.pk}/"
    assert f"upload {upload.pk}" in page(manager, address)


def test_limits_are_set_by_managers_and_stand_on_the_audit(manager, viewer, operator):
    assert viewer.get("/checks/limits/").status_code == 403
    assert "Refuse at sanction level restricted or stronger." in page(manager, "/checks/limits/")
    wrong = manager.post(
        "/checks/limits/", {"kind": ["additional_rate_over"], "measure": ["much"], "verdict": ["ask"]}
    )
    assert (wrong.status_code, "is no percentage" in html.unescape(wrong.content.decode())) == (400, True)
    said = {"kind": ["country_of_origin", ""], "measure": ["Malaysia", ""], "verdict": ["refuse", "ask"]}
    assert manager.post("/checks/limits/", said).status_code == 302
    assert [limit.words for limit in own_limits_of(operator)] == ["refuse of origin MY"]
    assert "Ask while a deciding fact is not known." in page(manager, "/checks/limits/")
    assert AuditEntry.objects.get(deed="purchase limits set").detail["after"] == ["refuse of origin MY"]
    text = page(manager, asked(manager))
    assert "Refused" in text
    assert "The country of origin is Malaysia. (refuse of origin MY)" in text
    assert "Put it on order" not in text


@pytest.mark.parametrize("field", ["purchase_order", "because"])
def test_characters_that_no_database_keeps_order_nothing(manager, field):
    address = asked(manager)
    said = {"purchase_order": "PO-9", "because": "cleared"}
    answer = manager.post(f"{address}order/", {**said, field: "PO\0-9"})
    assert answer.status_code == 400
    assert "U+0000" in answer.content.decode()
    assert not Upload.objects.exists()


def test_characters_that_no_database_keeps_are_no_limit(manager, operator):
    said = {"kind": ["vendor"], "measure": ["Nobody\0"], "verdict": ["refuse"]}
    answer = manager.post("/checks/limits/", said)
    assert answer.status_code == 400
    assert "U+0000" in answer.content.decode()
    assert own_limits_of(operator) == ()
