"""Who may do what: one table from roles to rights, read by Django wherever it asks for a permission."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from fleet.models.keys import Scope
from fleet.models.operator import Operator, OperatorRole, PlatformRole

VIEW_REGISTER = {
    "vendors.view",
    "fleet.view_rigmodel",
    "fleet.view_rigbin",
    "fleet.view_modelalias",
    "risk.view",
}
VIEW_FLEET = {"fleet.view"}
# A manager's right to vendors is to the private ones of the own operator; config.pages.vendors sees to that.
KEEP_VENDORS = {"vendors.add", "vendors.change"}
KEEP_KEYS = "fleet.add_apikey"  # make, rotate and revoke the keys of an operator's programs
KEEP_HOLDS = "fleet.hold"  # keep what is asked for at law from being cleared, and let it go again
READ_AUDIT = "fleet.audit"  # the deeds at one operator
READ_WHOLE_AUDIT = "ledger.view_auditentry"
CHANGE_FLEET = {
    KEEP_KEYS,
    KEEP_HOLDS,
    READ_AUDIT,
    "fleet.add_upload",
    "fleet.add_site",
    "fleet.change_site",
    "fleet.change_lot",
    "fleet.change_rig",
    "risk.change_alertrule",
    "risk.change_reportschedule",
}

RIGHTS: dict[str, set[str]] = {
    PlatformRole.ADMIN: VIEW_REGISTER
    | VIEW_FLEET
    | CHANGE_FLEET
    | {
        "vendors.add",
        "vendors.change",
        "vendors.delete",
        "risk.add",
        "risk.change",
        "risk.publish",
        "fleet.add",
    }
    | {"fleet.change", "ledger.view"},
    PlatformRole.COMPLIANCE: VIEW_REGISTER | VIEW_FLEET | {"vendors.change", "risk.change", "ledger.view"},
    OperatorRole.MANAGER: VIEW_REGISTER | VIEW_FLEET | CHANGE_FLEET | KEEP_VENDORS,
    OperatorRole.VIEWER: VIEW_REGISTER | VIEW_FLEET,
}


# What a person's right opens in the API, where a key has scopes of its own.
RIGHT_FOR: dict[str, str] = {
    Scope.FLEET_READ: "fleet.view",
    Scope.FLEET_WRITE: "fleet.add_upload",
    Scope.VENDORS_READ: "vendors.view",
    Scope.VENDORS_WRITE: "vendors.change",
    Scope.POLICY_READ: "risk.view",
    Scope.EXPOSURE_READ: "fleet.view",
    Scope.ASSESSMENTS_WRITE: "fleet.view",
    Scope.WEBHOOKS_WRITE: "fleet.change_site",
}


def rights_at(person: Any, operator: Operator | None) -> frozenset[str]:
    """The rights of the platform role and of the membership at this operator alone."""
    memberships = person.memberships.filter(operator=operator)
    roles = {person.platform_role or PlatformRole.NONE, *memberships.values_list("role", flat=True)}
    return frozenset().union(*(RIGHTS.get(role, set()) for role in roles))


def scopes_at(person: Any, operator: Operator) -> frozenset[str]:
    """The scopes that a person has at an operator, by right."""
    rights = rights_at(person, operator)
    return frozenset(
        str(scope) for scope, right in RIGHT_FOR.items() if person.is_superuser or right in rights
    )


class RoleBackend(ModelBackend):
    """Answers permission questions from the person's roles.

    A right is an app and a verb ("fleet.view") or that with a model ("fleet.add_upload"). Which
    operator's rows the right is about is decided by the queries, not here.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether some role of the person holds the permission, or its verb for the whole app."""
        if not user_obj.is_active:
            return False
        if user_obj.is_superuser:
            return True
        rights = self.rights_of(user_obj)
        return perm in rights or perm.partition("_")[0] in rights

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether the person may see anything of an app."""
        if not user_obj.is_active:
            return False
        return user_obj.is_superuser or any(r.startswith(f"{app_label}.") for r in self.rights_of(user_obj))

    def rights_of(self, user: Any) -> set[str]:
        """All rights of a person, over the platform role and every membership; asked once a request."""
        if not hasattr(user, "_rights"):
            roles = {user.platform_role, *user.memberships.values_list("role", flat=True)}
            user._rights = set().union(*(RIGHTS.get(role, set()) for role in roles))
        return user._rights
