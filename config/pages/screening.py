"""Screening for those who decide: the queue, one hit and the word on it, the runs with the ages of lists."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from config.pages.address import a_number, address_with, one_of
from config.pages.policies.desk import done
from config.pages.visit import Visit, posted
from fleet.models import Operator
from risk.dashboard.screening_page import (
    DECISIONS,
    PAGE_SIZE,
    RUNS_SHOWN,
    STATES,
    WAITING,
    QueueAsked,
    hit_page,
    list_ages,
    queue_lines,
)
from risk.engine.list_effects import effect_of
from risk.engine.reviews import Decision, HitState
from risk.models import Alert, AlertKind, ListEdition, ScreeningHit, ScreeningRun
from risk.models.screening import HitQuerySet
from risk.services import decide_hit, first_word_on

DECIDE_ON_REGISTER = "risk.change_screeninghit"
DECIDE_ON_OWN = "vendors.change"


class DecisionForm(forms.Form):
    """What a person says of a hit, why, and on which evidence."""

    decision = forms.ChoiceField(choices=[(each.value, each.value) for each in Decision])
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "aria-describedby": "about-reason"}),
        error_messages={"required": "Say why: a decision without a reason tells the next reader nothing."},
        help_text="What you compared, and where you looked. It stays on record with the evidence.",
    )


def queue_page(visit: Visit) -> HttpResponse:
    """The hits that wait, or those that the address asks for; `?from=` is a place in the queue."""
    asked, hits = _asked(visit), _hits(visit)
    first = a_number(visit.request, "from") or 0
    lines = queue_lines(asked.narrowed(hits), first=first)
    kept = {"state": asked.state, "list": asked.list_code, "search": asked.search}
    following = address_with(**kept, **{"from": first + PAGE_SIZE}) if len(lines) > PAGE_SIZE else ""
    codes = hits.order_by("list_code").values_list("list_code", flat=True).distinct()
    return visit.render(
        "console/screening/queue.html",
        lines=lines[:PAGE_SIZE],
        asked=asked,
        kept=address_with(**kept),
        states=STATES,
        lists=[(code, effect_of(code).title) for code in codes],
        following=following,
        waiting=hits.awaiting_decision().count(),
        is_loaded=ListEdition.objects.exists(),
    )


def hit_detail_page(visit: Visit, hit_id: int) -> HttpResponse:
    """One hit; another operator's does not exist here."""
    return _shown(visit, _hit(visit, hit_id))


@posted
def decide_page(visit: Visit, hit_id: int) -> HttpResponse:
    """Say of a hit what it is, then go on to the next. Raises PermissionDenied for those who may only read."""
    hit = _hit(visit, hit_id)
    if not _may_decide(visit, hit):
        raise PermissionDenied(
            "Hits of the register are decided by compliance, those of private vendors by a manager."
        )
    form = DecisionForm(visit.request.POST)
    if not form.is_valid():
        return _shown(visit, hit, form, status=400)
    following = hit_page(hit, _asked(visit).narrowed(_hits(visit)), operator=None, first_word=None).after
    said = Decision(form.cleaned_data["decision"])
    if done(visit, lambda: _decided(visit, hit, said, form), f"{hit.vendor.name}: {_told(said)}."):
        kept = address_with(**_kept(visit))
        return redirect(f"{_address(following)}{kept}" if following else f"{_address(None)}{kept}")
    return _shown(visit, _hit(visit, hit_id), form, status=400)


def runs_page(visit: Visit) -> HttpResponse:
    """The lists in force with their ages, and the newest runs."""
    return visit.render(
        "console/screening/runs.html",
        ages=list_ages(visit.today),
        stale_after=settings.LIST_STALE_AFTER_DAYS,
        runs=ScreeningRun.objects.order_by("-number").defer("editions")[:RUNS_SHOWN],
        alerts=_alerts(visit)[:20],
    )


def _shown(
    visit: Visit, hit: ScreeningHit, form: DecisionForm | None = None, status: int = 200
) -> HttpResponse:
    page = hit_page(
        hit,
        _asked(visit).narrowed(_hits(visit)),
        operator=visit.chosen,
        first_word=first_word_on(hit),
    )
    return visit.render(
        "console/screening/hit.html",
        status=status,
        page=page,
        hit=hit,
        form=form or DecisionForm(initial={"digest": hit.evidence_digest}),
        decisions=DECISIONS,
        kept=address_with(**_kept(visit)),
        may_decide=_may_decide(visit, hit) and hit.state != HitState.GONE,
        needs_second=settings.SCREENING_NEEDS_SECOND_PERSON,
    )


def _decided(visit: Visit, hit: ScreeningHit, said: Decision, form: DecisionForm) -> None:
    decide_hit(
        hit_id=hit.pk,
        decision=said,
        reason=form.cleaned_data["reason"],
        digest=form.cleaned_data["digest"],
        by=visit.person,
        at=visit.now,
    )


def _told(said: Decision) -> str:
    waits = settings.SCREENING_NEEDS_SECOND_PERSON and said is not Decision.ESCALATED
    return f"{said.value}, as two persons have to say" if waits else said.value


def _asked(visit: Visit) -> QueueAsked:
    return QueueAsked(
        state=one_of(visit.request, "state", STATES, WAITING),
        list_code=visit.request.GET.get("list", "")[:100],
        search=visit.request.GET.get("search", "").strip()[:200],
    )


def _kept(visit: Visit) -> dict[str, str]:
    asked = _asked(visit)
    state = "" if asked.state == WAITING else asked.state
    return {"state": state, "list": asked.list_code, "search": asked.search}


def _own(visit: Visit) -> Operator | None:
    """The operator that is shown, for somebody who works for it: nobody else sees its private vendors."""
    works_there = visit.chosen and visit.person.memberships.filter(operator=visit.chosen).exists()
    return visit.chosen if works_there else None


def _hits(visit: Visit) -> HitQuerySet:
    return ScreeningHit.objects.visible_to(_own(visit))


def _alerts(visit: Visit) -> list[Alert]:
    """What those are told who may decide: of the register, and of what an operator keeps of vendors."""
    found = Alert.objects.none()
    if visit.person.has_perm(DECIDE_ON_REGISTER):
        found = Alert.objects.filter(operator__isnull=True)
    if own := _own(visit):
        found = found | Alert.objects.of(own).filter(kind=AlertKind.HITS_OPENED)
    return list(found.order_by("-pk")[:20])


def _hit(visit: Visit, hit_id: int) -> ScreeningHit:
    related = ("vendor", "record__came_with", "first_run", "last_run")
    hit = _hits(visit).select_related(*related).filter(pk=hit_id).first()
    if hit is None:
        raise Http404("There is no such hit.")
    return hit


def _may_decide(visit: Visit, hit: ScreeningHit) -> bool:
    if hit.operator_id is None:
        return bool(visit.person.has_perm(DECIDE_ON_REGISTER))
    return visit.chosen is not None and hit.operator_id == visit.chosen.pk and visit.may(DECIDE_ON_OWN)


def _address(hit_id: int | None) -> str:
    return reverse("admin:screening_hit", args=[hit_id]) if hit_id else reverse("admin:screening")
