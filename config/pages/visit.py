"""Who visits which operator on which day, and what they may do there. The one door to an operator's fleet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import get_default_timezone, localtime

from fleet.models import Operator
from fleet.rights import rights_at
from risk.dashboard.front_page import USUAL_MEASURE

CHOSEN_OPERATOR = "operator"
NAVIGATION = (
    ("Exposure", ("admin:index", "admin:doubts", "admin:runs", "admin:run")),
    ("Through time", ("admin:history",)),
    ("Lots", ("admin:lots", "admin:lot")),
    ("Rigs", ("admin:rigs", "admin:rig", "admin:edits", "admin:new_edit", "admin:edit", "admin:saved_views")),
    (
        "Uploads",
        (
            "admin:uploads",
            "admin:new_upload",
            "admin:upload",
            "admin:upload_deed",
            "admin:begin_upload",
            "admin:guide",
            "admin:receipts",
            "admin:new_receipt",
            "admin:receipt",
        ),
    ),
    (
        "Reserve",
        (
            "admin:reserve",
            "admin:refunds",
            "admin:entries",
            "admin:entry",
            "admin:evidence",
            "admin:new_evidence",
        ),
    ),
    ("Reports", ("admin:reports", "admin:report", "admin:new_report_schedule", "admin:end_report_schedule")),
    ("What if", ("admin:what_if",)),
    ("Purchases", ("admin:checks", "admin:new_check", "admin:check", "admin:purchase_limits")),
    (
        "Screening",
        ("admin:screening", "admin:screening_runs", "admin:screening_hit", "admin:screening_decide"),
    ),
    ("Alerts", ("admin:alerts", "admin:alert", "admin:alert_rule")),
    ("Register", ("admin:register",)),
)
# Reached by the person's menu, not by the navigation.
OWN_PAGES = frozenset(
    f"admin:{name}"
    for name in ("me", "second_step_needed", "confirm", "code_app", "new_passkey", "recovery_codes")
)
# Entries before which the row of the navigation leaves a gap: the fleet, its money, what is watched.
GROUPS_BEGIN = frozenset({"Lots", "Reserve", "Screening"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationItem:
    """One entry of the navigation, whether the visitor is there, and whether a group begins with it."""

    title: str
    address: str
    is_here: bool
    begins_group: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request: the person, the operators whose fleets they may see, the one that is shown, and the moment.

    `rights` are the person's at that operator: a manager of one operator may be a viewer of another.
    """

    request: HttpRequest
    person: Any
    operators: tuple[Operator, ...]
    chosen: Operator | None
    rights: frozenset[str]
    now: datetime

    @property
    def today(self) -> date:
        """The day of the visit, in the product's time zone."""
        return localtime(self.now, get_default_timezone()).date()

    @property
    def operator(self) -> Operator:
        """The operator that is shown; a page that needs one does not exist without."""
        if self.chosen is None:
            raise Http404("There is no operator yet.")
        return self.chosen

    @property
    def is_posted(self) -> bool:
        """Whether a form was sent, rather than a page asked for."""
        return self.request.method == "POST"

    def may(self, right: str) -> bool:
        """Whether the person holds a right, like "fleet.add_upload", at the operator that is shown."""
        return self.person.is_superuser or right in self.rights

    @property
    def measure(self) -> str:
        """What shares are taken of where the address does not say: as the person has it, or by hashrate."""
        return self.person.measure or USUAL_MEASURE

    @property
    def may_upload(self) -> bool:
        """Whether the person may send spreadsheets to this fleet."""
        return self.may("fleet.add_upload")

    @property
    def keeps_register(self) -> bool:
        """Whether the person is platform staff."""
        return bool(self.person.is_platform_staff)

    @property
    def navigation(self) -> list[NavigationItem]:
        """The way to every part of the console; a page of the register is part of it."""
        match = self.request.resolver_match
        here = match.view_name if match else ""
        known = {name for _, names in NAVIGATION for name in names}
        return [
            NavigationItem(
                title=title,
                address=reverse(names[0]),
                is_here=here in names or (title == "Register" and here not in known | OWN_PAGES),
                begins_group=title in GROUPS_BEGIN,
            )
            for title, names in NAVIGATION
        ]

    def render(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        """A page of the console."""
        return TemplateResponse(self.request, template, {"visit": self, **context}, status=status)


def posted(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A deed, which an address alone does not do."""

    @wraps(page)
    def entered(visit: Visit, **named: Any) -> HttpResponse:
        return page(visit, **named) if visit.is_posted else HttpResponseNotAllowed(["POST"])

    return entered


def only_for(
    right: str, refusal: str
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Pages of those who hold a right at the operator that is shown. Raises PermissionDenied for others."""

    def guarded(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(page)
        def entered(visit: Visit, **named: Any) -> HttpResponse:
            if not visit.may(right):
                raise PermissionDenied(refusal)
            return page(visit, **named)

        return entered

    return guarded


def may_enter(person: Any) -> bool:
    """Whether the person is active and has a platform role or a membership."""
    is_known = person.is_authenticated and person.is_active
    return is_known and (person.is_platform_staff or person.has_module_perms("fleet"))


def visit_of(request: HttpRequest, *, now: datetime) -> Visit:
    """The visit of a person who has entered; `?operator=slug` chooses the operator for the session.

    Raises Http404 for an operator that the person may not see, whether it exists or not.
    """
    operators = tuple(Operator.objects.visible_to(request.user).order_by("name"))
    operator = _chosen(request, {operator.slug: operator for operator in operators})
    return Visit(
        request=request,
        person=request.user,
        operators=operators,
        chosen=operator,
        rights=rights_at(request.user, operator),
        now=now,
    )


def _chosen(request: HttpRequest, visible: dict[str, Operator]) -> Operator | None:
    slug = request.GET.get(CHOSEN_OPERATOR)
    if slug:
        if slug not in visible:
            raise Http404("There is no such operator.")
        request.session[CHOSEN_OPERATOR] = slug
        return visible[slug]
    kept = visible.get(request.session.get(CHOSEN_OPERATOR, ""))
    return kept or next(iter(visible.values()), None)
