"""Alerts: the list with what is unseen first, one alert with its counts and lots, and the rule that they follow."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from config.pages.address import a_number, address_with
from config.pages.alert_form import AlertRuleForm
from config.pages.policies.desk import done
from config.pages.visit import Visit, posted
from risk.dashboard.alert_list import PAGE_SIZE, alerts_shown, parts_in_words
from risk.flows.alert_rows import rules_of
from risk.models import Alert, AlertRule
from risk.models.outbound import AlertQuerySet
from risk.services import see_alerts, set_alert_rule

CHANGE_RULE = "risk.change_alertrule"


def alert_list_page(visit: Visit) -> HttpResponse:
    """What is unseen first, then the newest; `?from=` is a place in the list."""
    shown, first = _shown(visit), a_number(visit.request, "from") or 0
    rows = list(shown.unseen_first(visit.person)[first : first + PAGE_SIZE + 1])
    following = address_with(**{"from": first + PAGE_SIZE}) if len(rows) > PAGE_SIZE else ""
    return visit.render(
        "console/alerts/list.html",
        alerts=rows[:PAGE_SIZE],
        unseen=shown.exclude(seen_by=visit.person).aggregate(number=Count("pk"), newest=Max("pk")),
        following=following,
        may_change=visit.may(CHANGE_RULE),
    )


def alert_page(visit: Visit, alert_id: int) -> HttpResponse:
    """One alert; another operator's does not exist here."""
    alert = _alert(visit, alert_id)
    return visit.render(
        "console/alerts/alert.html",
        alert=alert,
        parts=parts_in_words(alert),
        lot_ids=alert.detail.get("lots", []) if alert.operator_id else [],
        is_seen=alert.seen_by.filter(pk=visit.person.pk).exists(),
    )


@posted
def seen_page(visit: Visit, alert_id: int) -> HttpResponse:
    """Mark one alert as seen by the visitor."""
    alert = _alert(visit, alert_id)
    see_alerts(_shown(visit).filter(pk=alert.pk), by=visit.person)
    return redirect("admin:alerts")


@posted
def all_seen_page(visit: Visit) -> HttpResponse:
    """Mark all alerts as seen, up to the one that stood first when the page was shown."""
    newest = visit.request.POST.get("newest", "")
    if newest.isascii() and newest.isdigit() and len(newest) < 19:
        unseen = _shown(visit).exclude(seen_by=visit.person)
        see_alerts(unseen.filter(pk__lte=int(newest)), by=visit.person)
    return redirect("admin:alerts")


def alert_rule_page(visit: Visit) -> HttpResponse:
    """What is told, how and when; only managers change it. Raises PermissionDenied for others who try."""
    rule = rules_of([visit.operator])[visit.operator.pk]
    if not visit.is_posted:
        return _rule(visit, AlertRuleForm(initial=AlertRuleForm.said_of(rule)))
    if not visit.may(CHANGE_RULE):
        raise PermissionDenied("Only a manager of this operator changes what is told.")
    form = AlertRuleForm(visit.request.POST)
    if form.is_valid() and _set(visit, form):
        return redirect("admin:alert_rule")
    return _rule(visit, form, status=400)


def _set(visit: Visit, form: AlertRuleForm) -> bool:
    def deed() -> AlertRule:
        return set_alert_rule(operator=visit.operator, by=visit.person, **form.said)

    return done(visit, deed, "From now on it is told so.")


def _rule(visit: Visit, form: AlertRuleForm, status: int = 200) -> HttpResponse:
    return visit.render(
        "console/alerts/rule.html", status=status, form=form, may_change=visit.may(CHANGE_RULE)
    )


def _shown(visit: Visit) -> AlertQuerySet:
    return alerts_shown(
        visit.operator,
        works_there=visit.person.memberships.filter(operator=visit.operator).exists(),
        keeps_register=visit.keeps_register,
    )


def _alert(visit: Visit, alert_id: int) -> Alert:
    alert = _shown(visit).filter(pk=alert_id).first()
    if alert is None:
        raise Http404("There is no such alert.")
    return alert
