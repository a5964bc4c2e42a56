"""YAML under risk/policies -> an edition."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand
from risk.book import book_of
from risk.engine.policy import PolicyBook
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.follow_policy_change import follow_unfollowed_editions
from risk.management.editions import edition_numbered
from risk.models import PolicyEdition
from risk.policy_files import PolicyFilesRefused, files_in, read_folder, read_texts
from risk.services import Difference, difference, load_into_draft, publish_edition, start_draft


class Command(AnsweringCommand):
    help = "Read the law as data into a draft edition; with --publish, publish it and assess what it touches."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=settings.POLICY_DIR,
            help="a folder of policy files, or one file that holds them all, as export_policies writes it",
        )
        parser.add_argument("--into", type=int, metavar="EDITION", help="replace what this draft says")
        parser.add_argument("--publish", action="store_true", help="publish the edition at once")
        parser.add_argument(
            "--defer",
            action="store_true",
            help="leave it a draft after all where a person published the current edition, or has to",
        )
        parser.add_argument("--reason", default="", help="why it is published; kept with the edition")
        parser.add_argument(
            "--restates", type=int, metavar="EDITION", help="the edition whose error it mends"
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        book = _read(options["folder"])
        current = PolicyEdition.objects.current()
        if options["into"] is None and current and current.digest == book.digest:
            return _told(current, difference(book, book))
        changes = difference(book, book_of(current) if current else None)
        draft = _draft(book, options)
        if options["publish"] and not (options["defer"] and _is_in_hands(current)):
            _publish(draft, options)
            follow_unfollowed_editions(now=timezone.now())
            assess_owed_lots(assessed_on=timezone.localdate(), clock=timezone.now)
        return _told(draft, changes)

    def told(self, answer: dict[str, Any]) -> str:
        counts = ", ".join(
            f"{len(answer[name])} {name}" for name in ("added", "changed", "removed", "unchanged")
        )
        return f"Edition {answer['edition']} ({answer['state']}): {counts}"


def _draft(book: PolicyBook, options: dict[str, Any]) -> PolicyEdition:
    if options["into"] is not None:
        return load_into_draft(edition=edition_numbered(options["into"]), book=book)
    return start_draft(book=book, title=f"Loaded from {options['folder'].name}")


def _is_in_hands(current: PolicyEdition | None) -> bool:
    """Whether people keep the law: what they published is not to be replaced behind their backs."""
    return current is not None and bool(settings.POLICY_NEEDS_SECOND_PERSON or current.published_by_id)


def _publish(draft: PolicyEdition, options: dict[str, Any]) -> None:
    restates = None if options["restates"] is None else edition_numbered(options["restates"])
    publish_edition(
        edition=draft,
        on=timezone.localdate(),
        at=timezone.now(),
        reason=options["reason"],
        restates=restates,
    )


def _read(path: Path) -> PolicyBook:
    try:
        if not path.is_file():
            return read_folder(path).book
        return read_texts(files_in(path.read_text(encoding="utf-8"), name=path.name)).book
    except PolicyFilesRefused as refused:
        complaints = "\n".join(str(complaint) for complaint in refused.complaints)
        raise CommandError(complaints, returncode=1) from None
    except UnicodeDecodeError:
        raise CommandError(f"{path.name} is no UTF-8 text.", returncode=1) from None


def _told(edition: PolicyEdition, changes: Difference) -> dict[str, Any]:
    return {
        "edition": edition.number,
        "state": edition.state,
        "digest": edition.digest,
        "verified_through": edition.verified_through.isoformat() if edition.verified_through else None,
        "added": list(changes.added),
        "changed": list(changes.changed),
        "removed": list(changes.removed),
        "unchanged": list(changes.unchanged),
    }
