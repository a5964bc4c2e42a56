"""Assessment runs for programs: what set assessing going, and how far it is."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from ledger.api.lists import Listed, list_parameters
from ledger.api.pages import page_of
from risk.api.exposures import ExposureAddress
from risk.api.run_answers import run_answers
from risk.models import AssessmentRun, RunStep


class RunMoveTold(serializers.Serializer):
    """One thing that is otherwise from the day of a run on."""

    what = serializers.CharField()
    code = serializers.CharField(allow_blank=True, help_text="The measure's code, where it is one.")
    sentence = serializers.CharField()


class RunTold(serializers.Serializer):
    """One run, with the counts of the key's operator."""

    run = serializers.IntegerField()
    kind = serializers.CharField(help_text=f"One of: {', '.join(AssessmentRun.Kind.values)}.")
    cause = serializers.CharField()
    changes = serializers.IntegerField(help_text="How many changes it covers.")
    day = serializers.DateField(
        allow_null=True, help_text="The day assessed for, where the calendar owes it."
    )
    moved = RunMoveTold(many=True)
    begun_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    lots_owed = serializers.IntegerField()
    lots_left = serializers.IntegerField()
    percent = serializers.IntegerField()
    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    set_aside = serializers.IntegerField()
    went_on = serializers.IntegerField(
        help_text="Lots that a later run owed before their turn; counted there."
    )
    lots_per_second = serializers.CharField(allow_null=True)
    seconds_left = serializers.IntegerField(allow_null=True)


RUN = {
    "run": 12,
    "kind": "calendar",
    "cause": "The calendar: 2026-12-01; US-301-CN-L2 ended",
    "changes": 1,
    "day": "2026-12-01",
    "moved": [{"what": "measure_ended", "code": "US-301-CN-L2", "sentence": "US-301-CN-L2 ended"}],
    "begun_at": "2026-12-01T00:00:12-05:00",
    "finished_at": "2026-12-01T00:00:14-05:00",
    "lots_owed": 250,
    "lots_left": 0,
    "percent": 100,
    "added": 0,
    "changed": 120,
    "unchanged": 130,
    "set_aside": 0,
    "went_on": 0,
    "lots_per_second": "125.0",
    "seconds_left": None,
}
RUNS = [
    OpenApiExample(
        "The newest runs", value={"next": None, "previous": None, "results": [RUN]}, response_only=True
    )
]


class Runs(Listed, ExposureAddress):
    """What set assessing the fleet going."""

    @extend_schema(
        operation_id="list_assessment_runs",
        summary="Assessment runs that touch the fleet, newest first",
        parameters=list_parameters(),
        responses=OpenApiResponse(page_of("RunPage", RunTold), examples=RUNS),
    )
    def get(self, request: Any) -> Response:
        """With their causes, counts, rates and what is left."""
        mine = RunStep.objects.of(self.operator).values("run")
        runs = AssessmentRun.objects.filter(pk__in=mine)
        return self.listed(runs, lambda page: run_answers(page, self.operator, now=timezone.now()))
