"""Alerts on record: each told once, and only of what the rule of its operator asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fleet.models import Operator
from risk.models import Alert, AlertRule

LOTS_NAMED = 20
"""Lots that an alert leads to by their number; all others are found in the list of lots."""


def rules_of(operators: Iterable[Operator]) -> dict[int, AlertRule]:
    """The rule of each operator, by its id; where none was set, the one that holds by default. One query."""
    operators = list(operators)
    kept = {rule.operator_id: rule for rule in AlertRule.objects.filter(operator__in=operators)}
    return {each.pk: kept.get(each.pk) or AlertRule(operator=each) for each in operators}


def put_on_record(alerts: Iterable[Alert]) -> int:
    """Write the alerts that tell of something new, in the caller's transaction; returns how many those are. What is
    on record under the same operator, kind and `about` is not told again, nor is what another worker tells now."""
    alerts = list(alerts)
    if not alerts:
        return 0
    same = Alert.objects.filter(kind__in={a.kind for a in alerts}, about__in={a.about for a in alerts})
    known = set(same.values_list("operator_id", "kind", "about"))
    new = [each for each in alerts if (each.operator_id, each.kind, each.about) not in known]
    Alert.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def listed(names: Sequence[str], most: int) -> str:
    """The first names, and how many more there are: "A; B; and 3 more"."""
    more = [f"and {len(names) - most} more"] if len(names) > most else []
    return "; ".join([*names[:most], *more])
