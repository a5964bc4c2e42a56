"""Who may do what: one table from roles to rights, read by Django wherever it asks for a permission."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from fleet.models.operator import OperatorRole, PlatformRole

VIEW_REGISTER = {
    "vendors.view",
    "fleet.view_rigmodel",
    "fleet.view_rigbin",
    "fleet.view_modelalias",
    "risk.view",
}
VIEW_FLEET = {"fleet.view"}
# A manager's right to vendors is to the private ones of the own operator; vendors.admin sees to that.
KEEP_VENDORS = {"vendors.add", "vendors.change"}
CHANGE_FLEET = {
    "fleet.add_upload",
    "fleet.add_site",
    "fleet.change_site",
    "fleet.change_lot",
    "fleet.change_rig",
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
