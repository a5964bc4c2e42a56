"""Merge two records of one vendor."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from fleet.management.answers import AnsweringCommand, operator_named
from vendors.flows.merge_vendors import planned_merge
from vendors.models import Vendor
from vendors.services import merge_vendors


class Command(AnsweringCommand):
    help = "Moves everything that points at one vendor to another; the first stays as a tombstone."

    def add_questions(self, parser: CommandParser) -> None:
        """Two slugs, and why."""
        parser.add_argument("merged", help="the slug of the record that goes")
        parser.add_argument("into", help="the slug of the record that stays")
        parser.add_argument("--why", required=True, help="why, for the history")
        parser.add_argument("--operator", help="whose private record it is; without, both are the register's")
        parser.add_argument("--dry-run", action="store_true", help="say what would move, and write nothing")

    def answer(self, **options: Any) -> dict[str, Any]:
        operator = operator_named(options["operator"]) if options["operator"] else None
        merged, into = (_vendor(options[each], operator) for each in ("merged", "into"))
        if options["dry_run"]:
            merge = planned_merge(merged, into)
        else:
            merge = merge_vendors(merged=merged, into=into, operator=operator, why=options["why"])
        return {
            "merged": merged.slug,
            "into": into.slug,
            "done": not options["dry_run"],
            "moved": merge.counts,
            "stayed": merge.stays,
            "sentence": merge.sentence,
        }

    def told(self, answer: dict[str, Any]) -> str:
        return str(answer["sentence"]) if answer["done"] else f"Would be: {answer['sentence']}"


def _vendor(slug: str, operator: Any) -> Vendor:
    """The operator's private vendor of a slug before one of the register."""
    found = Vendor.objects.visible_to(operator).filter(slug=slug).order_by("-operator_id")
    vendor = next((each for each in found if each.operator_id), None) or found.first()
    if vendor is None:
        raise CommandError(f"There is no vendor '{slug}'.", returncode=1)
    return vendor
