"""An earlier release on the schema of today, tried by hand: `python -m tests.faults.earlier_code COMMIT`.

The earlier code makes its database and works on it, as in a rolling deploy: today's migrations, catalogue and law
come beneath it while its worker runs, it goes on reading, editing and uploading, then today's worker takes over.
Needs the commit in the clone, and PostgreSQL and Redis on the machine. Prints what came of it, and ends with 1 where
something is not as it should be.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.running import ROOT, Product, servers
from tests.sheets import a_csv, a_row


@contextmanager
def checked_out(commit: str, folder: Path) -> Iterator[Path]:
    """The files of a commit, for as long as the block lasts."""
    subprocess.run(["git", "worktree", "add", "--detach", str(folder), commit], cwd=ROOT, check=True)
    try:
        yield folder
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", str(folder)], cwd=ROOT, check=True)


def earlier_goes_on(earlier: Product, today: Product, sheet: Path) -> Iterator[tuple[str, bool]]:
    """What is tried, and whether it is so."""
    with earlier.worker():
        for command in (["migrate"], ["load_catalogue"], ["load_policies", "--publish", "--defer"]):
            today.manage(*command)
        yield (
            "an edit of the earlier code",
            bool(
                earlier.ask(
                    "edit", rig=earlier.ask("rigs_of", operator="operator-0")[0], country_of_origin="VN"
                )
            ),
        )
        upload = earlier.ask("upload", path=str(sheet), operator="operator-1")
        yield "its worker reads an upload and assesses it", earlier.becomes_fresh()
        yield "the upload is applied", earlier.ask("state_of_upload", upload=upload)[0] == "applied"
        earlier.ask("undo", upload=upload)
        yield "it is undone", earlier.becomes_fresh()
        with today.worker():
            today.ask("owe_all")
            yield "workers of both codes at once come to an end", today.becomes_fresh()
    with today.worker():
        today.ask("owe_all")
        yield "the worker of today takes over", today.becomes_fresh()
    yield "every finding is right", today.ask("differences") == []
    yield "the audit is whole", "Keep this elsewhere" in today.manage("verify_audit")


def main(commit: str) -> int:
    """Try it; 0 where all of it is so."""
    with servers() as own, TemporaryDirectory() as temporary:
        folder = Path(temporary)
        environment = {"VAR_DIR": str(folder / "var"), "DATABASE_URL": own.database("rolling")}
        environment["REDIS_URL"] = own.redis_url
        with checked_out(commit, folder / "earlier") as code:
            earlier, today = Product(environment, code=code), Product(environment)
            try:
                earlier.fill(rigs=400, lots=200, operators=2)
                sheet = a_csv(folder, [a_row(number) for number in range(50)])
                wrong = [what for what, is_so in told(earlier_goes_on(earlier, today, sheet)) if not is_so]
            finally:
                earlier.end()
                today.end()
    return 1 if wrong else 0


def told(tried: Iterator[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """The same, each said as it is known."""
    for what, is_so in tried:
        print(f"{what}: {'yes' if is_so else 'NO'}", flush=True)
        yield what, is_so


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
