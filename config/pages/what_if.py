"""What if: a supposition is picked or written, asked about, and kept under a name; nothing is recorded in the fleet.

A supposition is one text (docs/adr/0008). Pickers write it, an address holds what is picked, and a kept one has an
address of its own; whichever way it came, the same text is read and the same answer is given.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect

from config.pages.address import a_number
from config.pages.supposition_form import SuppositionForm, pickers_of
from config.pages.visit import Visit
from risk.dashboard.suppositions import SuppositionPage, supposition_page
from risk.engine.shares import MEASURES
from risk.flows.what_if import what_if
from risk.models import PolicyEdition, SavedScenario
from risk.scenarios import EXAMPLES, ScenarioRefused, read_scenario, scenario_text
from risk.services import forget_scenario, keep_scenario

LONGEST_IN_ADDRESS = 1_500  # characters of a text that an address can carry through every browser and proxy


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is supposed, as pickers and as text; `complaints` are sentences of what cannot be supposed.

    `is_said` tells whether there is anything to answer, `is_picked` whether the pickers say all of the text.
    """

    form: SuppositionForm
    on: date
    text: str = ""
    is_said: bool = False
    is_picked: bool = True
    complaints: tuple[str, ...] = ()
    answer: SuppositionPage | None = field(default=None)

    @property
    def is_refused(self) -> bool:
        """Whether something that was said cannot be supposed."""
        return bool(self.complaints or self.form.errors)


def what_if_page(visit: Visit) -> HttpResponse:
    """The pickers and the text, with both sides where something is supposed; `?part=answer` is the answer alone."""
    sent = visit.request.POST
    if "forget" in sent:
        return _forgotten(visit, sent["forget"])
    asked = _asked(visit)
    if "keep" in sent:
        return _kept(visit, asked)
    return _shown(visit, _answered(visit, asked))


def _asked(visit: Visit) -> Asked:
    """What an address or a form supposes: what is picked, a text, a kept scenario, an example, or nothing yet."""
    said = visit.request.POST if visit.is_posted else visit.request.GET
    on, complaints = _day(visit, said)
    if any(name in said for name in SuppositionForm.base_fields):
        asked = _picked(SuppositionForm(visit.operator, on, said), on)
    else:
        asked = _written(visit, _named_text(visit, said), on)
    return replace(asked, complaints=complaints)


def _picked(form: SuppositionForm, on: date) -> Asked:
    is_said = form.is_valid() and form.supposes
    return Asked(form=form, on=on, text=form.text if is_said else "", is_said=is_said)


def _written(visit: Visit, text: str, on: date) -> Asked:
    picked = pickers_of(text, on) if text else {}
    return Asked(
        form=SuppositionForm(visit.operator, on, initial=picked or {}),
        on=on,
        text=text,
        is_said=bool(text.strip()) or visit.is_posted,
        is_picked=picked is not None,
    )


def _named_text(visit: Visit, said: QueryDict) -> str:
    if "text" in said:
        return said.get("text", "")
    if number := a_number(visit.request, "scenario"):
        return _scenario(visit, number).text
    return EXAMPLES.get(said.get("example", ""), "")


def _answered(visit: Visit, asked: Asked) -> Asked:
    if not asked.is_said or asked.is_refused:
        return asked
    try:
        return replace(asked, answer=_supposed(visit, asked))
    except ScenarioRefused as refusal:
        return replace(asked, complaints=tuple(refusal.complaints))


def _supposed(visit: Visit, asked: Asked) -> SuppositionPage:
    edition = PolicyEdition.objects.current()
    if edition is None:
        raise ScenarioRefused(["No policy edition is published yet, so there is no law to change."])
    scenario = read_scenario(scenario_text(asked.text))
    supposed = what_if(visit.operator, scenario, edition=edition, on=asked.on, today=visit.today)
    return supposition_page(supposed, measure=_measure(visit))


def _day(visit: Visit, said: QueryDict) -> tuple[date, tuple[str, ...]]:
    written = said.get("on", "").strip()
    try:
        return (date.fromisoformat(written) if written else visit.today), ()
    except ValueError:
        return visit.today, (f"'{written}' is no day; write it like 2027-01-15.",)


def _measure(visit: Visit) -> str:
    said = visit.request.POST.get("measure") or visit.request.GET.get("measure", "")
    return said if said in MEASURES else visit.measure


def _kept(visit: Visit, asked: Asked) -> HttpResponse:
    if not visit.may_upload:
        raise PermissionDenied
    if asked.is_refused:
        return _shown(visit, asked)
    title = visit.request.POST.get("title", "")
    try:
        kept = keep_scenario(
            operator=visit.operator, title=title, text=asked.text, by=visit.person, at=visit.now
        )
    except ValidationError as refusal:
        return _shown(visit, replace(asked, complaints=tuple(refusal.messages)))
    messages.success(
        visit.request, f"“{kept}” is kept. Everybody of {visit.operator.name} can open this address."
    )
    return redirect(f"{visit.request.path}?scenario={kept.pk}")


def _forgotten(visit: Visit, number: str) -> HttpResponse:
    if not visit.may_upload:
        raise PermissionDenied
    scenario = _scenario(visit, int(number) if number.isdecimal() and len(number) < 19 else 0)
    forget_scenario(scenario=scenario, by=visit.person)
    if len(scenario.text) > LONGEST_IN_ADDRESS:
        messages.info(visit.request, f"“{scenario}” is no longer kept; its text is below, until you leave.")
        form = SuppositionForm(visit.operator, visit.today)
        return _shown(visit, Asked(form=form, on=visit.today, text=scenario.text, is_picked=False))
    messages.info(
        visit.request, f"“{scenario}” is no longer kept. Its text is still below: keep it again to undo."
    )
    return redirect(f"{visit.request.path}?{urlencode({'text': scenario.text, 'title': scenario.title})}")


def _scenario(visit: Visit, number: int) -> SavedScenario:
    scenario = SavedScenario.objects.filter(operator=visit.operator, pk=number).first()
    if scenario is None:
        raise Http404("There is no such scenario.")
    return scenario


def _address(visit: Visit, asked: Asked) -> str:
    """The question as an address that asks it again; empty where the text is too long for one."""
    said = {"on": asked.on.isoformat() if asked.on != visit.today else "", "measure": _measure(visit)}
    if number := a_number(visit.request, "scenario"):
        picked = {"scenario": str(number)}
    elif asked.form.is_bound:
        picked = {name: str(asked.form.data.get(name, "")) for name in SuppositionForm.base_fields}
    else:
        picked = {"text": asked.text}
    if len(asked.text) > LONGEST_IN_ADDRESS and "scenario" not in picked:
        return ""
    return "?" + urlencode({name: value for name, value in {**picked, **said}.items() if value})


def _shown(visit: Visit, asked: Asked) -> HttpResponse:
    said = visit.request.POST or visit.request.GET
    is_part = visit.request.GET.get("part") == "answer"
    return visit.render(
        "console/parts/supposed.html" if is_part else "console/what_if.html",
        status=400 if asked.is_refused and visit.is_posted else 200,
        asked=asked,
        answer=asked.answer,
        address=_address(visit, asked) if asked.answer else "",
        on=said.get("on", ""),
        title=said.get("title", ""),
        measure=_measure(visit),
        measures=tuple(MEASURES),
        kept=SavedScenario.objects.filter(operator=visit.operator),
        examples=tuple(EXAMPLES),
    )
