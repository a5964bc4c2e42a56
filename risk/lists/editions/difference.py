"""What one edition says differently from another, by party: names added, changed and removed, and other facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from risk.engine.listed import ListedEntity, ListedName

# What differs with every file without saying anything of the party.
_NOT_COMPARED = frozenset({"row_id", "names", "source_url"})
_COMPARED = tuple(field.name for field in fields(ListedEntity) if field.name not in _NOT_COMPARED)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityChange:
    """One party before and after. A changed name is the same text under another kind or weakness."""

    before: ListedEntity
    after: ListedEntity
    names_added: tuple[ListedName, ...]
    names_removed: tuple[ListedName, ...]
    names_changed: tuple[tuple[ListedName, ListedName], ...]
    fields_changed: tuple[str, ...]

    @property
    def touches_names(self) -> bool:
        """Whether another vendor could now be meant, or this one no longer."""
        return bool(self.names_added or self.names_removed or self.names_changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Parties that came, went or changed, each in the order of its edition."""

    added: tuple[ListedEntity, ...]
    removed: tuple[ListedEntity, ...]
    changed: tuple[EntityChange, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    @property
    def to_screen(self) -> tuple[ListedEntity, ...]:
        """The parties that every vendor must be compared with anew: new ones, and those whose facts differ."""
        return (*self.added, *(change.after for change in self.changed))


def difference(before: Iterable[ListedEntity], after: Iterable[ListedEntity]) -> Difference:
    """From one edition to the next, parties known by list and number. Both must be whole (see judge_edition)."""
    old, new = _by_key(before), _by_key(after)
    both = ((old[key], entity) for key, entity in new.items() if key in old)
    return Difference(
        added=tuple(entity for key, entity in new.items() if key not in old),
        removed=tuple(entity for key, entity in old.items() if key not in new),
        changed=tuple(change for one, other in both if (change := _change(one, other))),
    )


def _by_key(entities: Iterable[ListedEntity]) -> Mapping[tuple[str, str], ListedEntity]:
    """A source may hold the same row twice (Bank of Kunlun in the consolidated list of 2022-04); the first counts."""
    found: dict[tuple[str, str], ListedEntity] = {}
    for entity in entities:
        found.setdefault(entity.key, entity)
    return found


def _change(before: ListedEntity, after: ListedEntity) -> EntityChange | None:
    differing = tuple(name for name in _COMPARED if getattr(before, name) != getattr(after, name))
    if before.names == after.names and not differing:
        return None
    old, new = ({name.text: name for name in each.names} for each in (before, after))
    return EntityChange(
        before=before,
        after=after,
        names_added=tuple(name for text, name in new.items() if text not in old),
        names_removed=tuple(name for text, name in old.items() if text not in new),
        names_changed=tuple(
            (old[text], name) for text, name in new.items() if text in old and old[text] != name
        ),
        fields_changed=differing,
    )
