"""Whether the audit is as it was written; names the first row that was altered, removed or moved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from fleet.flows.history_digest import verify_history
from fleet.management.answers import AnsweringCommand
from ledger.audit import AuditSeal, seal_all
from ledger.closing import own_keys
from ledger.exporting import FileSeen, file_seen
from ledger.guarding import guard_is_up
from ledger.verifying import as_told, verify_audit


class Command(AnsweringCommand):
    help = "Verify the hash chain of the audit; exit 1 with the first altered, missing or moved row."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--against",
            default="",
            metavar="DIGEST",
            help="the newest digest of another time, kept elsewhere",
        )
        parser.add_argument(
            "--file", type=Path, metavar="FILE", help="verify a file of export_audit, without the database"
        )
        parser.add_argument(
            "--key",
            action="append",
            default=[],
            metavar="KEY",
            help="a public key by which the file may be signed, where it is not this product's own",
        )
        parser.add_argument(
            "--unsigned", action="store_true", help="take a file without a closing line, for the lines it has"
        )
        parser.add_argument(
            "--public-key",
            action="store_true",
            help="only print the key by which exports of here are verified",
        )
        parser.add_argument(
            "--history", action="store_true", help="also what each deed wrote into the history of rigs"
        )
        parser.add_argument(
            "--newest",
            action="store_true",
            help="only print the newest number and digest, to be kept elsewhere",
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        if options["public_key"]:
            return {"key": own_keys()[0]}
        if options["file"]:
            return _of_file(options["file"], [*own_keys(), *options["key"]], unsigned=options["unsigned"])
        sealed = seal_all()
        if options["newest"]:
            return {"newest": str(AuditSeal.objects.order_by("-number").first() or "")}
        told = as_told(verify_audit(against=options["against"])) | {
            "sealed_now": sealed,
            "guard": guard_is_up(),
        }
        if told["wrong"]:
            raise CommandError(told["wrong"]["sentence"], returncode=1)
        if options["history"]:
            told |= _history()
        return told

    def told(self, answer: dict[str, Any]) -> str:
        if "file" in answer:
            return _file_told(answer)
        if "key" in answer:
            return str(answer["key"])
        if "entries" not in answer:
            return answer["newest"] or "There is nothing on the audit yet."
        lines = [
            f"{answer['entries']:,} entries are as they were written. Keep this elsewhere: {answer['newest']}"
        ]
        if answer["forgotten"]:
            lines.append(
                f"{answer['forgotten']:,} older ones were taken away by retention; their places stand."
            )
        if answer["missing_ids"]:
            named = ", ".join(map(str, answer["gaps"][:5]))
            lines.append(
                f"{answer['missing_ids']:,} ids have no entry ({named} …): deeds that were rolled back, or entries "
                "that were removed before they were sealed."
            )
        if "fleet_deeds" in answer:
            lines.append(
                f"What {answer['fleet_deeds']:,} deeds wrote into the history of rigs is as it was written."
            )
        if not answer["guard"]:
            lines.append("The database's guard against changes is off: run `manage.py migrate`, and ask why.")
        return "\n".join(lines)


def _history() -> dict[str, Any]:
    verified = verify_history()
    if verified.wrong:
        raise CommandError(verified.wrong, returncode=1)
    return {"fleet_deeds": verified.deeds, "fleet_deeds_taken_back": verified.gone}


def _of_file(path: Path, keys: list[str], *, unsigned: bool) -> dict[str, Any]:
    try:
        with path.open("rb") as lines:
            seen = file_seen(lines, keys=keys, unsigned=unsigned)
    except OSError as wrong:
        raise CommandError(f"{path} cannot be read: {wrong.strerror}.", returncode=1) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CommandError(f"{path} is no export of the audit.", returncode=1) from None
    if seen.complaint:
        raise CommandError(seen.complaint, returncode=1)
    return {"file": str(path), "entries": seen.tally.entries, **_of_end(seen, unsigned=unsigned)}


def _of_end(seen: FileSeen, *, unsigned: bool) -> dict[str, Any]:
    """What the closing line says; of one that was not verified nothing."""
    return {name: None if unsigned else seen.end[name] for name in ("asked", "by", "at", "key", "newest")}


def _file_told(answer: dict[str, Any]) -> str:
    told = f"{answer['entries']:,} entries of {answer['file']} are as they were exported"
    if answer["key"] is None:
        return f"{told}; whether lines were taken out cannot be told."
    asked = ", ".join(f"{name} {value}" for name, value in answer["asked"].items() if value) or "everything"
    return f"{told} on {answer['at']} by {answer['by']}, who asked for: {asked}. None was taken out."
