"""Reports: made now and taken along, made by a worker where the fleet is large, and mailed on a schedule."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect

from config.pages.policies.desk import done
from config.pages.report_form import KINDS, ScheduleForm, makers_held
from config.pages.visit import Visit, posted
from fleet.models import Lot
from risk.dashboard.front_page import USUAL_MEASURE
from risk.engine.shares import MEASURES
from risk.models import Report, ReportForm, ReportSchedule, ReportState
from risk.reports.tasks import start_writing
from risk.reports.writing import CONTENT_TYPES, write_report
from risk.services import ask_for_report, end_schedule, schedule_report

SHOWN = 20
WRITTEN_AT_ONCE = 250
"""Lots of a fleet whose reports take less than a second; those of larger ones are written by a worker."""
SCHEDULE = "risk.change_reportschedule"


def report_list_page(visit: Visit) -> HttpResponse:
    """What can be taken along, what was made lately, and what is mailed to whom."""
    schedules = ReportSchedule.objects.of(visit.operator).prefetch_related("recipients", "sendings")
    return visit.render(
        "console/reports/list.html",
        kinds=KINDS,
        forms=ReportForm.choices,
        measures=list(MEASURES),
        usual_measure=USUAL_MEASURE,
        makers=makers_held(visit.operator),
        reports=Report.objects.of(visit.operator).select_related("asked_by").order_by("-pk")[:SHOWN],
        schedules=schedules.select_related("made_by").order_by("pk"),
        may_schedule=visit.may(SCHEDULE),
        mail_goes_out=settings.EMAIL is not None,
    )


@posted
def new_report_page(visit: Visit) -> HttpResponse:
    """Make a report. A small fleet's goes straight to the file; a large one's has a page that follows it."""
    said = visit.request.POST
    try:
        report = ask_for_report(
            operator=visit.operator,
            by=visit.person,
            at=visit.now,
            kind=said.get("kind", ""),
            form=said.get("form", ""),
            measure=said.get("measure", USUAL_MEASURE),
            vendor=said.get("vendor", ""),
        )
    except ValidationError as refusal:
        for told in refusal.messages:
            messages.error(visit.request, told)
        return redirect("admin:reports")
    return _written(visit, report)


def _written(visit: Visit, report: Report) -> HttpResponse:
    if Lot.objects.of(visit.operator).count() > WRITTEN_AT_ONCE:
        start_writing(report.pk)
        return redirect("admin:report", report.pk)
    write_report(report.pk, clock=lambda: visit.now)
    report.refresh_from_db()
    return redirect("admin:report_file" if report.state == ReportState.READY else "admin:report", report.pk)


def report_page(visit: Visit, report_id: int) -> HttpResponse:
    """How far a report is, with its file when it is there."""
    return visit.render("console/reports/report.html", report=_report(visit, report_id))


def report_file(visit: Visit, report_id: int) -> FileResponse:
    """The report itself."""
    report = _report(visit, report_id)
    if report.state != ReportState.READY:
        raise Http404("The report is not written yet.")
    kind = CONTENT_TYPES[ReportForm(report.form)]
    return FileResponse(
        report.file.open("rb"), as_attachment=True, filename=report.file_name, content_type=kind
    )


def new_schedule_page(visit: Visit) -> HttpResponse:
    """Have a report mailed. Raises PermissionDenied for whoever is no manager."""
    _only_managers(visit)
    if not visit.is_posted:
        return _schedule(visit, ScheduleForm(operator=visit.operator))
    form = ScheduleForm(visit.request.POST, operator=visit.operator)
    if form.is_valid() and _scheduled(visit, form):
        return redirect("admin:reports")
    return _schedule(visit, form, status=400)


def end_schedule_page(visit: Visit, schedule_id: int) -> HttpResponse:
    """Mail a report no more, after a look at whom that concerns."""
    _only_managers(visit)
    schedule = ReportSchedule.objects.of(visit.operator).filter(pk=schedule_id).first()
    if schedule is None:
        raise Http404("There is no such schedule.")
    if visit.is_posted:
        done(visit, lambda: end_schedule(schedule, by=visit.person), "It is mailed no more.")
        return redirect("admin:reports")
    return visit.render(
        "console/reports/end.html",
        schedule=schedule,
        people=schedule.recipients.count(),
        sent=schedule.sendings.filter(sent_at__isnull=False).count(),
    )


def _scheduled(visit: Visit, form: ScheduleForm) -> bool:
    def deed() -> ReportSchedule:
        return schedule_report(operator=visit.operator, by=visit.person, on=visit.today, **form.said)

    return done(visit, deed, f"It is mailed {form.said['rhythm']} from the next period on.")


def _schedule(visit: Visit, form: ScheduleForm, status: int = 200) -> HttpResponse:
    return visit.render(
        "console/reports/schedule.html", status=status, form=form, mail_goes_out=settings.EMAIL is not None
    )


def _only_managers(visit: Visit) -> None:
    if not visit.may(SCHEDULE):
        raise PermissionDenied("Only a manager of this operator says what is mailed.")


def _report(visit: Visit, report_id: int) -> Report:
    report = Report.objects.of(visit.operator).filter(pk=report_id).first()
    if report is None:
        raise Http404("There is no such report.")
    return report
