"""What was asked of an upload is on record: it is done by the next sweep, once, whatever became of the message."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files import File

from fleet.flows import read_upload as flow
from fleet.models import Rig, Upload
from fleet.models.upload import UploadState
from fleet.services import accept_upload, ask_to_apply, check_again, register_operator
from fleet.tasks import apply_upload, read_upload, read_waiting_uploads
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")


@pytest.fixture
def sent(tmp_path):
    """An upload that waits to be read, to be checked only."""
    operator = register_operator(slug="prairie", name="Prairie")
    path = a_csv(tmp_path, [a_row(1)])
    with path.open("rb") as stream:
        return accept_upload(
            operator=operator,
            file=File(stream),
            file_name="fleet.csv",
            choices={"dry_run": True},
            in_background=False,
        )


def state_of(upload):
    return Upload.objects.get(pk=upload.pk).state


def test_a_message_that_was_lost_is_made_good_by_the_sweep(sent):
    read_waiting_uploads()
    assert state_of(sent) == UploadState.CHECKED
    read_waiting_uploads()
    assert (state_of(sent), Rig.objects.count()) == (UploadState.CHECKED, 0)
    ask_to_apply(upload=Upload.objects.get())
    read_waiting_uploads()
    assert (state_of(sent), Rig.objects.count()) == (UploadState.APPLIED, 1)


def test_what_was_applied_meanwhile_cannot_be_confirmed_by_an_old_page(sent):
    read_upload(upload_id=sent.pk)
    old = Upload.objects.get()
    apply_upload(upload_id=sent.pk)
    with pytest.raises(ValidationError, match="is applied; it cannot be applied"):
        ask_to_apply(upload=old)


def test_a_cancel_that_came_too_late_does_not_cancel_the_next_check(sent):
    read_upload(upload_id=sent.pk)
    Upload.objects.update(is_cancelled=True)
    check_again(upload=Upload.objects.get(), choices={})
    read_waiting_uploads()
    assert state_of(sent) == UploadState.CHECKED


def test_a_confirmed_upload_whose_fleet_moved_is_not_tried_for_ever(sent):
    read_upload(upload_id=sent.pk)
    ask_to_apply(upload=Upload.objects.get())
    Upload.objects.update(plan_digest="another")
    read_waiting_uploads()
    upload = Upload.objects.get()
    assert (upload.state, upload.is_confirmed) == (UploadState.CHECKED, False)
    assert "Check it again" in upload.refusal


@pytest.mark.parametrize("step", ["read", "apply"])
def test_a_fault_of_ours_ends_the_upload_and_nobody_waits_for_ever(sent, monkeypatch, step):
    if step == "apply":
        read_upload(upload_id=sent.pk)
        ask_to_apply(upload=Upload.objects.get())

    def broken(*_):
        raise RuntimeError("a bug")

    monkeypatch.setattr(flow, "plan", broken)
    read_waiting_uploads()
    upload = Upload.objects.get()
    assert (upload.state, Rig.objects.count()) == (UploadState.FAILED, 0)
    assert "nothing was written" in upload.refusal
    assert "a bug" not in upload.refusal
