"""A legal hold, placed on an operator or one upload of it, and lifted."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand, operator_named
from fleet.models import LegalHold, Upload
from fleet.services import lift_hold, place_hold


class Command(AnsweringCommand):
    help = "Keep all of an operator, or one upload of it, from housekeeping until the hold is lifted."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--operator", required=True, help="the operator's slug")
        parser.add_argument("--upload", type=int, metavar="ID", help="this upload alone")
        parser.add_argument("--lift", type=int, metavar="HOLD", help="lift the hold of this number")
        parser.add_argument("--why", default="", help="the reason, for the record")

    def answer(self, **options: Any) -> dict[str, Any]:
        operator, at = operator_named(options["operator"]), timezone.now()
        if options["lift"] is not None:
            hold = LegalHold.objects.of(operator).filter(pk=options["lift"]).first()
            if hold is None:
                raise CommandError(f"There is no hold {options['lift']} of {operator}.", returncode=1)
            lift_hold(hold=hold, at=at, why=options["why"])
        elif options["why"]:
            place_hold(
                operator=operator, upload=_upload(operator, options["upload"]), at=at, why=options["why"]
            )
        return {
            "operator": operator.slug,
            "holds": [_told(each) for each in LegalHold.objects.of(operator).standing()],
        }

    def told(self, answer: dict[str, Any]) -> str:
        holds = [
            f"Hold {it['hold']} on {it['on']} since {it['placed_at']}: {it['why']}" for it in answer["holds"]
        ]
        return "\n".join(holds or [f"Nothing of {answer['operator']} is held."])


def _upload(operator: Any, number: int | None) -> Upload | None:
    if number is None:
        return None
    upload = Upload.objects.of(operator).filter(pk=number).first()
    if upload is None:
        raise CommandError(f"There is no upload {number} of {operator}.", returncode=1)
    return upload


def _told(hold: LegalHold) -> dict[str, Any]:
    on = f"upload {hold.upload_id}" if hold.upload_id else "the operator"
    return {"hold": hold.pk, "on": on, "why": hold.why, "placed_at": hold.placed_at.isoformat()}
