"""The sample operator, for a first look."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from fleet.flows.read_upload import read_upload
from fleet.management.answers import AnsweringCommand
from fleet.models import Membership, Operator, Upload, User
from fleet.models.operator import OperatorRole, PlatformRole
from fleet.models.upload import UploadState
from fleet.services import accept_upload, register_operator
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.keep_curves import keep_curves
from risk.flows.load_list import load_list
from risk.flows.screen_vendors import screen_vendors
from risk.lists import FORMATS
from risk.models import ListEdition
from vendors.models import Vendor
from vendors.services import register_vendor

SLUG, NAME, USERNAME = "prairie-hash", "Prairie Hash LLC", "demo"
FIRST_LOOK = timedelta(seconds=20)
"""For how long the share of fleets through time is worked out here; the rest is left to the workers."""
SAMPLE_LIST_FORMAT = "csl"
SAMPLE_HOST = "BitRiver Rus LLC"


class Command(AnsweringCommand):
    help = (
        "Make the sample operator with its login, load a cut-down list and screen the makers against it, import the "
        "sample workbook through the real pipeline, assess it."
    )

    def answer(self, **options: Any) -> dict[str, Any]:
        operator = Operator.objects.filter(slug=SLUG).first() or register_operator(slug=SLUG, name=NAME)
        login = _login(operator)
        if ListEdition.objects.current(SAMPLE_LIST_FORMAT) is None:
            _load_sample_list()
        _register_sample_host(operator)
        screen_vendors(clock=timezone.now)
        if not Upload.objects.of(operator).filter(state=UploadState.APPLIED).exists():
            _import_sample(operator)
        assess_owed_lots(assessed_on=timezone.localdate(), clock=timezone.now)
        keep_curves(timezone.localdate(), clock=timezone.now, until=timezone.now() + FIRST_LOOK)
        return {"operator": SLUG, "login": str(login)}

    def told(self, answer: dict[str, Any]) -> str:
        return f"Operator {answer['operator']} is ready; its login is in {answer['login']}."


def _login(operator: Operator) -> Path:
    """A person with a password made once; it is kept in a file that only its owner can read."""
    path: Path = settings.VAR_DIR / "demo-login"
    if _opens(path):
        return path
    password = secrets.token_urlsafe(12)
    with transaction.atomic():
        user, _ = User.objects.get_or_create(
            username=USERNAME, defaults={"platform_role": PlatformRole.ADMIN}
        )
        user.set_password(password)
        user.save()
        Membership.objects.get_or_create(
            user=user, operator=operator, defaults={"role": OperatorRole.MANAGER}
        )
    path.touch(mode=0o600)
    path.write_text(f"{USERNAME} {password}\n")
    return path


def _opens(path: Path) -> bool:
    """Whether the kept login is one of this database; another database may have made the file."""
    if not path.exists():
        return False
    username, _, password = path.read_text().strip().partition(" ")
    user = User.objects.filter(username=username).first()
    return user is not None and user.check_password(password)


def _load_sample_list() -> None:
    """A cut-down list of years ago, so that screening has something to show; the console says how old it is."""
    load_list(
        form=FORMATS[SAMPLE_LIST_FORMAT],
        file=settings.SAMPLE_LIST,
        companions={},
        as_of=date.fromisoformat(settings.SAMPLE_LIST.stem[-len("2022-04-21") :]),
        at=timezone.now(),
        floors={},
    )


def _register_sample_host(operator: Operator) -> None:
    """A private vendor that the sample list names, so that the review queue has a question in it."""
    if not Vendor.objects.filter(operator=operator, name=SAMPLE_HOST).exists():
        why = "sample: a hosting company that OFAC listed on 2022-04-20"
        register_vendor(name=SAMPLE_HOST, operator=operator, why=why, home_country="RU")


def _import_sample(operator: Operator) -> None:
    with settings.SAMPLE_WORKBOOK.open("rb") as stream:
        upload = accept_upload(
            operator=operator, file=File(stream), file_name=settings.SAMPLE_WORKBOOK.name, in_background=False
        )
    upload = read_upload(upload.pk, clock=timezone.now)
    if upload.state != UploadState.APPLIED:
        raise CommandError(f"The sample workbook was not applied: {upload.refusal}", returncode=1)
