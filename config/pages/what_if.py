"""What if: a supposition is written, asked about, and kept under a name; nothing is recorded in the fleet."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from config.pages.address import a_number, one_of
from config.pages.visit import Visit
from risk.dashboard.suppositions import SuppositionPage, supposition_page
from risk.engine.shares import MEASURES
from risk.flows.what_if import what_if
from risk.models import PolicyEdition, SavedScenario
from risk.scenarios import EXAMPLES, ScenarioRefused, read_scenario, scenario_text
from risk.services import forget_scenario, keep_scenario

USUAL_MEASURE = "hashrate"


def what_if_page(visit: Visit) -> HttpResponse:
    """The question, with the text of an example or of a kept scenario where the address names one."""
    if visit.request.method != "POST":
        return _asked(visit, text=_named_text(visit))
    sent = visit.request.POST
    if "forget" in sent:
        return _forgotten(visit, sent["forget"])
    return _kept(visit) if "keep" in sent else _answered(visit)


def _named_text(visit: Visit) -> str:
    if number := a_number(visit.request, "scenario"):
        return _scenario(visit, number).text
    return EXAMPLES[one_of(visit.request, "example", EXAMPLES, next(iter(EXAMPLES)))]


def _answered(visit: Visit) -> HttpResponse:
    text = visit.request.POST.get("text", "")
    try:
        return _asked(visit, text=text, answer=_supposed(visit, text))
    except ScenarioRefused as refusal:
        return _asked(visit, text=text, complaints=refusal.complaints)


def _supposed(visit: Visit, text: str) -> SuppositionPage:
    edition = PolicyEdition.objects.current()
    if edition is None:
        raise ScenarioRefused(["No policy edition is published yet, so there is no law to change."])
    scenario = read_scenario(scenario_text(text))
    supposed = what_if(visit.operator, scenario, edition=edition, on=_day(visit), today=visit.today)
    return supposition_page(supposed, measure=_measure(visit))


def _day(visit: Visit) -> date:
    said = visit.request.POST.get("on", "").strip()
    try:
        return date.fromisoformat(said) if said else visit.today
    except ValueError:
        raise ScenarioRefused([f"'{said}' is no day; write it like 2027-01-15."]) from None


def _measure(visit: Visit) -> str:
    said = visit.request.POST.get("measure", "")
    return said if said in MEASURES else USUAL_MEASURE


def _kept(visit: Visit) -> HttpResponse:
    if not visit.may_upload:
        raise PermissionDenied
    sent = visit.request.POST
    try:
        kept = keep_scenario(
            operator=visit.operator,
            title=sent.get("title", ""),
            text=sent.get("text", ""),
            by=visit.person,
            at=visit.now,
        )
    except ValidationError as refusal:
        return _asked(visit, text=sent.get("text", ""), complaints=refusal.messages)
    messages.success(visit.request, f"“{kept}” is kept.")
    return redirect(f"{visit.request.path}?scenario={kept.pk}")


def _forgotten(visit: Visit, number: str) -> HttpResponse:
    if not visit.may_upload:
        raise PermissionDenied
    scenario = _scenario(visit, int(number) if number.isdecimal() else 0)
    forget_scenario(scenario=scenario, by=visit.person)
    messages.info(visit.request, f"“{scenario}” is no longer kept.")
    return redirect(visit.request.path)


def _scenario(visit: Visit, number: int) -> SavedScenario:
    scenario = SavedScenario.objects.filter(operator=visit.operator, pk=number).first()
    if scenario is None:
        raise Http404("There is no such scenario.")
    return scenario


def _asked(
    visit: Visit,
    *,
    text: str,
    answer: SuppositionPage | None = None,
    complaints: tuple[str, ...] | list[str] = (),
) -> HttpResponse:
    return visit.render(
        "console/what_if.html",
        status=400 if complaints else 200,
        text=text,
        on=visit.request.POST.get("on", ""),
        title=visit.request.POST.get("title", ""),
        measure=_measure(visit),
        measures=tuple(MEASURES),
        answer=answer,
        complaints=complaints,
        kept=SavedScenario.objects.filter(operator=visit.operator),
        examples=tuple(EXAMPLES),
    )
