"""Legal holds in the console: placed with a reason, listed, lifted after a second look; for managers alone."""

from __future__ import annotations

import pytest

from fleet.models import LegalHold, Upload
from fleet.models.operator import OperatorRole, PlatformRole
from ledger.models import AuditEntry
from tests.console.test_front_page import page_of, text_of
from tests.console.visitors import a_member, a_person, an_admin, an_operator, signed_in
from tests.database import NOW

pytestmark = pytest.mark.usefixtures("shipped")


@pytest.fixture
def operator():
    return an_operator()


@pytest.fixture
def client(operator):
    """A manager's browser."""
    return signed_in(a_member(operator))


def an_upload(operator):
    return Upload.objects.create(operator=operator, file_name="march.xlsx", uploaded_at=NOW)


def test_a_hold_is_placed_with_its_reason_and_lifted_after_a_second_look(client, operator):
    assert "/holds/" in page_of(client, "/register/")
    assert "Nothing of Prairie Hash is held" in page_of(client, "/holds/")
    answer = client.post("/holds/", {"why": " "})
    assert (answer.status_code, LegalHold.objects.count()) == (400, 0)
    assert "Say why; the reason stays on record." in text_of(answer.content.decode())
    assert "all of Prairie Hash" in text_of(client.post("/holds/", {"why": "CIT 26-117"}, follow=True).text)
    hold = LegalHold.objects.get()
    assert (hold.placed_by.username, hold.lifted_at) == ("ann", None)
    lift = f"/holds/{hold.pk}/lift/"
    assert "Lift this hold?" in page_of(client, lift)
    assert client.post(lift, {}).status_code == 400
    assert LegalHold.objects.standing().get() == hold
    assert "The hold is lifted." in client.post(lift, {"why": "settled"}, follow=True).text
    assert not LegalHold.objects.standing().exists()
    assert "was lifted already" in client.post(lift, {"why": "again"}, follow=True).text
    assert "This hold was lifted" in page_of(client, lift)
    deeds = AuditEntry.objects.filter(deed__startswith="legal hold").order_by("pk")
    assert [(each.deed, each.by_name, each.operator_id, each.detail["why"]) for each in deeds] == [
        ("legal hold placed", "ann", operator.pk, "CIT 26-117"),
        ("legal hold lifted", "ann", operator.pk, "settled"),
    ]


def test_one_upload_is_held_from_its_page_and_no_other_operators(client, operator):
    own, strange = an_upload(operator), an_upload(an_operator("zyzzyva", "Zyzzyva Mining"))
    way = f"/holds/?upload={own.pk}"
    assert way in page_of(client, f"/uploads/{own.pk}/")
    assert f'value="{own.pk}"' in page_of(client, way)
    for number in (strange.pk, 987_654_321, 10**30, 0):
        answer = client.post("/holds/", {"why": "a subpoena", "upload": number})
        assert answer.status_code == 400
        assert f'value="{number}"' in answer.text
    assert not LegalHold.objects.exists()
    page = client.post("/holds/", {"why": "a subpoena", "upload": own.pk}, follow=True).text
    assert f"upload {own.pk}, march.xlsx" in page
    assert LegalHold.objects.get().upload == own


def test_managers_and_platform_admins_keep_holds_and_nobody_else_sees_them(client, operator):
    client.post("/holds/", {"why": "a subpoena"})
    lift = f"/holds/{LegalHold.objects.get().pk}/lift/"
    people = (
        a_member(operator, OperatorRole.VIEWER, "viv"),
        a_person("cora", platform_role=PlatformRole.COMPLIANCE),
        an_admin(),
    )
    for other in people:
        browser, may = signed_in(other), other.username == "root"
        status = 200 if may else 403
        assert [browser.get(each).status_code for each in ("/holds/", lift)] == [status] * 2
        assert ("/holds/" in page_of(browser, "/register/")) is may
        if not may:
            assert [browser.post(each, {"why": "mine"}).status_code for each in ("/holds/", lift)] == [
                403
            ] * 2
    assert LegalHold.objects.standing().count() == 1
