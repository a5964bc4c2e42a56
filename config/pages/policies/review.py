"""The look before publishing: what a draft says differently, what is wrong with it, what it does to each fleet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect

from config.pages.policies.desk import done, edition_numbered, for_admins
from config.pages.policies.forms import DayForm, PublishForm
from config.pages.visit import Visit, posted
from risk.book import book_of
from risk.dashboard.words import counted, dollars, percent, whole
from risk.engine.policy import PolicyBook
from risk.engine.shares import AmountSum, Kind, Part
from risk.flows.preview_edition import EditionPreview, preview_edition
from risk.models import PolicyEdition
from risk.policy_files import Comparison, compare
from risk.selectors import FleetExposure, Restated, findings_restated
from risk.services import complaints_about, publish_edition

LISTED = 100
DAYS_SHOWN = 8
AMOUNTS = {
    "duty_to_come": "Duty to come",
    "contingent": "Contingent duty",
    "refundable": "Refundable duty",
    "replacement": "Duty on a replacement",
}
OUTCOMES = {
    Restated.DIFFERS: "reads differently now",
    Restated.OWED: "is being assessed",
    Restated.OTHER_FACTS: "changed, and its facts did too",
    Restated.SAME: "reads the same",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What a draft does to one operator, in words."""

    operator: str
    before: str
    after: str
    unknown_before: str
    unknown_after: str
    moved: str
    set_aside: int
    amounts: tuple[tuple[str, str, str], ...]


@for_admins
def review_page(visit: Visit, number: int) -> HttpResponse:
    """An edition against the one before it; of a draft also its complaints, and the shares that it would bring."""
    return _reviewed(visit, edition_numbered(number), PublishForm())


@for_admins
@posted
def publish_page(visit: Visit, number: int) -> HttpResponse:
    """Publish a draft for good; every refusal is shown above the draft."""
    edition, form = edition_numbered(number), PublishForm(visit.request.POST)
    if form.is_valid() and done(
        visit,
        lambda: publish_edition(
            edition=edition, on=visit.today, at=visit.now, by=visit.person, **form.cleaned_data
        ),
        f"Edition {number} is published; the lots that it touches are being assessed.",
    ):
        return redirect("admin:policy_review", number)
    return _reviewed(visit, edition_numbered(number), form, status=400)


def _reviewed(visit: Visit, edition: PolicyEdition, form: PublishForm, status: int = 200) -> HttpResponse:
    before, difference = _difference(edition)
    day_form, on = _day_of(visit)
    is_open = not edition.is_published
    complaints = complaints_about(edition) if is_open else []
    return visit.render(
        "console/policies/review.html",
        status=status,
        edition=edition,
        before=before,
        difference=difference,
        complaints=complaints,
        # Under a wrong law nothing is worked out: two base rates on the same goods have no answer.
        shifts=_shifts(visit, edition, on) if is_open and not complaints else [],
        day_form=day_form,
        on=on,
        days_to_come=_days_to_come(difference, visit.today),
        form=form,
        needs_second=is_open and _needs_second(visit, edition),
        **_restated(edition),
    )


def _difference(edition: PolicyEdition) -> tuple[PolicyEdition | None, Comparison]:
    before = _edition_before(edition)
    return before, compare(book_of(edition), book_of(before) if before else PolicyBook(()))


def _day_of(visit: Visit) -> tuple[DayForm, date]:
    """The day that the address asks for, else today."""
    if "on" not in visit.request.GET:
        return DayForm(initial={"on": visit.today}), visit.today
    form = DayForm(visit.request.GET)
    return form, form.cleaned_data["on"] if form.is_valid() else visit.today


def _days_to_come(difference: Comparison, today: date) -> list[date]:
    """The days after today on which something of the difference begins, or is over."""
    return [day for day in difference.days if day > today][:DAYS_SHOWN]


def _edition_before(edition: PolicyEdition) -> PolicyEdition | None:
    """The current one for a draft, the one published before for a published edition."""
    earlier = PolicyEdition.objects.published()
    return (earlier.filter(number__lt=edition.number) if edition.is_published else earlier).first()


def _needs_second(visit: Visit, edition: PolicyEdition) -> bool:
    return settings.POLICY_NEEDS_SECOND_PERSON and edition.changed_by_id == visit.person.pk


def _shifts(visit: Visit, edition: PolicyEdition, on: date) -> list[Shift]:
    return [_shift(preview) for preview in preview_edition(edition, on=on, today=visit.today)]


def _shift(preview: EditionPreview) -> Shift:
    return Shift(
        operator=preview.operator.name,
        before=_exposed(preview.before),
        after=_exposed(preview.after),
        unknown_before=_unknown(preview.before),
        unknown_after=_unknown(preview.after),
        moved=f"{whole(preview.lots_moved)} of {whole(preview.lots)}",
        set_aside=preview.lots_set_aside,
        amounts=tuple(_amounts(preview)),
    )


def _amounts(preview: EditionPreview) -> Iterator[tuple[str, str, str]]:
    """Each of the four amounts that differs: what it is, before, after."""
    before, after = preview.before.whole.duty, preview.after.whole.duty
    for name, words in AMOUNTS.items():
        if before[name] != after[name]:
            yield words, _sum_in_words(before[name]), _sum_in_words(after[name])


def _sum_in_words(amount: AmountSum) -> str:
    lacking = f" and {counted(amount.unknown_lots, 'lot')} not known" if amount.unknown_lots else ""
    return f"{dollars(amount.known)}{lacking}"


def _measure_of(exposure: FleetExposure) -> str:
    return "hashrate" if exposure.whole.fleet.hashrate_ghs else "units"


def _exposed(exposure: FleetExposure) -> str:
    return percent(exposure.whole.exposed[Kind.ANY].of(_measure_of(exposure)))


def _unknown(exposure: FleetExposure) -> str:
    return percent(exposure.whole.bar[Part.UNKNOWN].of(_measure_of(exposure)))


def _restated(edition: PolicyEdition) -> dict[str, object]:
    """What rested on the edition that this one restates, counted by what became of it, and the first of it."""
    if edition.restates_id is None:
        return {}
    found = findings_restated(edition)
    counts = [(words, sum(each.outcome is outcome for each in found)) for outcome, words in OUTCOMES.items()]
    rows = [
        (
            each,
            str(each.before.rate or "not known"),
            str(each.now.rate or "not known"),
            OUTCOMES[each.outcome],
        )
        for each in found[:LISTED]
    ]
    return {"restated_counts": counts, "restated": rows, "restated_lots": len(found)}
