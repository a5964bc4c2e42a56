"""The keeping of the product's records as Django knows it."""

from django.apps import AppConfig


class KeepingConfig(AppConfig):
    """Has no tables of its own: it keeps those of all others."""

    name = "keeping"
