"""Changes of what is kept about risk: each a verb, refused before anything is written, and on the audit."""

from risk.services.alerts import see_alerts, set_alert_rule
from risk.services.editions import (
    Difference,
    complaints_about,
    difference,
    end_measure,
    load_into_draft,
    publish_edition,
    put_measures,
    remove_measure,
    start_draft,
)
from risk.services.hits import decide_hit, first_word_on
from risk.services.purchases import OrderRefused, keep_purchase_check, order_purchase, set_purchase_limits
from risk.services.reports import ask_for_report, end_schedule, schedule_report
from risk.services.scenarios import forget_scenario, keep_scenario

__all__ = [
    "Difference",
    "OrderRefused",
    "ask_for_report",
    "complaints_about",
    "decide_hit",
    "difference",
    "end_measure",
    "end_schedule",
    "first_word_on",
    "forget_scenario",
    "keep_purchase_check",
    "keep_scenario",
    "load_into_draft",
    "order_purchase",
    "publish_edition",
    "put_measures",
    "remove_measure",
    "schedule_report",
    "see_alerts",
    "set_alert_rule",
    "set_purchase_limits",
    "start_draft",
]
