"""Changes of the fleet: each a verb, refused before anything is written, done in one transaction."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction

from fleet import tasks
from fleet.models import Operator, Upload
from ledger.models import record


def register_operator(*, slug: str, name: str, by: Any = None) -> Operator:
    """Make an operator. Raises ValidationError when the slug is taken or malformed."""
    operator = Operator(slug=slug, name=name)
    operator.full_clean()
    with transaction.atomic():
        operator.save()
        record(deed="operator registered", subject=f"operator {operator.pk}", by=by, operator_id=operator.pk)
    return operator


def accept_upload(
    *,
    operator: Operator,
    file: File,
    file_name: str,
    by: Any = None,
    choices: dict[str, Any] | None = None,
    in_background: bool = True,
) -> Upload:
    """Keep a spreadsheet under a random name and set its reading going after the commit.

    `choices`: sheet, mapping, constants, dry_run, accept_partial, each optional. With `in_background`
    off the caller reads it itself. Raises ValidationError for a file that is empty or over the limit.
    """
    _refuse_wrong_size(file.size or 0)
    with transaction.atomic():
        upload = Upload.objects.create(
            operator=operator,
            uploaded_by=by,
            file=File(file, name=file_name),
            file_name=file_name[-255:],
            sha256=_sha256(file),
            choices=choices or {},
        )
        if in_background:
            tasks.start_reading(upload.pk)
    return upload


def _refuse_wrong_size(size: int) -> None:
    if size == 0:
        raise ValidationError("The file is empty; send a spreadsheet with a heading row.", code="file_empty")
    if size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1024**2
        sentence = (
            f"The file has {size / 1024**2:,.0f} MB; the limit is {limit} MB. Split it into smaller files."
        )
        raise ValidationError(sentence, code="file_too_large")


def _sha256(file: File) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
