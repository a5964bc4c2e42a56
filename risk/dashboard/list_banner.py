"""How old the government lists in force are, for every page of the console."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.timezone import localtime

from risk.flows.tell_of_screening import is_own
from risk.lists import FORMATS
from risk.models import ListEdition, ListFetch


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAge:
    """One list in force: the day of its data, and their age in days.

    `confirmed_on`: when its source last gave it out; None for a list that no fetch brought. `trouble`: why the last
    attempt to fetch a newer one failed, where it did.
    """

    title: str
    data_date: date
    days: int
    is_cut_down: bool
    confirmed_on: date | None
    trouble: str

    @property
    def is_stale(self) -> bool:
        """Whether its data are older than LIST_STALE_AFTER_DAYS."""
        return self.days > settings.LIST_STALE_AFTER_DAYS

    @property
    def is_to_be_warned_of(self) -> bool:
        """Whether somebody listed could be missing, by age or because most of the list is left out."""
        return self.is_stale or self.is_cut_down


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBanner:
    """What a page says of the lists: those to be warned of, and the others."""

    warned: tuple[ListAge, ...]
    fresh: tuple[ListAge, ...]


def list_banner(today: date) -> ListBanner:
    """The lists in force on a day, for the head of a page; as many queries as `list_ages`."""
    ages = list_ages(today)
    return ListBanner(
        warned=tuple(age for age in ages if age.is_to_be_warned_of),
        fresh=tuple(age for age in ages if not age.is_to_be_warned_of),
    )


def list_ages(today: date) -> tuple[ListAge, ...]:
    """The lists of governments in force, oldest first; those that an organisation keeps itself do not age.

    Two queries; one where there is no list.
    """
    editions = [each for each in ListEdition.objects.in_force() if not is_own(each)]
    attempts = ListFetch.objects.last_of(each.format for each in editions) if editions else []
    ages = (
        _age(edition, today, [each for each in attempts if each.format == edition.format])
        for edition in editions
    )
    return tuple(sorted(ages, key=lambda age: (-age.days, age.title)))


def _age(edition: ListEdition, today: date, attempts: Iterable[ListFetch]) -> ListAge:
    own = [each for each in attempts if each.format == edition.format]
    found = max((each.begun_at for each in own if each.edition_id == edition.pk), default=None)
    last = max(own, key=lambda each: each.begun_at, default=None)
    form = FORMATS.get(edition.format)
    return ListAge(
        title=form.title if form else edition.format,
        data_date=edition.data_date,
        days=(today - edition.data_date).days,
        is_cut_down=_is_cut_down(edition, form.floors if form else {}),
        confirmed_on=localtime(found).date() if found else None,
        trouble=last.sentence if last and last.has_failed else "",
    )


def _is_cut_down(edition: ListEdition, floors: Mapping[str, int]) -> bool:
    """Whether it has fewer parties than a whole edition has ever had."""
    return any(edition.rows.get(code, 0) < floor for code, floor in floors.items())
