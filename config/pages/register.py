"""The way into the register: makers, models, policies, and for platform staff operators, people and audit."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpResponse

from config.pages.policies.desk import PUBLISH
from config.pages.visit import Visit
from fleet.models.keys import Scope
from fleet.rights import KEEP_HOLDS, KEEP_KEYS, READ_AUDIT, READ_WHOLE_AUDIT, RIGHT_FOR

SHELVES = (
    ("Vendors", "vendors.vendor", "Makers of rigs: their names, their ties to others, where they assemble."),
    ("Rig models", "fleet.rigmodel", "Models and bins with hashrate and power, and what each source says."),
    ("Policy editions", "risk.policyedition", "The law as it was known when each edition was published."),
    ("Measures", "risk.measure", "Every duty, fee and restriction, with its days, rate and citation."),
    ("Fetched lists", "risk.listfetch", "Every attempt to fetch a government list, and what came of it."),
    ("Operators", "fleet.operator", "The mining companies whose fleets are kept here."),
    ("Sites", "fleet.site", "The places where rigs stand."),
    ("People", "fleet.user", "Who may enter, and what they may do on the platform's register."),
    ("Memberships", "fleet.membership", "Who works for which operator, in which role."),
    ("Audit", "ledger.auditentry", "Who did what, and when; nothing in it can be changed."),
)


def register_page(visit: Visit) -> HttpResponse:
    """Every shelf of the register that the person may open, with how many records stand on it."""
    admins = {model._meta.label_lower: model_admin for model, model_admin in admin.site._registry.items()}
    open_shelves = [
        (
            title,
            admins[label].get_queryset(visit.request).count(),
            f"admin:{label.replace('.', '_')}_changelist",
            about,
        )
        for title, label, about in SHELVES
        if label in admins and admins[label].has_view_permission(visit.request)
    ]
    return visit.render(
        "console/register.html",
        shelves=open_shelves,
        keeps_law=visit.person.has_perm(PUBLISH),
        keeps_webhooks=visit.chosen is not None and visit.may(RIGHT_FOR[Scope.WEBHOOKS_WRITE]),
        reads_audit=visit.person.has_perm(READ_WHOLE_AUDIT)
        or (visit.chosen is not None and visit.may(READ_AUDIT)),
        keeps_keys=visit.chosen is not None and visit.may(KEEP_KEYS),
        keeps_holds=visit.chosen is not None and visit.may(KEEP_HOLDS),
    )
