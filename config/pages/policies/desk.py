"""What the pages of the law share: who may enter, which edition is meant, and how a refusal is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse

from config.pages.visit import Visit
from risk.models import PolicyEdition
from risk.policy_files import Complaint, PolicyFilesRefused, files_in, line_of, read_texts
from risk.policy_files.folder import PolicyFolder

PUBLISH = "risk.publish_policyedition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What is wrong with a text, and on which line, where one can be told; `part` is the file within the text."""

    sentence: str
    line: int | None
    part: str = ""


def for_admins(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of those who may publish the law. Raises PermissionDenied for everybody else."""

    def entered(visit: Visit, **named: Any) -> HttpResponse:
        if not visit.person.has_perm(PUBLISH):
            raise PermissionDenied
        return page(visit, **named)

    return entered


def edition_numbered(number: int) -> PolicyEdition:
    """The edition of a number; raises Http404."""
    related = ("published_by", "changed_by", "based_on", "restates")
    edition = PolicyEdition.objects.select_related(*related).filter(number=number).first()
    if edition is None:
        raise Http404("There is no such edition.")
    return edition


def done(visit: Visit, deed: Callable[[], object], sentence: str) -> bool:
    """Whether a deed was done; the visitor is told its sentence, or those of the refusal."""
    try:
        deed()
    except ValidationError as refusal:
        for told in refusal.messages:
            messages.error(visit.request, told)
        return False
    messages.success(visit.request, sentence)
    return True


def read_pasted(text: str, *, name: str, is_whole: bool) -> tuple[PolicyFolder | None, list[Mark]]:
    """The measures of a text (one policy file, or several of them), or a mark for everything wrong with it."""
    files: dict[str, str] = {}
    try:
        files = files_in(text, name=name)
        return read_texts(files, name=name, is_whole=is_whole), []
    except PolicyFilesRefused as refused:
        return None, [_mark(complaint, files, name) for complaint in refused.complaints]


def _mark(complaint: Complaint, files: dict[str, str], name: str) -> Mark:
    where = ", ".join(str(part) for part in (complaint.measure, complaint.day) if part)
    part = "" if complaint.file == name else complaint.file
    return Mark(
        sentence=f"{where}: {complaint.fault}" if where else complaint.fault,
        line=line_of(complaint, files[complaint.file]) if complaint.file in files else None,
        part=part,
    )
