"""Audit entries, who did what, when, from where and why; and the seals that hold them in one chain.

Entries are written in the transaction of what they tell, so that they are there with it or not at all. A number in
the chain is given afterwards, when the transaction has ended: writers never wait for one another (docs/adr/0024).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Any, NoReturn

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from ledger.chain import BEGINNING, content_digest, moment, one_way, seal_digest
from ledger.guarding import SENTENCE
from ledger.origins import Door, origin
from ledger.row_security.acting import acting_for_all
from ledger.written_queries import WrittenQuery

log = logging.getLogger(__name__)

SEALED_AT_ONCE = 5_000
LOOK_BACK = 50_000
"""How many ids before the newest seal a sweep looks for what a long transaction brought late; verify looks at all."""
TURN = 0x41554449  # the key of the advisory lock under which seals are made
WAIT_FOR_TURN = "2s"
SAID_BEFORE = re.compile(r"user (\d+|changed|registered|removed)")
"""How deeds and subjects of older entries have what is a person in those of today."""


class NeverChanged(TypeError):
    """Something tried to change or delete what is on the audit."""

    def __init__(self) -> None:
        super().__init__(SENTENCE)


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows that are added and read, nothing else."""

    def update(self, **_: Any) -> NoReturn:
        """Never. Raises NeverChanged."""
        raise NeverChanged

    def delete(self) -> NoReturn:
        """Never. Raises NeverChanged."""
        raise NeverChanged

    def bulk_update(self, *_: Any, **__: Any) -> NoReturn:
        """Never. Raises NeverChanged."""
        raise NeverChanged

    def update_or_create(self, *_: Any, **__: Any) -> NoReturn:
        """Never. Raises NeverChanged."""
        raise NeverChanged


class AppendOnly(models.Model):
    """A row that stays as it was written; the database refuses as well (ledger.guarding)."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **named: Any) -> None:
        """Once. Raises NeverChanged for a row that is there already."""
        if not self._state.adding:
            raise NeverChanged
        super().save(*args, **named)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Never. Raises NeverChanged."""
        raise NeverChanged


class AuditEntryQuerySet(AppendOnlyQuerySet):
    """Questions about what is on the audit."""

    def of(self, operator_id: int) -> AuditEntryQuerySet:
        """The deeds at one operator."""
        return self.filter(operator_id=operator_id)

    def read_by_platform(self, own: Any) -> AuditEntryQuerySet:
        """All deeds, but for what operators keep to themselves of vendors; `own` are the operators of whom it is the
        reader's as well."""
        private = Q(subject__startswith="vendor ", operator_id__isnull=False) & ~Q(operator_id__in=own)
        return self.exclude(private)

    def worded(self, name: str, text: str) -> AuditEntryQuerySet:
        """Those whose deed or subject (`name`) has the text in it, in the words of today or of before."""
        words = {text, re.sub(r"\bperson\b", "user", text, flags=re.I)}
        words.add(re.sub(r"\buser\b", "person", text, flags=re.I))
        return self.filter(Q(*((f"{name}__icontains", each) for each in sorted(words)), _connector=Q.OR))

    def unsealed(self) -> AuditEntryQuerySet:
        """Entries that no seal holds yet."""
        return self.filter(~Exists(AuditSeal.objects.filter(entry_id=OuterRef("pk"))))


class AuditEntry(AppendOnly):
    """One deed on record. `operator_id` is empty for deeds on the platform's own register.

    `by_name` is the person's name for signing in at that moment. In `detail`, `changed` holds what differed as
    {name: [before, after]}, `said` what was made or taken away, `why` the reason.
    """

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=150, blank=True, db_default="")
    operator_id = models.BigIntegerField(null=True, db_index=True)
    deed = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    came_by = models.CharField(max_length=10, choices=Door.choices, blank=True, db_default="")
    came_from = models.CharField(max_length=200, blank=True, db_default="")
    key = models.CharField(max_length=40, blank=True, db_default="")
    detail = models.JSONField(default=dict)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["subject", "id"])]

    def __str__(self) -> str:
        return f"{self.deed} {self.subject}"

    @property
    def shown_deed(self) -> str:
        """The deed as people read it."""
        return in_words_of_today(self.deed)

    @property
    def shown_subject(self) -> str:
        """The subject as people read it."""
        return in_words_of_today(self.subject)

    @property
    def told(self) -> dict[str, Any]:
        """What it says, by the names of an export, JSON-ready: what its digest is of."""
        return {
            "at": moment(self.at),
            "by": self.by_id,
            "by_name": self.by_name,
            "operator": self.operator_id,
            "deed": self.deed,
            "subject": self.subject,
            "came_by": self.came_by,
            "came_from": self.came_from,
            "key": self.key,
            "detail": one_way(self.detail),
        }


class AuditSeal(AppendOnly):
    """An entry's place in the chain: numbers have no gaps, and each digest holds the one before."""

    number = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(
        # Retention may take an entry away; its place in the chain stays.
        AuditEntry,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="seal",
    )
    content = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"


def record(
    *, deed: str, subject: str, by: Any = None, operator_id: int | None = None, **detail: Any
) -> AuditEntry:
    """Put a deed on record, inside the caller's transaction. `detail` is JSON-ready."""
    entry = _entry(deed=deed, subject=subject, by=by, operator_id=operator_id, detail=detail)
    entry.save(force_insert=True)
    _seal_after_commit([entry.pk])
    return entry


def record_all(deeds: Iterable[Mapping[str, Any]]) -> list[AuditEntry]:
    """Put many deeds on record by one statement, inside the caller's transaction; each has deed and subject, and by,
    operator_id and detail where there are any."""
    entries: list[AuditEntry] = AuditEntry.objects.bulk_create(
        [_entry(**each) for each in deeds], batch_size=1_000
    )
    _seal_after_commit([each.pk for each in entries])
    return entries


def in_words_of_today(text: str) -> str:
    """A deed or subject as it would be told now; what stands on the chain stays as it was written."""
    found = SAID_BEFORE.fullmatch(text)
    return f"person {found[1]}" if found else text


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What differs, as `changed` of an entry has it: {name: [before, after]}, JSON-ready; None for what is empty."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: [_plain(before.get(name)), _plain(after.get(name))] for name in names}


def seal_all() -> int:
    """Seal every entry that has been committed; returns how many those were."""
    return _seal_after(0)


def seal_recent() -> int:
    """As `seal_all`, but it looks no further back than LOOK_BACK ids before the newest seal."""
    newest = AuditSeal.objects.order_by("-number").values_list("entry_id", flat=True).first() or 0
    return _seal_after(newest - LOOK_BACK)


def _seal_after(entry_id: int) -> int:
    sealed = 0
    while ids := seal(partial(_unsealed_after, entry_id)):
        sealed, entry_id = sealed + len(ids), ids[-1]
    return sealed


def _unsealed_after(entry_id: int) -> list[AuditEntry]:
    return list(AuditEntry.objects.unsealed().filter(pk__gt=entry_id).order_by("pk")[:SEALED_AT_ONCE])


_UNSEALED = WrittenQuery(
    lambda at: AuditEntry.objects.unsealed().filter(pk__in=at.ids("entries")).order_by("pk")
)
_LAST_SEAL = WrittenQuery(lambda at: AuditSeal.objects.order_by("-number")[:1])


def seal(unsealed: Callable[[], Iterable[AuditEntry]]) -> list[int]:
    """Give unsealed entries, asked for when it is this sealer's turn, their places in the chain, in the order of
    their coming, in one short transaction; returns their ids."""
    with acting_for_all(), transaction.atomic():
        _take_turn()
        last = _LAST_SEAL.first()
        number, previous = (last.number, last.digest) if last else (0, BEGINNING)
        sealed_at = timezone.now()  # noqa: TID251 - of the seal itself, whoever asked for it
        at, seals = moment(sealed_at), []
        for entry in unsealed():
            number, content = number + 1, content_digest(entry.told)
            previous = seal_digest(
                number=number, entry=entry.pk, previous=previous, content=content, sealed_at=at
            )
            seals.append(
                AuditSeal(
                    number=number, entry_id=entry.pk, content=content, digest=previous, sealed_at=sealed_at
                )
            )
        AuditSeal.objects.bulk_create(seals, batch_size=1_000)
    return [each.entry_id for each in seals]


def _take_turn() -> None:
    """One sealer at a time, for the few milliseconds until the transaction ends; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAIT_FOR_TURN])
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


class _SealAfterCommit:
    """Seals what one transaction wrote as soon as it has ended; where that fails the sweep does."""

    def __init__(self) -> None:
        self.ids: list[int] = []

    def __call__(self) -> None:
        try:
            seal(partial(_UNSEALED.rows, entries=self.ids[:SEALED_AT_ONCE]))
        except (DatabaseError, InterfaceError):
            log.info("Audit entries were not sealed at once; the next sweep does.", exc_info=True)


def _seal_after_commit(ids: Collection[int]) -> None:
    registered: list[Any] = [each[1] for each in connection.run_on_commit]
    waiting = next((each for each in registered if isinstance(each, _SealAfterCommit)), None)
    if waiting is None:
        waiting = _SealAfterCommit()
        waiting.ids += ids
        transaction.on_commit(waiting)
    else:
        waiting.ids += ids


def _entry(
    *,
    deed: str,
    subject: str,
    by: Any = None,
    operator_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    came = origin()
    return AuditEntry(
        deed=deed,
        subject=subject[:120],
        by=by,
        by_name=by.get_username() if by else "",
        operator_id=operator_id,
        came_by=came.door,
        came_from=came.place[:200],
        key=came.key[:40],
        detail=detail or {},
    )


def _plain(value: Any) -> Any:
    if value in (None, ""):
        return None
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return (
        {str(name): _plain(each) for name, each in value.items()} if isinstance(value, dict) else str(value)
    )
