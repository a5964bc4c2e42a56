"""One measure in the language of the policy files: to be read, and in a draft to be changed, ended or taken out."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect

from config.pages.policies.desk import Mark, done, edition_numbered, for_admins, read_pasted
from config.pages.policies.forms import PASTED, EndForm, MeasureForm
from config.pages.visit import Visit, posted
from risk.models import Measure, PolicyEdition
from risk.policy_files import spec_from, text_of
from risk.services import end_measure, put_measures, remove_measure

NO_FAMILY = Mark(
    sentence="family is missing; write it at the top, like family: us/section-301/forced-labour.", line=1
)
EXAMPLE = """\
family: us/section-301/
title:
import_country: US
authority: USTR, Section 301
rate_type: additive
hts_prefixes: "*"
countries_of_origin: []
source:
confidence:
verified_through:
series:
- values:
    2027-01-01:
      code:
      ad_valorem_rate: "0."
      legal_reference:
"""


@for_admins
def measure_page(visit: Visit, number: int, code: str) -> HttpResponse:
    """One measure of an edition. What is sent takes its place in a draft."""
    edition = edition_numbered(number)
    measure = _measure(edition, code)
    text = text_of([spec_from(measure.record)])
    return _written(visit, edition, measure=measure, text=text)


@for_admins
def new_measure_page(visit: Visit, number: int) -> HttpResponse:
    """A measure to be added to a draft."""
    edition = edition_numbered(number)
    if edition.is_published:
        raise Http404("A published edition takes no new measure.")
    return _written(visit, edition, measure=None, text=EXAMPLE)


@for_admins
@posted
def end_page(visit: Visit, number: int, code: str) -> HttpResponse:
    """End a measure of a draft by an act."""
    edition = edition_numbered(number)
    measure = _measure(edition, code)
    form = EndForm(visit.request.POST)
    if form.is_valid():
        given = form.cleaned_data
        if done(
            visit,
            lambda: end_measure(edition=edition, code=code, by=visit.person, **given),
            f"{code} ends on {given['through']}.",
        ):
            return redirect("admin:policy_review", number)
    shown = MeasureForm(initial={"text": text_of([spec_from(measure.record)])})
    return _shown(visit, edition, measure, form=shown, end_form=form, status=400)


@for_admins
@posted
def remove_page(visit: Visit, number: int, code: str) -> HttpResponse:
    """Take a measure out of a draft."""
    edition = edition_numbered(number)
    _measure(edition, code)
    if done(
        visit,
        lambda: remove_measure(edition=edition, code=code, by=visit.person),
        f"{code} is taken out of the draft.",
    ):
        return redirect("admin:policy_review", number)
    return redirect("admin:policy_measure", number, code)


def _written(visit: Visit, edition: PolicyEdition, *, measure: Measure | None, text: str) -> HttpResponse:
    """The page, or what became of the text that was sent to it."""
    request = visit.request
    if not visit.is_posted:
        return _shown(visit, edition, measure, form=MeasureForm(initial={"text": text}))
    if edition.is_published:
        return HttpResponseNotAllowed(["GET"])
    form = MeasureForm(request.POST, request.FILES)
    marks: list[Mark] = []
    if form.is_valid():
        folder, marks = read_pasted(form.cleaned_data["text"], name=PASTED, is_whole=False)
        measures = folder.book.measures if folder else ()
        marks += [NO_FAMILY] if any(f"{each.family}.yaml" == PASTED for each in measures) else []
        codes = ", ".join(each.code for each in measures)
        if not marks and done(
            visit,
            lambda: put_measures(edition=edition, measures=measures, by=visit.person),
            f"Written into the draft: {codes}.",
        ):
            return redirect("admin:policy_review", edition.number)
        form = MeasureForm(initial={"text": form.cleaned_data["text"]})
    return _shown(visit, edition, measure, form=form, marks=marks, status=400)


def _shown(
    visit: Visit,
    edition: PolicyEdition,
    measure: Measure | None,
    *,
    form: MeasureForm,
    end_form: EndForm | None = None,
    marks: list[Mark] | None = None,
    status: int = 200,
) -> HttpResponse:
    return visit.render(
        "console/policies/measure.html",
        status=status,
        edition=edition,
        measure=measure,
        form=form,
        end_form=end_form or EndForm(),
        marks=marks or [],
    )


def _measure(edition: PolicyEdition, code: str) -> Measure:
    measure = edition.measures.filter(code=code).first()
    if measure is None:
        raise Http404("The edition has no such measure.")
    return measure
