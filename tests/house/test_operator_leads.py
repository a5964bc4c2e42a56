"""Every table of a fleet is found by its operator first, so that operators can be told apart by machine one day."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from fleet.models import Operator

FLEET_APPS = ("fleet", "risk")
# Rows of these are reached through their one parent, never by themselves, and the parent is found by its operator:
# a distributed database keeps them beside it, by the parent's key, once the operator is written into them.
BY_THEIR_PARENT = {
    "fleet.EvidenceRange": "evidence",
    "fleet.UploadProblem": "upload",
    "risk.ReportSending": "schedule",
    "risk.WebhookDelivery": "endpoint",
}
# Found by its lot, and the lot by its operator.
BY_THEIR_LOT = {"risk.Exposure"}
# Of people and of the register that all operators share; the operator is a note on them, or empty for all.
OF_ALL = {
    "fleet.Membership",  # by the person who signs in
    "risk.ScreeningHit",  # by the vendor; a vendor's record may be one operator's own
}
# Found by the row above it alone: the hit that a person decided, the delivery that was tried, the
# endpoint whose secret it is.
UNDER_ANOTHER = {"risk.HitDecision", "risk.WebhookAttempt", "risk.WebhookSecret"}


def names_operator(model: type[models.Model]) -> bool:
    return any(field.related_model is Operator for field in model._meta.concrete_fields)


def tables_of_operators() -> list[type[models.Model]]:
    every = (model for app in FLEET_APPS for model in apps.get_app_config(app).get_models())
    return [model for model in every if names_operator(model)]


def found_by_their_operator() -> list[type[models.Model]]:
    return [model for model in tables_of_operators() if label(model) not in OF_ALL | BY_THEIR_LOT]


def leading_columns(model: type[models.Model]) -> list[tuple[str, ...]]:
    """The columns of each index and unique constraint that is made of plain columns."""
    keys = [*model._meta.indexes, *model._meta.constraints]
    return [tuple(name.removeprefix("-") for name in getattr(key, "fields", ())) for key in keys]


def leads(model: type[models.Model]) -> bool:
    """By a key that begins with the operator and goes on, or by the operator alone where it has one row."""
    one_row = any(field.related_model is Operator and field.unique for field in model._meta.concrete_fields)
    by_key = (columns[:1] == ("operator",) and len(columns) > 1 for columns in leading_columns(model))
    return one_row or any(by_key)


def label(model: type[models.Model]) -> str:
    return model._meta.label


@pytest.mark.parametrize("model", found_by_their_operator(), ids=label)
def test_a_table_of_operators_has_a_key_that_begins_with_the_operator_and_goes_on(model):
    assert leads(model), f"{label(model)} has no index or unique constraint that begins with its operator."


@pytest.mark.parametrize(("child", "parent"), BY_THEIR_PARENT.items())
def test_a_child_is_found_by_a_parent_that_is_found_by_its_operator(child, parent):
    model = apps.get_model(child)
    owner = model._meta.get_field(parent).related_model
    assert any(columns[:1] == (parent,) for columns in leading_columns(model))
    assert leads(owner)


def test_every_table_that_hangs_on_a_fleet_names_its_operator_or_its_parent():
    owned = {label(model) for model in tables_of_operators()} | set(BY_THEIR_PARENT) | BY_THEIR_LOT
    every = {label(model): model for app in FLEET_APPS for model in apps.get_app_config(app).get_models()}
    strays = [name for name in every.keys() - owned - UNDER_ANOTHER if hangs_on(every[name], owned)]
    assert not strays


def hangs_on(model: type[models.Model], owned: set[str]) -> bool:
    related = (field.related_model for field in model._meta.concrete_fields)
    return any(isinstance(each, type) and each._meta.label in owned for each in related)


def test_the_exceptions_are_still_needed():
    there = {label(model) for model in apps.get_models()}
    assert there >= OF_ALL | BY_THEIR_LOT | UNDER_ANOTHER | set(BY_THEIR_PARENT)
