"""A paper that bears an origin, put on record and attached in bulk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from fleet.flows.origin_evidence import LOT_FILTERS
from fleet.management.answers import AnsweringCommand, a_day, operator_named, read_as
from fleet.models import OriginEvidence
from fleet.services import keep_evidence
from risk.engine.reserve import Strength


def _serials(text: str) -> tuple[str, str]:
    first, _, last = text.partition("..")
    return first, last or first


class Command(AnsweringCommand):
    help = "Keep a paper that bears an origin, and let it cover lots, serial numbers or all lots of a filter."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--operator", required=True, help="the operator's slug")
        parser.add_argument("--title", required=True, help="how the paper is named in every reason")
        parser.add_argument("--country", required=True, help="the origin that it bears, two letters")
        parser.add_argument("--kind", choices=OriginEvidence.Kind.values, default="certificate")
        parser.add_argument("--strength", choices=[str(each) for each in Strength], required=True)
        parser.add_argument("--issued", type=a_day, metavar="DAY")
        parser.add_argument("--expires", type=a_day, metavar="DAY", help="on this day it counts no more")
        parser.add_argument("--note", default="")
        parser.add_argument("--lot", type=int, action="append", default=[], metavar="ID")
        parser.add_argument(
            "--serials", type=read_as(_serials), action="append", default=[], metavar="FIRST..LAST"
        )
        for name in LOT_FILTERS:
            parser.add_argument(f"--{name.replace('_', '-')}", default="", help="all lots of this")

    def answer(self, **options: Any) -> dict[str, Any]:
        operator, path, at = operator_named(options["operator"]), options["file"], timezone.now()
        try:
            with path.open("rb") as stream:
                paper, touched = keep_evidence(
                    operator=operator,
                    file=File(stream),
                    file_name=path.name,
                    covering=_covering(options),
                    at=at,
                    **_said(options),
                )
        except OSError as wrong:
            raise CommandError(f"{path} cannot be read: {wrong.strerror}.", returncode=1) from None
        return {"evidence": paper.pk, "operator": operator.slug, "sha256": paper.sha256, "lots": touched}

    def told(self, answer: dict[str, Any]) -> str:
        return f"Evidence {answer['evidence']} is on record and covers rigs of {answer['lots']} lots."


def _said(options: dict[str, Any]) -> dict[str, Any]:
    said = {name: options[name] for name in ("title", "kind", "strength", "note")}
    days = {"issued_on": options["issued"], "expires_on": options["expires"]}
    return {**said, **days, "country": options["country"].upper()}


def _covering(options: dict[str, Any]) -> dict[str, Any]:
    filters = {name: options[name] for name in LOT_FILTERS}
    return {"lot_ids": options["lot"], "serials": options["serials"], **filters}
