"""Two records of one vendor become one: what points at the merged record points at the other afterwards.

What to move is found through the models themselves, so that a table of another app that points at vendors moves
too, without being named here. Of two rows that would say the same, the merged record keeps its own: nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from vendors.models import Vendor, VendorAlias
from vendors.models.sourced import Scoped

MERGED_NAME = "short name"
IN_A_QUERY = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Rows of one table that point at the merged record: those that move, and how many stay and why."""

    what: str
    field: models.ForeignKey[Any, Any]
    moving: tuple[int, ...]
    staying: int = 0
    why_staying: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What merging would do: the moves, in the order of their words, and whether the name is kept as a name."""

    merged: Vendor
    into: Vendor
    moves: tuple[Move, ...]
    keeps_name: bool

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each kind move; those of which some do."""
        return _added_up((move.what, len(move.moving)) for move in self.moves)

    @property
    def stays(self) -> dict[str, int]:
        """How many rows of each kind stay at the merged record."""
        return _added_up((move.what, move.staying) for move in self.moves)

    @property
    def sentence(self) -> str:
        """What moves and what stays, for people."""
        return merge_sentence(str(self.merged), str(self.into), self.counts, self.stays)


def _added_up(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The counts of each word; a table may point at vendors in two ways. What is 0 is left out."""
    sums: dict[str, int] = {}
    for what, count in counts:
        if count:
            sums[what] = sums.get(what, 0) + count
    return sums


def merge_sentence(merged: str, into: str, moved: dict[str, int], stays: dict[str, int]) -> str:
    """ "MinerCo was merged into Bitmain: 2 vendor aliases, 1 vendor document moved; 1 vendor role stays there." """
    told = ", ".join(f"{count} {what}" for what, count in moved.items()) or "nothing"
    left = ", ".join(f"{count} {what}" for what, count in stays.items())
    return f"{merged} was merged into {into}: {told} moved" + (f"; {left} stayed." if left else ".")


def planned_merge(merged: Vendor, into: Vendor) -> Merge:
    """What merging the first into the second would move; nothing is written.

    Raises ValidationError for two records that cannot become one.
    """
    _refuse_unfit(merged, into)
    facts_move = merged.operator_id == into.operator_id
    moves = [_move(field, merged, into, facts_move=facts_move) for field in pointing_fields()]
    keeps_name = facts_move and not _is_called(into, merged.name)
    shown = sorted((move for move in moves if move.moving or move.staying), key=lambda move: move.what)
    return Merge(merged=merged, into=into, moves=tuple(shown), keeps_name=keeps_name)


def carry_out(merge: Merge) -> None:
    """Move what was planned, inside the caller's transaction; the merged record stays as a tombstone."""
    for move in merge.moves:
        rows, name = move.field.model._base_manager, move.field.name
        for start in range(0, len(move.moving), IN_A_QUERY):
            some = move.moving[start : start + IN_A_QUERY]
            rows.filter(pk__in=some).update(**{name: merge.into})
    if merge.keeps_name:
        VendorAlias.objects.create(
            vendor=merge.into,
            name=merge.merged.name,
            kind=MERGED_NAME,
            source=f"the record '{merge.merged.slug}', merged into this one",
        )
    if merge.merged.operator_id == merge.into.operator_id and not merge.into.home_country:
        for name in ("home_country", "source", "confidence"):
            setattr(merge.into, name, getattr(merge.merged, name))
        merge.into.save(update_fields=["home_country", "source", "confidence"])
    merge.merged.merged_into = merge.into
    merge.merged.save(update_fields=["merged_into"])


def pointing_fields() -> Iterator[models.ForeignKey[Any, Any]]:
    """Every foreign key of any app that points at a vendor, hidden ones and those of many-to-many tables too; not
    those of tables that are worked out from the record."""
    for relation in Vendor._meta.get_fields(include_hidden=True):
        points = relation.auto_created and not relation.concrete
        is_one = points and (relation.one_to_many or relation.one_to_one)
        if is_one and not getattr(relation.related_model, "is_worked_out", False):
            yield relation.field  # type: ignore[misc, union-attr]


def _move(field: models.ForeignKey[Any, Any], merged: Vendor, into: Vendor, *, facts_move: bool) -> Move:
    model = field.model
    rows, what = model._base_manager.filter(**{field.name: merged}), str(model._meta.verbose_name_plural)
    if not facts_move and not _is_an_operators(model):
        if _rests_on_it(field) and rows.exists():
            sentence = (
                f"{what.capitalize()} rest on {merged}; only the platform can move them to the register."
            )
            raise ValidationError(sentence, code="merge_needs_platform")
        return Move(
            what=what, field=field, moving=(), staying=rows.count(), why_staying="not an operator's own"
        )
    if not _is_told_apart_by(field):
        return Move(what=what, field=field, moving=tuple(rows.order_by("pk").values_list("pk", flat=True)))
    moving = tuple(row.pk for row in rows.order_by("pk") if _has_room(row, field, into))
    staying = rows.count() - len(moving)
    if staying and _rests_on_it(field):
        sentence = f"Both vendors have the same {what}: settle that first, so that nothing is counted twice."
        raise ValidationError(sentence, code="merge_collides")
    return Move(
        what=what, field=field, moving=moving, staying=staying, why_staying="said of the other already"
    )


def _is_an_operators(model: type[models.Model]) -> bool:
    """Whether the rows are somebody's own, so that moving them changes nothing for others."""
    if getattr(model, "follows_facts", False):
        return False
    if issubclass(model, Scoped):
        return True
    named = {field.name for field in model._meta.get_fields()}
    return model._meta.app_label != "vendors" and "operator" in named


def _rests_on_it(field: models.ForeignKey[Any, Any]) -> bool:
    """Whether the row would not be what it is without its vendor: no vendor goes while such a row points at it."""
    return field.remote_field.on_delete is models.PROTECT and field.model is not Vendor


def _is_told_apart_by(field: models.ForeignKey[Any, Any]) -> bool:
    """Whether the vendor is part of what makes a row the only one of its kind."""
    meta = field.model._meta
    unique = [each.fields for each in meta.constraints if isinstance(each, models.UniqueConstraint)]
    return field.unique or any(field.name in names for names in (*unique, *meta.unique_together))


def _has_room(row: models.Model, field: models.ForeignKey[Any, Any], into: Vendor) -> bool:
    """Whether the other vendor has no such row yet."""
    setattr(row, field.name, into)
    try:
        row.validate_unique()
        row.validate_constraints()
    except ValidationError:
        return False
    return True


def _is_called(vendor: Vendor, name: str) -> bool:
    names = {vendor.name, *vendor.aliases.values_list("name", flat=True)}
    return name.casefold() in {each.casefold() for each in names}


def _refuse_unfit(merged: Vendor, into: Vendor) -> None:
    if merged.pk == into.pk:
        raise ValidationError("A record cannot be merged into itself.", code="merge_itself")
    for each in (merged, into):
        if each.merged_into_id:
            sentence = f"{each} was merged into {each.survivor} already."
            raise ValidationError(sentence, code="record_merged")
    if into.operator_id is not None and merged.operator_id != into.operator_id:
        sentence = "A private record cannot take in a record of the register, nor one of somebody else."
        raise ValidationError(sentence, code="merge_into_private")
