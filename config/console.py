"""The console: one site for people, with the exposed share on its front page and the register behind it.

Pages of a fleet are plain views of config.pages; the register is Unfold's admin (docs/adr/0003). This is
where a person's request enters: today is read here, once, and goes down as `visit.today`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, cast

from csp.decorators import csp_replace
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from unfold.sites import UnfoldAdminSite

from config.pages import (
    alerts,
    audit,
    checks,
    doubts,
    edits,
    entries,
    evidence,
    handouts,
    history,
    holds,
    lots,
    me,
    overview,
    receipts,
    register,
    reports,
    reserve,
    rig,
    rigs,
    runs,
    saved_views,
    screening,
    uploads,
    what_if,
)
from config.pages.guide import pages as guide
from config.pages.keys import pages as keys
from config.pages.policies import editions, measures, review
from config.pages.readable import readable_alone
from config.pages.sign_in import door, forgotten
from config.pages.sign_in import own as own_door
from config.pages.sign_in.needed import second_step_first
from config.pages.told_to import told_to_the_visitor
from config.pages.vendors import editing as vendor_editing
from config.pages.vendors import merging as vendor_merging
from config.pages.vendors import record as vendor_record
from config.pages.vendors import vendor_list
from config.pages.visit import Visit, may_enter, visit_of
from config.pages.webhooks import deeds as webhook_deeds
from config.pages.webhooks import pages as webhooks

Page = Callable[..., HttpResponseBase]

# Pages of our own need no inline style; the register does (docs/adr/0003).
own_style_only = cast(Callable[[Page], Page], csp_replace({"style-src": ["'self'"]}))


class ConsoleSite(UnfoldAdminSite):
    """The console, for every active person with a platform role or a membership; not only for staff."""

    site_title = site_header = "Rig ledger"
    index_title = "Exposure"
    enable_nav_sidebar = False
    logout_template = "console/signed_out.html"

    def has_permission(self, request: HttpRequest) -> bool:
        """Who may enter at all; what they see there is decided by operator and right."""
        return may_enter(request.user)

    def get_urls(self) -> list[URLPattern]:
        """The pages of our own come before the register's."""
        return [
            path("history/", self.page(history.history_page), name="history"),
            path("runs/", self.page(runs.run_list_page, needs_operator=False), name="runs"),
            path("runs/<int:run_id>/", self.page(runs.run_page, needs_operator=False), name="run"),
            path("doubts/", self.page(doubts.doubts_page), name="doubts"),
            path("lots/", self.page(lots.lot_list_page), name="lots"),
            path("lots/<int:lot_id>/", self.page(lots.lot_page), name="lot"),
            path("rigs/", self.page(rigs.rig_list_page), name="rigs"),
            *self.fleet_list_pages(),
            path("uploads/", self.page(uploads.upload_list_page), name="uploads"),
            path("uploads/new/", self.page(uploads.new_upload_page), name="new_upload"),
            path("uploads/template.xlsx", self.page(handouts.template_workbook), name="template"),
            path(
                "uploads/<int:upload_id>/problems.xlsx",
                self.page(handouts.problem_workbook),
                name="problem_workbook",
            ),
            path("rigs/<int:rig_id>/", self.page(rig.rig_page), name="rig"),
            path("rigs/workbook/", self.page(handouts.ask_for_fleet), name="ask_for_fleet"),
            path("rigs/workbook/<int:export_id>/", self.page(handouts.fleet_workbook), name="fleet_workbook"),
            path(
                "rigs/workbook/<int:export_id>/fleet.xlsx",
                self.page(handouts.fleet_workbook_file),
                name="fleet_workbook_file",
            ),
            path("rigs/fleet.csv", self.page(handouts.fleet_sheet), name="fleet_sheet"),
            path("uploads/guide/", self.page(guide.first_page), name="begin_upload"),
            path("uploads/<int:upload_id>/guide/<slug:slug>/", self.page(guide.step_page), name="guide"),
            path("uploads/<int:upload_id>/", self.page(uploads.upload_page), name="upload"),
            path("uploads/<int:upload_id>/<slug:deed>/", self.page(uploads.upload_deed), name="upload_deed"),
            path("receipts/", self.page(receipts.receipt_list_page), name="receipts"),
            path("receipts/new/", self.page(receipts.new_receipt_page), name="new_receipt"),
            path("receipts/<int:receipt_id>/", self.page(receipts.receipt_page), name="receipt"),
            path(
                "receipts/<int:receipt_id>/manifest/", self.page(receipts.manifest_file), name="manifest_file"
            ),
            path(
                "receipts/<int:receipt_id>/<slug:deed>/",
                self.page(receipts.receipt_deed),
                name="receipt_deed",
            ),
            path("reserve/", self.page(reserve.reserve_page), name="reserve"),
            path("reserve/reserve.csv", self.page(reserve.reserve_sheet), name="reserve_sheet"),
            path("reserve/reserve.xlsx", self.page(reserve.reserve_workbook), name="reserve_workbook"),
            path("refunds/", self.page(reserve.refunds_page), name="refunds"),
            path("refunds/<int:number>.csv", self.page(reserve.refund_entries), name="refund_entries"),
            path("entries/", self.page(entries.entry_list_page), name="entries"),
            path("entries/<path:number>/rigs.csv", self.page(entries.entry_sheet), name="entry_sheet"),
            path("entries/<path:number>/", self.page(entries.entry_page), name="entry"),
            path("evidence/", self.page(evidence.evidence_list_page), name="evidence"),
            path("evidence/new/", self.page(evidence.new_evidence_page), name="new_evidence"),
            path("evidence/<int:evidence_id>/file/", self.page(evidence.evidence_file), name="evidence_file"),
            path(
                "evidence/<int:evidence_id>/withdraw/",
                self.page(evidence.withdraw_page),
                name="withdraw_evidence",
            ),
            path("alerts/", self.page(alerts.alert_list_page), name="alerts"),
            path("alerts/seen/", self.page(alerts.all_seen_page), name="alerts_seen"),
            path("alerts/rule/", self.page(alerts.alert_rule_page), name="alert_rule"),
            path("alerts/<int:alert_id>/", self.page(alerts.alert_page), name="alert"),
            path("alerts/<int:alert_id>/seen/", self.page(alerts.seen_page), name="alert_seen"),
            *self.report_pages(),
            *self.door_pages(),
            path("what-if/", self.page(what_if.what_if_page), name="what_if"),
            *self.webhook_pages(),
            path("checks/", self.page(checks.check_list_page), name="checks"),
            path("checks/new/", self.page(checks.new_check_page), name="new_check"),
            path("checks/limits/", self.page(checks.limits_page), name="purchase_limits"),
            path("checks/<slug:code>/", self.page(checks.check_page), name="check"),
            path("checks/<slug:code>/order/", self.page(checks.order_page), name="check_order"),
            *self.key_pages(),
            *self.hold_pages(),
            path("audit/", self.page(audit.audit_page, needs_operator=False), name="audit"),
            path("audit/audit.jsonl", self.page(audit.audit_lines, needs_operator=False), name="audit_lines"),
            path("audit/audit.csv", self.page(audit.audit_sheet, needs_operator=False), name="audit_sheet"),
            *self.policy_pages(),
            *self.screening_pages(),
            *self.vendor_pages(),
            path("register/", self.page(register.register_page, needs_operator=False), name="register"),
            *super().get_urls(),
        ]

    def door_pages(self) -> list[URLPattern]:
        """The way in, which is open to everybody, and what people keep of it themselves."""
        doors: dict[str, tuple[Page, str]] = {
            "second-step/": (door.second_step_page, "second_step"),
            "passkey/": (door.passkey_answer, "passkey_answer"),
            "passkey/question/": (door.passkey_question, "passkey_question"),
            "forgotten/": (forgotten.forgotten_page, "forgotten"),
            "new-password/": (forgotten.new_password_page, "new_password"),
            "outside/": (door.to_provider, "to_provider"),
            "outside/back/": (door.from_provider, "from_provider"),
        }
        pages: dict[str, tuple[Page, str]] = {
            "": (me.me_page, "me"),
            "second-step/": (own_door.needed_page, "second_step_needed"),
            "confirm/": (own_door.confirm_page, "confirm"),
            "code-app/": (own_door.code_app_page, "code_app"),
            "code-app/remove/": (own_door.remove_code_app, "remove_code_app"),
            "passkeys/new/": (own_door.new_passkey_page, "new_passkey"),
            "passkeys/new/question/": (own_door.new_passkey_question, "new_passkey_question"),
            "passkeys/question/": (own_door.own_passkey_question, "own_passkey_question"),
            "passkeys/<int:passkey_id>/remove/": (own_door.remove_passkey, "remove_passkey"),
            "recovery-codes/": (own_door.recovery_codes, "recovery_codes"),
            "sessions/end-others/": (own_door.end_other_sessions, "end_other_sessions"),
            "sessions/<int:session_id>/end/": (own_door.end_session, "end_session"),
        }
        return [
            *(path(f"login/{at}", self.door(page), name=name) for at, (page, name) in doors.items()),
            *self.pages_under("me/", pages, needs_operator=False),
        ]

    def fleet_list_pages(self) -> list[URLPattern]:
        """Views of lots and rigs that people keep, and edits of many rigs."""
        pages: dict[str, tuple[Page, str]] = {
            "views/": (saved_views.view_list_page, "saved_views"),
            "views/save/": (saved_views.save_view_page, "save_view"),
            "views/<int:view_id>/<slug:deed>/": (saved_views.view_deed, "view_deed"),
            "rigs/edits/": (edits.edit_list_page, "edits"),
            "rigs/edits/new/": (edits.new_edit_page, "new_edit"),
            "rigs/edits/<int:edit_id>/": (edits.edit_page, "edit"),
            "rigs/edits/<int:edit_id>/<slug:deed>/": (edits.edit_deed, "edit_deed"),
        }
        return self.pages_under("", pages)

    def webhook_pages(self) -> list[URLPattern]:
        """Where an operator's programs listen."""
        one, delivery = "<int:webhook_id>/", "<int:webhook_id>/deliveries/<int:delivery_id>/"
        pages: dict[str, tuple[Page, str]] = {
            "": (webhooks.webhook_list_page, "webhooks"),
            "new/": (webhooks.new_webhook_page, "new_webhook"),
            one: (webhooks.webhook_page, "webhook"),
            f"{one}change/": (webhooks.change_page, "change_webhook"),
            f"{one}remove/": (webhook_deeds.remove_page, "remove_webhook"),
            delivery: (webhooks.delivery_page, "webhook_delivery"),
            f"{delivery}replay/": (webhook_deeds.replay_delivery_page, "replay_webhook_delivery"),
            f"{one}<slug:deed>/": (webhook_deeds.webhook_deed, "webhook_deed"),
        }
        return self.pages_under("webhooks/", pages)

    def report_pages(self) -> list[URLPattern]:
        """What is taken along, and mailed."""
        pages: dict[str, tuple[Page, str]] = {
            "": (reports.report_list_page, "reports"),
            "new/": (reports.new_report_page, "new_report"),
            "schedules/new/": (reports.new_schedule_page, "new_report_schedule"),
            "schedules/<int:schedule_id>/end/": (reports.end_schedule_page, "end_report_schedule"),
            "<int:report_id>/": (reports.report_page, "report"),
            "<int:report_id>/file/": (reports.report_file, "report_file"),
        }
        return self.pages_under("reports/", pages)

    def key_pages(self) -> list[URLPattern]:
        """What an operator's programs enter with."""
        pages: dict[str, tuple[Page, str]] = {
            "": (keys.key_list_page, "keys"),
            "new/": (keys.new_key_page, "new_key"),
            "<int:key_id>/": (keys.key_page, "key"),
            "<int:key_id>/rotate/": (keys.rotate_page, "rotate_key"),
            "<int:key_id>/revoke/": (keys.revoke_page, "revoke_key"),
        }
        return self.pages_under("keys/", pages)

    def hold_pages(self) -> list[URLPattern]:
        """What is kept from being cleared while somebody at law asks for it."""
        pages: dict[str, tuple[Page, str]] = {
            "": (holds.hold_list_page, "holds"),
            "<int:hold_id>/lift/": (holds.lift_page, "lift_hold"),
        }
        return self.pages_under("holds/", pages)

    def policy_pages(self) -> list[URLPattern]:
        """The law: for platform admins, whichever fleet is shown."""
        pages = {
            "": (editions.edition_list_page, "policies"),
            "start/": (editions.start_page, "policy_start"),
            "<int:number>/": (editions.edition_page, "policy"),
            "<int:number>/export.yaml": (editions.export_page, "policy_export"),
            "<int:number>/load/": (editions.load_page, "policy_load"),
            "<int:number>/review/": (review.review_page, "policy_review"),
            "<int:number>/publish/": (review.publish_page, "policy_publish"),
            "<int:number>/measures/": (measures.new_measure_page, "policy_new_measure"),
            "<int:number>/measures/<path:code>/end/": (measures.end_page, "policy_end"),
            "<int:number>/measures/<path:code>/remove/": (measures.remove_page, "policy_remove"),
            "<int:number>/measures/<path:code>/": (measures.measure_page, "policy_measure"),
        }
        return self.pages_under("policies/", pages, needs_operator=False)

    def screening_pages(self) -> list[URLPattern]:
        """Hits and runs: the register's for everybody, a private vendor's for its operator."""
        pages: dict[str, tuple[Page, str]] = {
            "": (screening.queue_page, "screening"),
            "runs/": (screening.runs_page, "screening_runs"),
            "<int:hit_id>/": (screening.hit_detail_page, "screening_hit"),
            "<int:hit_id>/decide/": (screening.decide_page, "screening_decide"),
        }
        return self.pages_under("screening/", pages, needs_operator=False)

    def vendor_pages(self) -> list[URLPattern]:
        """The vendor register: for everybody who may enter, whichever fleet is shown."""
        pages: dict[str, tuple[Page, str]] = {
            "": (vendor_list.vendor_list_page, "vendors"),
            "new/": (vendor_editing.new_vendor_page, "new_vendor"),
            "named/<slug:slug>/": (vendor_list.vendor_named, "vendor_named"),
            "<int:vendor_id>/": (vendor_record.vendor_page, "vendor_record"),
            "<int:vendor_id>/change/": (vendor_editing.change_vendor_page, "vendor_change"),
            "<int:vendor_id>/merge/": (vendor_merging.merge_page, "vendor_merge"),
            "<int:vendor_id>/documents/<int:document_id>/file/": (
                vendor_record.document_file,
                "vendor_document_file",
            ),
            "<int:vendor_id>/<slug:kind>/add/": (vendor_editing.add_page, "vendor_add_fact"),
            "<int:vendor_id>/<slug:kind>/<int:row_id>/": (vendor_editing.change_page, "vendor_change_fact"),
            "<int:vendor_id>/<slug:kind>/<int:row_id>/remove/": (
                vendor_editing.remove_page,
                "vendor_remove_fact",
            ),
        }
        return self.pages_under("vendors/", pages, needs_operator=False)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The front page."""
        return cast(HttpResponse, self.entered(overview.front_page)(request))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The sign-in page, as strict as all pages of our own; who is in already goes on."""
        if request.method == "GET" and self.has_permission(request):
            return redirect(door.safe_way(request, request.GET.get(REDIRECT_FIELD_NAME, "")))
        context = {**self.each_context(request), "app_path": request.get_full_path(), **(extra_context or {})}
        if REDIRECT_FIELD_NAME not in request.GET and REDIRECT_FIELD_NAME not in request.POST:
            context[REDIRECT_FIELD_NAME] = reverse("admin:index")

        def sign_in(request: HttpRequest, *, now: datetime) -> HttpResponseBase:
            return door.SignIn.as_view(extra_context=context, now=now)(request)

        return cast(HttpResponse, self.door(sign_in)(request))

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A new password; the old one is a try at the door."""
        visit = visit_of(request, now=timezone.now())
        return own_door.password_changed(visit, lambda: super(ConsoleSite, self).password_change(request))

    def door(self, page: Page) -> Page:
        """A page before the sign-in, never kept by a browser or a proxy; it is told the moment."""

        @never_cache
        @sensitive_post_parameters()
        @csrf_protect
        @own_style_only
        @readable_alone
        @wraps(page)
        def respond(request: HttpRequest) -> HttpResponseBase:
            request.current_app = self.name
            return page(request, now=timezone.now())

        return respond

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """The register's pages wear the console's chrome."""
        context = super().each_context(request)
        if self.has_permission(request):
            context["visit"] = visit_of(request, now=timezone.now())
        return context

    def admin_view(self, view: Page, cacheable: bool = False) -> Page:
        """Every page behind the sign-in, the register's too, is told to the person who asks."""
        told = second_step_first(told_to_the_visitor(view))
        return cast(Page, super().admin_view(readable_alone(told), cacheable))

    def pages_under(
        self, at: str, pages: Mapping[str, tuple[Page, str]], *, needs_operator: bool = True
    ) -> list[URLPattern]:
        """Pages behind the sign-in, by their addresses below one, each with its name."""
        return [
            path(f"{at}{address}", self.page(page, needs_operator=needs_operator), name=name)
            for address, (page, name) in pages.items()
        ]

    def page(self, page: Page, *, needs_operator: bool = True) -> Page:
        """A page behind the sign-in."""
        return self.admin_view(self.entered(page, needs_operator=needs_operator))

    def entered(self, page: Page, *, needs_operator: bool = True) -> Page:
        """A page that is told who visits which operator, and on which day."""

        @own_style_only
        @wraps(page)
        def respond(request: HttpRequest, **named: Any) -> HttpResponseBase:
            request.current_app = self.name
            visit: Visit = visit_of(request, now=timezone.now())
            if needs_operator and visit.chosen is None:
                return visit.render("console/no_operator.html")
            return page(visit, **named)

        return respond
