"""Random edits, uploads, undos, publications, lists and kills of a running product; then all is worked out anew.

What is on record in the end must be, byte for byte, what the facts come to, and every holding what its rigs come to.
The same seed asks for the same deeds in the same order; when they meet which kill is up to the machine.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random, SystemRandom
from tempfile import TemporaryDirectory

from bench.databases import POSTGRESQL, SQLITE
from tests.faults.running import Product, Refused, Servers, kill, servers, within
from tests.sheets import a_csv, a_row

FLEET = {"rigs": 4_000, "lots": 1_000, "operators": 3}
OPERATORS = [f"operator-{number}" for number in range(FLEET["operators"])]
ORIGINS = ("CN", "MY", "VN", "TH", "US", "")
STATUSES = ("deployed", "stored", "repair", "retired", "in transit")
QUIET_WITHIN = 600
"""Seconds until a product that nobody disturbs any more must be fresh."""
SHOWN = 20
LIST = Path("tests/risk/samples/sdn.csv")
MAKERS = ("BITMAIN TECHNOLOGIES", "MICROBT ELECTRONICS", "CANAAN CREATIVE", "AURADINE")


def main(arguments: list[str]) -> int:
    """The command line; 0 when nothing differs on any kind of product."""
    parser = argparse.ArgumentParser(prog="script/bench soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="on each kind of product")
    parser.add_argument("--on", action="append", choices=(SQLITE, POSTGRESQL), help="default: both")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**6))
    told = parser.parse_args(arguments)
    ends = [_soaked(kind, told.minutes * 60, told.seed) for kind in told.on or (SQLITE, POSTGRESQL)]
    return 0 if all(ends) else 1


def _soaked(kind: str, seconds: float, seed: int) -> bool:
    _say(f"{kind}, seed {seed}, {seconds / 60:g} minutes.")
    with (
        TemporaryDirectory(prefix="soak-", ignore_cleanup_errors=True) as folder,
        _product(kind, folder) as (
            product,
            its_servers,
        ),
    ):
        soak = Soak(product, its_servers, Path(folder), Random(seed))  # noqa: S311 - chance, not a secret
        soak.go_on_for(seconds)
        return soak.ends_right()


@contextmanager
def _product(kind: str, folder: str) -> Iterator[tuple[Product, Servers | None]]:
    own = {"VAR_DIR": f"{folder}/var", "DATABASE_URL": "", "REDIS_URL": ""}
    if kind == SQLITE:
        yield Product(own), None
        return
    with servers() as made:
        own |= {"DATABASE_URL": made.database("soaked"), "REDIS_URL": made.redis_url}
        yield Product(own), made


class Soak:
    """One product, and everything that is done to it."""

    def __init__(self, product: Product, its_servers: Servers | None, folder: Path, chance: Random) -> None:
        self._product, self._servers, self._folder, self._chance = product, its_servers, folder, chance
        self._done: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._uploads: list[int] = []
        product.fill(**FLEET)
        self._rigs = [rig for slug in OPERATORS for rig in product.ask("rigs_of", operator=slug)]
        self._workers = [product.start_worker() for _ in range(2 if its_servers else 1)]
        self._deeds = {"edit": 60, "upload": 10, "undo": 6, "publish": 4, "new_list": 3, "kill_worker": 4}
        if its_servers:
            self._deeds |= {"kill_redis": 2, "restart_postgres": 2}

    def go_on_for(self, seconds: float) -> None:
        """Do one thing after another, with short pauses, until the time is over."""
        ends, names, weights = time.monotonic() + seconds, list(self._deeds), list(self._deeds.values())
        while time.monotonic() < ends:
            name = self._chance.choices(names, weights)[0]
            try:
                getattr(self, name)()
                self._done[name] += 1
            except Refused as refusal:
                self._refused[f"{name}: {refusal}"[:150]] += 1
            time.sleep(self._chance.uniform(0, 0.4))

    def edit(self) -> None:
        """A person corrects a rig."""
        facts = {
            "country_of_origin": self._chance.choice(ORIGINS),
            "status": self._chance.choice(STATUSES),
            "customs_value_cents": self._chance.choice((None, 100_000, 250_000)),
        }
        name = self._chance.choice(list(facts))
        self._product.ask("edit", rig=self._chance.choice(self._rigs), **{name: facts[name]})

    def upload(self) -> None:
        """A sheet with new rigs, known rigs as they are, and known rigs that moved."""
        numbers = self._chance.sample(range(2_000), self._chance.randint(1, 400))
        rows = [
            a_row(
                number,
                country_of_origin=self._chance.choice(ORIGINS),
                entry_date=f"2025-0{self._chance.randint(1, 9)}-10",
                status=self._chance.choice(STATUSES[:3]),
            )
            for number in numbers
        ]
        sheet = a_csv(self._folder, rows, name=f"{self._done['upload']}.csv")
        operator = self._chance.choice(OPERATORS)
        self._uploads.append(self._product.ask("upload", path=str(sheet), operator=operator))

    def undo(self) -> None:
        """One of the last uploads is taken back, if it was applied."""
        if self._uploads:
            self._product.ask("undo", upload=self._chance.choice(self._uploads[-5:]))

    def publish(self) -> None:
        """An edition with one measure more, or with another rate on a measure that is there."""
        code = f"US-SOAK-{self._chance.randint(0, 5)}"
        percent = self._chance.randint(1, 40)
        self._product.ask("publish", edition=self._product.ask("draft", code=code, percent=percent))

    def new_list(self) -> None:
        """An edition of a list on which makers come and go."""
        listed = self._chance.sample(MAKERS, self._chance.randint(0, len(MAKERS)))
        rows = [
            f'{90_000 + MAKERS.index(name)},"{name}",-0- ,"CUBA"' + ",-0- " * 8 for name in sorted(listed)
        ]
        path = self._folder / "sdn.csv"
        text = LIST.read_text(encoding="utf-8").rstrip("\x1a\r\n")
        path.write_text("\r\n".join([text, *rows, "\x1a"]), encoding="utf-8", newline="")
        self._product.ask("new_list", form="ofac_sdn", path=str(path))

    def kill_worker(self) -> None:
        """A worker dies, and another is started."""
        number = self._chance.randrange(len(self._workers))
        kill(self._workers[number])
        self._workers[number] = self._product.start_worker()

    def kill_redis(self) -> None:
        """The queue is gone for a moment, and comes back empty."""
        if self._servers:
            self._servers.redis.kill()
            time.sleep(self._chance.uniform(0, 2))
            self._servers.redis.start()

    def restart_postgres(self) -> None:
        """Every connection is cut."""
        if self._servers:
            self._servers.restart_postgres()

    def ends_right(self) -> bool:
        """Whether it becomes fresh, and then is what the facts come to; says so."""
        _say(f"Done: {dict(self._done)}. Refused: {dict(self._refused)}. Waiting until it is quiet.")
        if not within(QUIET_WITHIN, self._product.is_fresh, every=1):
            _say(f"It does not become fresh: {self._product.ask('owed')}.")
            self._product.end()
            return False
        differences = self._product.ask("differences")
        kept, anew = self._product.ask("digests")
        counted = self._product.ask("counts")
        self._product.end()
        for each in differences[:SHOWN]:
            _say(each)
        is_right = not differences and kept == anew
        _say(
            f"{counted}; on record {kept[:16]}, recomputed {anew[:16]}: {'equal' if is_right else 'DIFFERENT'}."
        )
        return is_right


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()
