"""Official addresses -> files on this disk -> an edition, or a sentence why not; every attempt stays on record."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.timezone import localtime

from risk.fetching import Fetched, FetchFailed, Limits, Marks, Reachable, download, unpacked
from risk.flows.load_list import format_named, load_list
from risk.lists import ListFormat
from risk.lists.editions import sha256_of
from risk.models import FetchOutcome, ListEdition, ListFetch

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]

LIST = "list"
"""What the list itself is called among the files of a format; the others are called as its companions."""
LEASE = timedelta(hours=1)
"""A process that runs for longer was killed; a worker's task ends within a quarter of an hour."""
FLOORS = {"ofac_enhanced_xml": {"US-OFAC-SDN": 8_000}}
"""Floors where the format has none because its files may be loaded alone; what is fetched is all of them."""
SILENCE = 30
"""Seconds that a server may be silent."""
AGAIN_AFTER = timedelta(hours=4)
"""How long a source that gave no list is left alone by the scheduler."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFile:
    """One file of a format as it lies on the disk: as it was fetched, and unpacked."""

    fetched: Fetched
    path: Path


def fetch_lists(forms: Iterable[str], *, clock: Clock) -> list[ListFetch]:
    """One attempt for each format, in order; one that fails does not stop the others.

    Raises ValidationError before the first where a format is unknown or has no official address, or where this
    machine is said to be offline.
    """
    asked = [_fetchable(name) for name in dict.fromkeys(forms)]
    if settings.OFFLINE:
        raise ValidationError("OFFLINE is set: this machine fetches nothing.", code="machine_is_offline")
    return [_fetched(form, clock=clock) for form in asked]


def formats_due(now: datetime) -> list[str]:
    """What the scheduler has to fetch now: each list once a day, and again some hours after a failure."""
    if settings.OFFLINE:
        return []
    return [name for name in settings.LISTS_FETCHED if _is_due(name, now)]


def _is_due(form: str, now: datetime) -> bool:
    last = ListFetch.objects.of_format(form).first()
    if last is None:
        return True
    if last.has_succeeded:
        return localtime(last.begun_at).date() != localtime(now).date()
    # An attempt of the future was made before the clock was set back.
    return not timedelta(0) <= now - last.begun_at < AGAIN_AFTER


def _fetchable(name: str) -> ListFormat:
    form = format_named(name)
    if name not in settings.LIST_ADDRESSES:
        known = ", ".join(settings.LIST_ADDRESSES)
        raise ValidationError(
            f"There is no official address for '{name}'; there are addresses for {known}.",
            code="list_has_no_address",
        )
    return form


def _fetched(form: ListFormat, *, clock: Clock) -> ListFetch:
    attempt = _begun(form, clock())
    if attempt is None:
        return _in_progress(form)
    try:
        _ask(form, attempt, clock)
    except FetchFailed as wrong:
        _end(attempt, FetchOutcome.FAILED, str(wrong))
    except ValidationError as refused:
        _end(attempt, FetchOutcome.REFUSED, " ".join(refused.messages))
    except OSError as wrong:
        _end(attempt, FetchOutcome.FAILED, f"The file could not be kept on the disk ({wrong.strerror}).")
    except IntegrityError:
        _end(
            attempt,
            FetchOutcome.FAILED,
            "Another edition was loaded at the same moment, which stays in force.",
        )
    except Exception as fault:  # a fault of ours in one format must not keep the other lists from coming
        log.exception("Fetching %s met a fault.", form.name)
        _end(attempt, FetchOutcome.FAILED, f"A fault of the product: {type(fault).__name__}.")
    attempt.ended_at = clock()
    attempt.save()
    return attempt


def _begun(form: ListFormat, now: datetime) -> ListFetch | None:
    """A row of its own for the attempt; None while another attempt for the format runs."""
    running = ListFetch.objects.filter(format=form.name, outcome=FetchOutcome.RUNNING)
    dead = Q(begun_at__lt=now - LEASE) | Q(begun_at__gt=now + LEASE)
    running.filter(dead).update(
        outcome=FetchOutcome.FAILED, sentence="The process that fetched it ended before the list was there."
    )
    try:
        with transaction.atomic():
            return ListFetch.objects.create(
                format=form.name, address=settings.LIST_ADDRESSES[form.name][LIST], begun_at=now
            )
    except IntegrityError:
        return None


def _in_progress(form: ListFormat) -> ListFetch:
    running = ListFetch.objects.of_format(form.name).filter(outcome=FetchOutcome.RUNNING).first()
    attempt = running or ListFetch(format=form.name, address=settings.LIST_ADDRESSES[form.name][LIST])
    attempt.sentence = "It is being fetched already."
    return attempt


def _ask(form: ListFormat, attempt: ListFetch, clock: Clock) -> None:
    current = ListEdition.objects.current(form.name)
    with tempfile.TemporaryDirectory(prefix=f"{form.name}-", dir=_swept_folder(form)) as own:
        files = _files(form, Path(own), _marks(current))
        if files is None:
            attempt.edition = current
            return _end(attempt, FetchOutcome.UNCHANGED, "The source says that nothing changed.")
        _note(attempt, files)
        _load(form, files, current, attempt, clock())


def _swept_folder(form: ListFormat) -> Path:
    """Where files come to lie, without what a killed process left of this format: only one attempt runs at a time."""
    folder: Path = settings.VAR_DIR / "fetched-lists"
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{form.name}-*"):
        shutil.rmtree(left, ignore_errors=True)
    return folder


def _marks(current: ListEdition | None) -> Mapping[str, Marks]:
    """What the files of the edition in force are known by, where they came from these addresses."""
    before = ListFetch.objects.last_file(current) if current else None
    if before is None:
        return {}
    addresses = settings.LIST_ADDRESSES[before.format]
    same = {part: told["asked"] for part, told in before.files.items()} == addresses
    return {part: Marks(**marks) for part, marks in before.marks.items()} if same else {}


def _files(form: ListFormat, folder: Path, marks: Mapping[str, Marks]) -> dict[str, ListFile] | None:
    """All files of the format; None where no server has another than the marks stand for."""
    parts = settings.LIST_ADDRESSES[form.name]
    if marks.keys() == parts.keys() and all(marks.values()):
        asked = {part: _file(part, parts[part], folder, marks[part]) for part in parts}
        if all(file.fetched.is_unchanged for file in asked.values()):
            return None
        # What did not change was not sent; it is needed beside what did.
        return {
            part: _file(part, parts[part], folder, Marks()) if file.fetched.is_unchanged else file
            for part, file in asked.items()
        }
    return {part: _file(part, address, folder, Marks()) for part, address in parts.items()}


def _file(part: str, address: str, folder: Path, marks: Marks) -> ListFile:
    name = Path(urlsplit(address).path).name or part
    own = folder / part
    own.mkdir(exist_ok=True)
    fetched = download(
        address,
        own / name,
        reachable=_reachable(),
        limits=_limits(),
        agent=settings.LIST_AGENT,
        marks=marks,
    )
    if fetched.is_unchanged:
        return ListFile(fetched=fetched, path=own / name)
    return ListFile(fetched=fetched, path=unpacked(own / name, at_most=settings.LIST_MAX_BYTES))


def _limits() -> Limits:
    seconds = settings.LIST_FETCH_SECONDS
    return Limits(silence=min(SILENCE, seconds / 2), seconds=seconds, bytes=settings.LIST_MAX_BYTES)


def _reachable() -> Reachable:
    """The hosts of the addresses, and those that their redirects may lead to."""
    addresses = (address for parts in settings.LIST_ADDRESSES.values() for address in parts.values())
    hosts = {urlsplit(address).hostname or "" for address in addresses}
    return Reachable(
        hosts=frozenset({*hosts, *settings.LIST_HOSTS}), private=settings.LISTS_FROM_PRIVATE_NETWORK
    )


def _note(attempt: ListFetch, files: Mapping[str, ListFile]) -> None:
    addresses = settings.LIST_ADDRESSES[attempt.format]
    attempt.bytes = sum(file.fetched.bytes for file in files.values())
    attempt.sha256 = _sha256(files)
    attempt.files = {
        part: {
            "asked": addresses[part],
            "came_from": file.fetched.address,
            "bytes": file.fetched.bytes,
            "sha256": file.fetched.sha256,
        }
        for part, file in files.items()
    }
    attempt.marks = {part: asdict(file.fetched.marks) for part, file in files.items()}


def _sha256(files: Mapping[str, ListFile]) -> str:
    """The checksum that an edition of these files has."""
    with ExitStack() as opened:
        streams = {part: opened.enter_context(file.path.open("rb")) for part, file in files.items()}
        return sha256_of(streams.pop(LIST), streams)


def _load(
    form: ListFormat,
    files: Mapping[str, ListFile],
    current: ListEdition | None,
    attempt: ListFetch,
    now: datetime,
) -> None:
    if current and current.sha256 == attempt.sha256:
        attempt.edition = current
        return _end(attempt, FetchOutcome.UNCHANGED, "The files are those of the edition in force.")
    loaded = load_list(
        form=form,
        file=files[LIST].path,
        companions={part: file.path for part, file in files.items() if part != LIST},
        as_of=None if form.data_date else _day_of(files, now),
        at=now,
        floors=FLOORS.get(form.name),
    )
    attempt.edition = loaded.edition
    counts = f"{len(loaded.added):,} added, {len(loaded.changed):,} changed, {len(loaded.removed):,} removed"
    _end(
        attempt,
        FetchOutcome.NEW,
        f"Edition {loaded.edition.number} as of {loaded.edition.data_date}: {counts}.",
    )


def _day_of(files: Mapping[str, ListFile], now: datetime) -> date:
    """The day of data that carry none: that of the newest file as the servers give it, else the day it came."""
    return max(_published(files, now), default=localtime(now).date())


def _published(files: Mapping[str, ListFile], now: datetime) -> Iterator[date]:
    for file in files.values():
        if moment := file.fetched.marks.modified_at:
            yield min(localtime(moment), localtime(now)).date()


def _end(attempt: ListFetch, outcome: FetchOutcome, sentence: str) -> None:
    attempt.outcome = outcome
    attempt.sentence = sentence
