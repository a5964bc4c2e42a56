"""The register's shelves of the fleet: rig models for all; operators, sites and people for platform staff."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Window
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from fleet.flows.sites import READERS, problems_of
from fleet.models import Membership, ModelAlias, Operator, RigBin, RigModel, Site, User
from fleet.services import change_site, register_site
from fleet.sign_in.second_steps import forget_second_steps
from fleet.sign_in.single_sign_on import forget_outside_logins
from ledger.admin import AsksFirst
from ledger.recorded_forms import OnRecord, put_on_record
from vendors.models import Vendor

OF_A_MEMBERSHIP = {"fleet.membership": ("user", "operator", "role")}


class ForPlatformStaff(AsksFirst):
    """Shelves that members of an operator do not see, whatever else they may do: nobody learns of others."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Platform staff only."""
        return _is_staff(request) and super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Platform staff only."""
        return _is_staff(request) and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Platform staff only."""
        return _is_staff(request) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Platform staff only."""
        return _is_staff(request) and super().has_change_permission(request, obj)


def _is_staff(request: HttpRequest) -> bool:
    return getattr(request.user, "is_platform_staff", False)


class BinInline(TabularInline):
    """Bins as each source gives them; sources that disagree stand side by side."""

    model = RigBin
    fields = readonly_fields = (
        "name",
        "hashrate",
        "power_w",
        "cooling",
        "released",
        "source",
        "confidence",
        "agreement",
        "note",
    )
    extra = 0
    can_delete = False
    tab = True
    hide_title = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Bins come with the catalogue."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[RigBin]:
        """With the number of readings that there are of each bin."""
        readings = Window(Count("pk"), partition_by=[F("model_id"), F("name")])
        return super().get_queryset(request).annotate(readings=readings).order_by("name", "reading")

    @admin.display(description="hashrate, TH/s")
    def hashrate(self, bin_: RigBin) -> str:
        """The hashrate as labels give it."""
        return "–" if bin_.hashrate_ghs is None else f"{bin_.hashrate_ghs / 1000:g}"

    @admin.display(description="sources")
    def agreement(self, bin_: Any) -> str:
        """Whether sources disagree on the bin."""
        return f"reading {bin_.reading} of {bin_.readings}" if bin_.readings > 1 else "one reading"


class ModelAliasInline(TabularInline):
    """Strings by which people and tools write the model."""

    model = ModelAlias
    fields = readonly_fields = ("alias", "kind", "variant", "source", "note")
    extra = 0
    can_delete = False
    tab = True
    hide_title = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Aliases come with the catalogue."""
        return False


def _makers_seen_by(person: Any) -> Q:
    """The register's makers and the private ones of the person's own operators, as `maker` of a model."""
    own = person.memberships.values("operator")
    return Q(operator__isnull=True) | Q(operator__in=own)


class MakerFilter(admin.RelatedFieldListFilter):
    """Makers to narrow by: no private one of an operator that the person has nothing to do with."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """As Django's, of those that the person may see."""
        ordering = self.field_admin_ordering(field, request, model_admin)
        seen = _makers_seen_by(request.user)
        return field.get_choices(include_blank=False, ordering=ordering, limit_choices_to=seen)


@admin.register(RigModel)
class RigModelAdmin(ModelAdmin):
    """Models come with the catalogue; here they are looked up."""

    list_display = ("name", "maker", "algorithm", "hashrate", "power_w", "bin_count", "disagreement")
    list_filter = (("maker", MakerFilter), "algorithm")
    list_select_related = ("maker",)
    search_fields = ("name", "maker__name", "aliases__alias")
    fields = readonly_fields = ("name", "maker", "algorithm", "default_hts_code", "hashrate", "power_w")
    inlines = (BinInline, ModelAliasInline)
    ordering = ("maker__name", "name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RigModel]:
        """Of makers that the person may see, with the number of bins, and of those on which sources disagree."""
        makers = Vendor.objects.filter(_makers_seen_by(request.user))
        return (
            super()
            .get_queryset(request)
            .filter(maker__in=makers)
            .annotate(
                bin_number=Count("bins", filter=Q(bins__reading=1), distinct=True),
                disputed=Count("bins", filter=Q(bins__reading=2), distinct=True),
            )
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Models come with the catalogue."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Models come with the catalogue."""
        return False

    @admin.display(description="hashrate, TH/s", ordering="hashrate_ghs")
    def hashrate(self, model: Any) -> str:
        """The hashrate where all bins agree on it."""
        if model.hashrate_ghs is None:
            return "by bin" if model.bin_number else "–"
        return f"{model.hashrate_ghs / 1000:g}"

    @admin.display(description="bins", ordering="bin_number")
    def bin_count(self, model: Any) -> int:
        """How many bins are on record."""
        return model.bin_number

    @admin.display(description="sources", ordering="disputed")
    def disagreement(self, model: Any) -> str:
        """On how many bins sources disagree."""
        return f"disagree on {model.disputed} of {model.bin_number}" if model.disputed else "–"


class MembershipInline(TabularInline):
    """Who works for the operator."""

    model = Membership
    fields = ("user", "role")
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(Operator)
class OperatorAdmin(OnRecord, ForPlatformStaff):
    """Mining companies, their threshold and their people."""

    on_record = {"fleet.operator": ("name", "slug", "tariff_threshold_percent"), **OF_A_MEMBERSHIP}

    list_display = ("name", "slug", "tariff_threshold_percent")
    search_fields = ("name", "slug")
    fields = ("name", "slug", "tariff_threshold_percent")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (MembershipInline,)
    ordering = ("name",)

    def save_row(self, request: HttpRequest, obj: Operator, form: Any, change: bool) -> None:
        """Only what was changed: the fleet's version may have moved since the form was loaded."""
        if change:
            obj.save(update_fields=form.changed_data)
        else:
            super().save_row(request, obj, form, change)


class SiteForm(forms.ModelForm):
    """A site as the API takes it."""

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError beside the field for what a sheet's cell could not be."""
        said: dict[str, Any] = super().clean() or {}
        operator = self.instance.operator if self.instance.pk else said.get("operator")
        if operator is not None and not self.errors:
            site = Site.objects.get(pk=self.instance.pk) if self.instance.pk else None
            changed = {name: said[name] for name in READERS if name in self.changed_data}
            for problem in problems_of(operator, changed, site=site):
                self.add_error(problem.column, problem.sentence)
        return said


@admin.register(Site)
class SiteAdmin(ForPlatformStaff):
    """Places of rigs; most are made by uploads."""

    list_display = ("name", "operator", "country")
    list_filter = ("operator", "country")
    list_select_related = ("operator",)
    search_fields = ("name",)
    ordering = ("operator__name", "name")
    form = SiteForm
    fields = ("operator", "name", "country")

    def get_readonly_fields(self, request: HttpRequest, obj: Site | None = None) -> tuple[str, ...]:
        """A site stays with its operator."""
        return ("operator",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Sites stay: uploads and the record name them."""
        return False

    def save_model(self, request: HttpRequest, obj: Site, form: Any, change: bool) -> None:
        """As programs do it, so that the fleet's version moves and the deed is on record."""
        said = {name: form.cleaned_data[name] for name in READERS if name in form.changed_data}
        deed: dict[str, Any] = {"at": timezone.now(), "by": request.user, "through": "the register"}
        if not change:
            obj.pk = register_site(operator=obj.operator, said=said, **deed).pk
        elif said:
            change_site(site=Site.objects.select_related("operator").get(pk=obj.pk), said=said, **deed)


@admin.register(Membership)
class MembershipAdmin(OnRecord, ForPlatformStaff):
    """Roles at operators."""

    on_record = OF_A_MEMBERSHIP

    list_display = ("user", "operator", "role")
    list_filter = ("operator", "role")
    list_select_related = ("user", "operator")
    search_fields = ("user__username", "operator__name")
    autocomplete_fields = ("user", "operator")
    ordering = ("operator__name", "user__username")


@admin.register(User)
class PersonAdmin(OnRecord, UserAdmin, ForPlatformStaff):
    """People and their role on the platform; rights at an operator are memberships."""

    on_record = {
        "fleet.user": (
            "username",
            "first_name",
            "last_name",
            "email",
            "platform_role",
            "is_active",
            "second_step_required",
        )
    }

    form, add_form, change_password_form = UserChangeForm, UserCreationForm, AdminPasswordChangeForm
    list_display = (
        "username",
        "first_name",
        "last_name",
        "email",
        "platform_role",
        "is_active",
        "last_login",
    )
    list_filter = ("platform_role", "is_active")
    search_fields = ("username", "first_name", "last_name", "email")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("Role", {"fields": ("platform_role", "is_active", "second_step_required")}),
    )
    filter_horizontal = ()
    ordering = ("username",)
    actions = ("take_second_steps_away", "forget_outside_logins")

    @admin.action(description="Take second steps away: telephone and codes are lost", permissions=["change"])
    def take_second_steps_away(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """For somebody who is known to be the person; the next sign-in asks for the password alone."""
        for person in people:
            if self.has_change_permission(request, person):
                forget_second_steps(person, by=request.user)
                self.message_user(request, f"{person} signs in by the password alone now.")

    @admin.action(description="Forget who they are at the single sign-on", permissions=["change"])
    def forget_outside_logins(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """For somebody whom the provider registered anew; the next sign-on is matched by mail again."""
        for person in people:
            if self.has_change_permission(request, person) and forget_outside_logins(person, by=request.user):
                self.message_user(request, f"{person} is matched by mail at the next single sign-on.")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody raises themselves by way of an account that may do more."""
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not is_above and super().has_change_permission(request, obj)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Another password for somebody; on record, by whom; the person's sessions are ended."""
        person = self.get_object(request, id)
        with transaction.atomic():
            answer = super().user_change_password(request, id, form_url)
            if person and User.objects.get(pk=person.pk).password != person.password:
                put_on_record("password set", person, by=request.user)
        return answer
