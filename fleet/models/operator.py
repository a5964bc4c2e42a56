"""Operators, the people who work for them, and the one place where a query is narrowed to an operator."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.db.models import F
from django.utils.timezone import get_default_timezone

from ledger.unseen import refuse_unseen
from risk.engine.shares import MEASURES
from risk.engine.terms.figures import DateStyle, Figures, NumberFormat


class PlatformRole(models.TextChoices):
    """What a person may do on the platform's own register of vendors, models, policies and lists."""

    NONE = "", "none"
    ADMIN = "admin", "platform admin"
    COMPLIANCE = "compliance", "compliance"


class OperatorRole(models.TextChoices):
    """What a person may do in one operator's fleet."""

    MANAGER = "manager", "operator manager"
    VIEWER = "viewer", "operator viewer"


def _choices(values: Iterable[str]) -> list[tuple[str, str]]:
    return [(str(value), str(value)) for value in values]


class User(AbstractUser):
    """A person. Rights come from the platform role and from memberships, never from single permissions."""

    platform_role = models.CharField(
        max_length=20, choices=PlatformRole.choices, default=PlatformRole.NONE, blank=True
    )

    # The switch by which platform staff ask for a second step of one person; MFA_REQUIRED asks for it by role.
    second_step_required = models.BooleanField(
        default=False,
        db_default=False,
        help_text="The person signs in with a passkey, or a code beside the password.",
    )

    # How pages of the console are told to this person; empty is the product's own way.
    time_zone = models.CharField(max_length=60, blank=True, default="")
    number_format = models.CharField(
        max_length=10, choices=_choices(NumberFormat), default=NumberFormat.POINT
    )
    date_style = models.CharField(max_length=12, choices=_choices(DateStyle), default=DateStyle.DAY_FIRST)
    measure = models.CharField(max_length=10, choices=_choices(MEASURES), blank=True, default="")

    class Meta(AbstractUser.Meta):
        verbose_name, verbose_name_plural = "person", "people"

    def clean(self) -> None:
        """Raises ValidationError for a name that has letters which are not seen."""
        super().clean()
        refuse_unseen(f"{self.username}{self.first_name}{self.last_name}", "The name")

    def save(self, *args: Any, **named: Any) -> None:
        """With a new password come the end of the sessions and the entry on the audit, together or not at all."""
        with transaction.atomic():
            super().save(*args, **named)

    @property
    def figures(self) -> Figures:
        """How numbers, days and moments are written for this person."""
        return Figures(
            numbers=NumberFormat(self.number_format),
            days=DateStyle(self.date_style),
            zone=ZoneInfo(self.time_zone) if self.time_zone else get_default_timezone(),
        )

    @property
    def is_platform_staff(self) -> bool:
        """Whether the person keeps the register for all operators."""
        return self.is_active and (self.is_superuser or bool(self.platform_role))


class OperatorQuerySet(models.QuerySet["Operator"]):
    """Questions about operators."""

    def visible_to(self, user: Any) -> Self:
        """Those whose fleet the person may see: all for platform staff, else those with a membership,
        none for somebody who has not signed in."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_platform_staff else self.filter(memberships__user=user)

    def move_fleets_on(self) -> None:
        """These fleets read differently: each is one version newer. Locked in one order, so that two who do so never
        wait for one another. In the caller's transaction."""
        list(self.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        self.update(fleet_version=F("fleet_version") + 1)


class Operator(models.Model):
    """A mining company; every row of a fleet belongs to one.

    `tariff_threshold_percent`: an additional rate over it makes a lot tariff-exposed. `fleet_version` is
    one more after each change of the fleet: whoever planned a change on an older one plans it anew. So many of these
    were `uncounted_changes`, which left all that holdings count as it was: another rack, a note. What a process keeps
    of a fleet stands while the one less the other does (`COUNTED_VERSION`), so that who does not know of them errs on
    the side of reading anew.
    """

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    tariff_threshold_percent = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    fleet_version = models.PositiveBigIntegerField(default=0, editable=False)
    uncounted_changes = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    members = models.ManyToManyField(User, through="Membership", related_name="operators")

    objects = OperatorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tariff_threshold_percent__gte=0, tariff_threshold_percent__lte=1000),
                name="tariff_threshold_between_0_and_1000_percent",
            )
        ]

    def __str__(self) -> str:
        return self.name


COUNTED_VERSION = F("fleet_version") - F("uncounted_changes")
"""Of an operator: another number after each change of what is held."""


class Membership(models.Model):
    """A person's role at an operator."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=OperatorRole.choices, default=OperatorRole.VIEWER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "operator"], name="one_role_at_an_operator")]

    def __str__(self) -> str:
        return f"{self.user} at {self.operator}: {self.get_role_display()}"


class OwnedQuerySet(models.QuerySet[Any]):
    """Rows that belong to an operator: every query of a fleet starts with one of these two questions."""

    def of(self, operator: Operator) -> Self:
        """The rows of one operator."""
        return self.filter(operator=operator)

    def visible_to(self, user: Any) -> Self:
        """The rows of all operators whose fleet the person may see."""
        return self.filter(operator__in=Operator.objects.visible_to(user))


class Owned(models.Model):
    """A row of one operator's fleet."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True
