"""Keep a document about a vendor, let it count no more, and erase the file of one that does not."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction

from ledger.papers import refuse_unfit_paper
from ledger.stored_files import sha256_of
from ledger.unseen import refuse_unseen
from vendors.models import Vendor, VendorDocument
from vendors.services.audited import on_record, refuse_merged, refuse_others, refuse_without_reason


def keep_document(
    *,
    vendor: Vendor,
    operator: Any,
    file: File,
    file_name: str,
    at: datetime,
    why: str,
    by: Any = None,
    **said: Any,
) -> VendorDocument:
    """Keep a paper under a random name, outside of what the web server shows; with an operator it is that operator's.

    `said`: kind, title; issued_on, expires_on, note where known. Raises ValidationError beside the field that is
    wrong; a refused file is not kept.
    """
    if operator is not None and vendor.operator_id is None:
        refuse_merged(vendor)
    else:
        refuse_others(vendor, operator)
    refuse_without_reason(why)
    _refuse_unfit_file(file, file_name)
    refuse_unseen(str(said.get("title", "")), "The title")
    document = VendorDocument(
        vendor=vendor,
        operator=operator,
        file=File(file, name=file_name),
        file_name=file_name[-255:],
        sha256=sha256_of(file),
        added_at=at,
        added_by=by,
        **said,
    )
    document.full_clean(exclude=["file"])
    try:
        with on_record(vendor, "document added", operator=operator, by=by, why=why) as deed:
            document.save()
            deed.detail |= {"document": document.pk, "title": document.title, "sha256": document.sha256}
    except Exception:
        document.file.delete(save=False)
        raise
    return document


def _refuse_unfit_file(file: File, file_name: str) -> None:
    try:
        refuse_unfit_paper(file, file_name)
    except ValidationError as unfit:
        raise ValidationError({"file": unfit.error_list}) from None


def withdraw_document(
    *, document: VendorDocument, operator: Any, because: str, at: datetime, by: Any = None
) -> None:
    """Let a paper count no more; it stays on record. Raises ValidationError without a reason, for one of somebody
    else, and for one that was withdrawn already."""
    if document.operator_id != (operator.pk if operator else None):
        raise ValidationError("This document is not yours to withdraw.", code="record_of_others")
    refuse_without_reason(because)
    detail: dict[str, Any] = {"document": document.pk, "title": document.title}
    with on_record(document.vendor, "document withdrawn", operator=operator, by=by, why=because, **detail):
        rows = VendorDocument.objects.filter(pk=document.pk, withdrawn_at__isnull=True)
        if not rows.update(withdrawn_at=at, withdrawn_because=because.strip()[:300]):
            raise ValidationError("This document was withdrawn already.", code="document_withdrawn")
    document.refresh_from_db()


def erase_document_file(*, document: VendorDocument, at: datetime, why: str, by: Any = None) -> None:
    """Delete the file of a paper that was withdrawn; what it said, its digest, and who erased it why stay on record.

    Whether a legal hold keeps it is asked by whoever clears. Raises ValidationError without a reason and for a paper
    that counts.
    """
    detail: dict[str, Any] = {"document": document.pk, "title": document.title}
    detail |= {"sha256": document.sha256, "erased_at": at.isoformat()}
    refuse_without_reason(why)
    deed, keeper = "document file erased", document.operator
    with on_record(document.vendor, deed, operator=keeper, by=by, why=why, **detail):
        mine = VendorDocument.objects.filter(pk=document.pk, withdrawn_at__isnull=False).exclude(file="")
        if not mine.update(file=""):
            raise ValidationError(
                "Only the file of a paper that was withdrawn can be erased, once.", code="document_counts"
            )
        transaction.on_commit(partial(document.file.storage.delete, str(document.file.name)))
