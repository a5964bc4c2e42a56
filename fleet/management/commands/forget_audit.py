"""Retention of the audit: takes away what old entries say, and leaves their places in the chain."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand, a_day
from ledger.audit import AuditEntry, AuditSeal, record, seal_all
from ledger.guarding import guard_lifted
from ledger.verifying import FORGOTTEN, verify_audit

AT_ONCE = 5_000


class Command(AnsweringCommand):
    help = "Take away audit entries from before a day; the chain stays, and says that they were taken away and why."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--before", type=a_day, required=True, metavar="DAY", help="the first day that stays"
        )
        parser.add_argument("--why", required=True, help="by what rule; it stays on the audit")

    def answer(self, **options: Any) -> dict[str, Any]:
        day, why = options["before"], options["why"].strip()
        if not why:
            raise CommandError("Say why, for the audit.", returncode=1)
        if day >= timezone.localdate():
            raise CommandError(f"{day} is not past; only old entries are taken away.", returncode=1)
        seal_all()
        if wrong := verify_audit().wrong:
            raise CommandError(
                f"The audit has to be whole before anything is taken away: {wrong.sentence}", returncode=1
            )
        last = _last_before(datetime.combine(day, time.min, timezone.get_default_timezone()))
        standing = (
            AuditSeal.objects.filter(number__lte=last.number, entry__at__isnull=False) if last else None
        )
        if last is None or standing is None or not (count := standing.count()):
            return {"forgotten": 0, "through": None}
        with guard_lifted():
            record(
                deed=FORGOTTEN,
                subject="audit",
                through=last.number,
                digest=last.digest,
                before=str(day),
                why=why,
                entries=count,
            )
            for start in range(0, last.number, AT_ONCE):
                some = AuditSeal.objects.filter(
                    number__gt=start, number__lte=min(start + AT_ONCE, last.number)
                )
                AuditEntry.objects.filter(pk__in=list(some.values_list("entry_id", flat=True)))._raw_delete(
                    "default"
                )
        return {"forgotten": count, "through": last.number}

    def told(self, answer: dict[str, Any]) -> str:
        if not answer["forgotten"]:
            return "There is nothing that old on the audit."
        return f"{answer['forgotten']:,} entries were taken away, through number {answer['through']}."


def _last_before(moment: datetime) -> AuditSeal | None:
    """The last place of the chain before the first entry that stays."""
    seals = AuditSeal.objects.order_by("number")
    first_to_stay = seals.filter(entry__at__gte=moment).first()
    older = seals.filter(number__lt=first_to_stay.number) if first_to_stay else seals
    return older.last()
