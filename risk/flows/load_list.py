"""A list file -> a whole edition or a refusal -> what differs from the edition in force -> one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localtime

from fleet.sheets.rows import collector_at_rest
from ledger.models import record, tell
from risk.engine.listed import ListedEntity
from risk.lists import FORMATS, ListFormat
from risk.lists.editions import EditionFacts, EditionRefused, read_edition
from risk.lists.editions.records import digest_of_entity, record_of
from risk.models import ListedEntityRecord, ListEdition

AT_ONCE = 2_000
Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedList:
    """The edition in force after loading, and the parties (list code and number) that it brought or took."""

    edition: ListEdition
    is_new: bool
    added: tuple[Key, ...] = ()
    changed: tuple[Key, ...] = ()
    removed: tuple[Key, ...] = ()
    unchanged: int = 0


@collector_at_rest()
def load_list(
    *,
    form: ListFormat,
    file: Path,
    companions: Mapping[str, Path],
    as_of: date | None,
    at: datetime,
    by: Any = None,
    floors: Mapping[str, int] | None = None,
) -> LoadedList:
    """Read, judge, compare and record. The same file as of the same day again changes nothing.

    Raises ValidationError with every fault of a file that cannot be the list in force; then nothing was written.
    """
    current = ListEdition.objects.current(form.name)
    facts, parties = _read(form, file, companions, as_of, current, floors)
    _refuse_future(facts.data_date, localtime(at).date())
    if current and (current.sha256, current.data_date) == (facts.sha256, facts.data_date):
        return LoadedList(edition=current, is_new=False, unchanged=sum(facts.rows.values()))
    standing = _standing(form.name)
    told = {entity.key: entity for entity in reversed(parties)}
    return _recorded(form, file, facts, told, standing, current, at=at, by=by)


def _refuse_future(data_date: date, today: date) -> None:
    """A day that is still to come would keep the list fresh, and every later edition out, until then."""
    if data_date > today:
        sentence = f"The file is as of {data_date}, which is still to come."
        raise ValidationError([ValidationError(sentence, code="list_edition_refused")])


def format_named(name: str) -> ListFormat:
    """The format of a name. Raises ValidationError with the names that there are."""
    if name not in FORMATS:
        raise ValidationError(
            f"There is no list format '{name}'; there are {', '.join(FORMATS)}.", code="list_format_unknown"
        )
    return FORMATS[name]


def _read(
    form: ListFormat,
    file: Path,
    companions: Mapping[str, Path],
    as_of: date | None,
    current: ListEdition | None,
    floors: Mapping[str, int] | None,
) -> tuple[EditionFacts, tuple[ListedEntity, ...]]:
    with ExitStack() as opened:
        try:
            stream = opened.enter_context(file.open("rb"))
            beside = {part: opened.enter_context(path.open("rb")) for part, path in companions.items()}
        except OSError as wrong:
            raise ValidationError(f"{wrong.filename} cannot be read.", code="list_file_missing") from None
        try:
            return read_edition(form, stream, beside, as_of=as_of, current=_facts(current), floors=floors)
        except EditionRefused as refused:
            raise ValidationError(
                [ValidationError(each, code="list_edition_refused") for each in refused.sentences]
            ) from None


def _facts(edition: ListEdition | None) -> EditionFacts | None:
    if edition is None:
        return None
    return EditionFacts(
        format=edition.format, data_date=edition.data_date, sha256=edition.sha256, rows=edition.rows
    )


def _standing(form: str) -> dict[Key, tuple[int, str]]:
    """The records in force: key -> primary key and digest."""
    rows = ListedEntityRecord.objects.filter(format=form, gone_with__isnull=True)
    return {
        (code, number): (pk, digest)
        for pk, code, number, digest in rows.values_list("pk", "list_code", "entity_id", "digest").iterator()
    }


def _recorded(
    form: ListFormat,
    file: Path,
    facts: EditionFacts,
    told: Mapping[Key, ListedEntity],
    standing: Mapping[Key, tuple[int, str]],
    current: ListEdition | None,
    *,
    at: datetime,
    by: Any,
) -> LoadedList:
    digests = {key: digest_of_entity(entity) for key, entity in told.items()}
    added = tuple(sorted(key for key in told if key not in standing))
    changed = tuple(sorted(key for key in told if key in standing and standing[key][1] != digests[key]))
    removed = tuple(sorted(key for key in standing if key not in told))
    unchanged = len(told) - len(added) - len(changed)
    counts = {"added": len(added), "changed": len(changed), "removed": len(removed), "unchanged": unchanged}
    with transaction.atomic():
        edition = _edition(form, file, facts, counts, current, at=at, by=by)
        _end(edition, [standing[key][0] for key in (*changed, *removed)])
        _begin(edition, ((told[key], digests[key]) for key in (*added, *changed)))
        record(deed="list edition loaded", subject=str(edition), by=by, sha256=facts.sha256, **counts)
        tell(
            kind="list.updated",
            about=f"list:{form.name}",
            path="/api/v1/exposure/",
            list=form.name,
            edition=edition.number,
            data_date=facts.data_date.isoformat(),
            **counts,
        )
    return LoadedList(
        edition=edition, is_new=True, added=added, changed=changed, removed=removed, unchanged=unchanged
    )


def _edition(
    form: ListFormat,
    file: Path,
    facts: EditionFacts,
    counts: Mapping[str, int],
    last: ListEdition | None,
    *,
    at: datetime,
    by: Any,
) -> ListEdition:
    return ListEdition.objects.create(
        format=form.name,
        number=last.number + 1 if last else 1,
        data_date=facts.data_date,
        sha256=facts.sha256,
        file_name=file.name,
        rows=dict(facts.rows),
        counts=dict(counts),
        loaded_at=at,
        loaded_by=by,
    )


def _end(edition: ListEdition, primary_keys: list[int]) -> None:
    for start in range(0, len(primary_keys), AT_ONCE):
        part = primary_keys[start : start + AT_ONCE]
        ListedEntityRecord.objects.filter(pk__in=part).update(gone_with=edition)


def _begin(edition: ListEdition, entities: Iterable[tuple[ListedEntity, str]]) -> None:
    ListedEntityRecord.objects.bulk_create(_rows(edition, entities), batch_size=AT_ONCE)


def _rows(edition: ListEdition, entities: Iterable[tuple[ListedEntity, str]]) -> Iterator[ListedEntityRecord]:
    for entity, digest in entities:
        yield ListedEntityRecord(
            format=edition.format,
            list_code=entity.list_code,
            entity_id=entity.entity_id,
            name=entity.name,
            digest=digest,
            record=record_of(entity),
            came_with=edition,
        )
