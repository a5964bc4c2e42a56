"""Sites that rigs go back to: the history names them as they were called then, and knows which they were."""

from __future__ import annotations

from fleet.models import Operator, RigChange, Site


class FormerSites:
    """An operator's sites as they are called now."""

    def __init__(self, operator: Operator) -> None:
        self._names = dict(Site.objects.of(operator).values_list("pk", "name"))

    def name_before(self, change: RigChange) -> str:
        """What the site is called at which the rig stood before the change; empty where it stood at none.

        Rows from before the site was kept have its name of then alone.
        """
        named: str = change.before.get("site", "")
        return self._names.get(change.site_before_id or 0, named)

    def knows(self, change: RigChange) -> bool:
        """Whether that site is on record; one that was renamed is not found by its former name alone."""
        name = self.name_before(change)
        return not name or name in self._names.values()
