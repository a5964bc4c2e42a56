"""What templates call the words of numbers by."""

from __future__ import annotations

from django import template

from config.pages.visit import Visit
from risk.dashboard import words
from risk.dashboard.attention import StaleLaw
from risk.dashboard.attention import stale_law as law_gone_stale
from risk.dashboard.columns import hashrate_of
from risk.dashboard.list_banner import ListBanner, list_banner
from risk.engine.terms.money import Money
from risk.models import ListEdition, PolicyEdition
from risk.models.exposure import by_edition
from risk.selectors import list_editions_of

register = template.Library()
register.filter("country", words.country)
register.filter("day", words.day)
register.filter("hashrate", words.hashrate)
register.filter("power", words.power)
register.filter("rig_hashrate", hashrate_of)


@register.filter
def counted(number: int, thing: str) -> str:
    """ "{{ 3|counted:"lot" }}" is "3 lots"; an irregular plural follows a comma: "entry,entries"."""
    return words.counted(number, *thing.split(","))


@register.filter
def lasting(seconds: int) -> str:
    """A time as people say it: "45 seconds", from two minutes on "3 minutes"."""
    return counted(seconds, "second") if seconds < 120 else counted(-(-seconds // 60), "minute")


@register.filter
def in_words(code: str) -> str:
    """A problem's code or a column's name as words: "model_not_found" is "model not found"."""
    return words.fact_in_words(code)


@register.filter("of")
def value_of(values: dict[str, object], name: str) -> object:
    """A value by a name that the template holds; nothing where there is none."""
    found = values.get(name)
    return "" if found is None else found


@register.filter
def cents(amount: int | None) -> str:
    """Whole cents as dollars; None is not known."""
    return "–" if amount is None else words.dollars(Money.of_cents(amount))


@register.filter
def whole(number: int) -> str:
    """A whole number with its thousands apart: 100,000."""
    return words.whole(number)


@register.simple_tag
def stale_law(visit: Visit) -> StaleLaw | None:
    """The current law on the day of a visit, where it was last checked too long ago."""
    return law_gone_stale(visit.today)


@register.simple_tag
def lists_in_force(visit: Visit) -> ListBanner:
    """The government lists in force on the day of a visit, and how old they are."""
    return list_banner(visit.today)


@register.simple_tag
def rests_on(visit: Visit) -> dict[str, object]:
    """The edition and the list editions that the shares of a visit's operator rest on, and whether there are lists
    at all; three queries."""
    return {
        "edition": PolicyEdition.objects.current(),
        "lists": by_edition(list_editions_of(visit.operator)),
        "has_lists": ListEdition.objects.exists(),
    }
