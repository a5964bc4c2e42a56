"""The law in the register: editions and their measures, and how lists came. What is published can be read only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from unfold.admin import ModelAdmin
from unfold.decorators import action

from ledger.recorded_forms import OnRecord
from risk import services
from risk.dashboard.words import country
from risk.models import ListFetch, Measure, PolicyEdition
from risk.policy_files import spec_from

EVERY = ("*",)


@admin.register(PolicyEdition)
class PolicyEditionAdmin(OnRecord, ModelAdmin):
    """Drafts can be retitled and published; published editions are frozen."""

    on_record = {"risk.policyedition": ("title",)}

    list_display = (
        "number",
        "title",
        "state",
        "measure_count",
        "verified_through",
        "published_on",
        "published_by",
    )
    list_filter = ("state",)
    list_select_related = ("published_by",)
    fields = (
        "number",
        "title",
        "state",
        "verified_through",
        "published_on",
        "published_by",
        "reason",
        "restates",
        "changed_by",
        "digest",
        "its_measures",
    )
    readonly_fields = tuple(name for name in fields if name != "title")
    actions = ("publish_chosen",)
    actions_submit_line = ("publish",)
    ordering = ("-number",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PolicyEdition]:
        """With the number of measures."""
        return super().get_queryset(request).annotate(measure_number=Count("measures"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Drafts are made from policy files."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A published edition never changes."""
        return not (obj and obj.is_published) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Editions stay: findings of the past rest on them."""
        return False

    def has_publish_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Platform admins publish, and only drafts."""
        drafts = PolicyEdition.objects.filter(state=PolicyEdition.State.DRAFT)
        is_open = object_id is None or drafts.filter(pk=object_id).exists()
        return is_open and request.user.has_perm("risk.publish_policyedition")

    @admin.action(description="Publish", permissions=["publish"])
    def publish_chosen(self, request: HttpRequest, editions: QuerySet[PolicyEdition]) -> None:
        """Publish the chosen drafts, oldest first."""
        for edition in editions.order_by("number"):
            self._publish(request, edition)

    @action(description="Publish", permissions=["publish"])
    def publish(self, request: HttpRequest, edition: PolicyEdition) -> None:
        """Publish the draft that is shown."""
        self._publish(request, edition)

    @admin.display(description="measures", ordering="measure_number")
    def measure_count(self, edition: Any) -> int:
        """How many measures the edition has."""
        return edition.measure_number

    @admin.display(description="measures")
    def its_measures(self, edition: Any) -> str:
        """The way to the edition's measures."""
        address = f"{reverse('admin:risk_measure_changelist')}?edition__id__exact={edition.pk}"
        return format_html('<a href="{}">{} measures</a>', address, edition.measures.count())

    def _publish(self, request: HttpRequest, edition: PolicyEdition) -> None:
        """A refusal is shown in its own sentences; nothing is written then."""
        try:
            services.publish_edition(
                edition=edition, on=timezone.localdate(), at=timezone.now(), by=request.user
            )
        except ValidationError as refusal:
            for sentence in refusal.messages:
                messages.error(request, f"Edition {edition.number} was not published: {sentence}")
        else:
            messages.success(
                request,
                f"Edition {edition.number} is published; the lots that it touches are being assessed.",
            )


@admin.register(Measure)
class MeasureAdmin(ModelAdmin):
    """One measure with its days, its rate, its conditions and its citation. Read only: the law is in the files."""

    list_display = (
        "code",
        "title",
        "rate",
        "effective_from",
        "effective_through",
        "authority",
        "confidence",
        "edition",
    )
    list_filter = ("edition", "rate_type", "confidence", "authority")
    list_select_related = ("edition",)
    search_fields = ("code", "title", "legal_reference", "family")
    ordering = ("-edition__number", "code")
    fieldsets = (
        (None, {"fields": ("code", "title", "authority", "edition", "family")}),
        (
            "What it does",
            {
                "fields": (
                    "rate",
                    "rate_type",
                    "effective_from",
                    "effective_through",
                    "relief",
                    "stands_back",
                    "means",
                )
            },
        ),
        ("Which goods", {"fields": ("conditions", "origins", "codes", "parties")}),
        (
            "How it is known",
            {"fields": ("legal_reference", "source", "confidence", "verified_through", "note", "litigation")},
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Everything."""
        return tuple(name for _, told in self.fieldsets for name in told["fields"])

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Measures come from policy files."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Measures come from policy files."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Measures stay with their edition."""
        return False

    @admin.display(description="rate")
    def rate(self, measure: Measure) -> str:
        """The rate in percent; a measure without one says so."""
        return f"{measure.rate_percent} %" if measure.rate_percent else "no rate"

    @admin.display(description="it bites when")
    def conditions(self, measure: Measure) -> str:
        """Each condition in its own sentence."""
        conditions = spec_from(measure.record).conditions
        return _lines((type(each).__doc__ or "").split("\n\n")[0] for each in conditions)

    @admin.display(description="countries of origin")
    def origins(self, measure: Measure) -> str:
        """Those that it names, and those that it leaves out."""
        return _but_not(
            map(country, measure.record.get("countries_of_origin") or EVERY),
            map(country, measure.record.get("excluded_countries_of_origin") or ()),
        )

    @admin.display(description="HTS codes")
    def codes(self, measure: Measure) -> str:
        """The branches of the schedule that it takes, and those that it leaves out."""
        return _but_not(
            measure.record.get("hts_prefixes") or EVERY, measure.record.get("excluded_hts_prefixes") or ()
        )

    @admin.display(description="parties named")
    def parties(self, measure: Measure) -> str:
        """The parties of a sanction."""
        return _lines(measure.record.get("names") or []) or "–"

    @admin.display(description="relief in transit")
    def relief(self, measure: Measure) -> str:
        """Goods that were on their way already pay another rate."""
        tiers = spec_from(measure.record).relief
        return (
            _lines(
                f"{tier.rate} where loaded before {tier.loaded_before} and entered before {tier.entered_before}"
                + (f", by {' or '.join(sorted(tier.modes))}" if tier.modes else "")
                for tier in tiers
            )
            or "none"
        )

    @admin.display(description="replaces, or gives way to")
    def stands_back(self, measure: Measure) -> str:
        """How it stands to other measures."""
        told = [f"replaces {name}" for name in measure.record.get("replaces") or []]
        told += [f"gives way to {name}" for name in measure.record.get("yields_to") or []]
        return _lines(told) or "it stands beside the others"

    @admin.display(description="what it means for an operator")
    def means(self, measure: Measure) -> str:
        """Of a rule without a duty."""
        return measure.record.get("means") or "–"

    @admin.display(description="source")
    def source(self, measure: Measure) -> str:
        """Where it was read."""
        return measure.record.get("source") or "–"

    @admin.display(description="verified through")
    def verified_through(self, measure: Measure) -> str:
        """The last day on which it was checked against its sources."""
        return measure.record.get("verified_through") or "–"

    @admin.display(description="note")
    def note(self, measure: Measure) -> str:
        """What a reader should know."""
        return measure.record.get("note") or "–"

    @admin.display(description="litigation")
    def litigation(self, measure: Measure) -> str:
        """Whether it is under challenge."""
        return measure.record.get("litigation") or "–"


@admin.register(ListFetch)
class ListFetchAdmin(ModelAdmin):
    """Every attempt to fetch a list, newest first. Read only."""

    list_display = ("begun_at", "format", "outcome", "sentence", "edition")
    list_filter = ("format", "outcome")
    list_select_related = ("edition",)
    fields = readonly_fields = (
        "format",
        "address",
        "begun_at",
        "ended_at",
        "outcome",
        "sentence",
        "bytes",
        "sha256",
        "files",
        "edition",
    )
    ordering = ("-begun_at", "-pk")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Attempts put themselves on record."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


def _but_not(taken: Iterable[str], spared: Iterable[str]) -> str:
    named = ", ".join(taken).replace("*", "every one")
    left_out = ", ".join(spared)
    return f"{named}, but not {left_out}" if left_out else named


def _lines(sentences: Iterable[str]) -> str:
    return format_html_join("", "<p>{}</p>", ((sentence,) for sentence in sentences))
