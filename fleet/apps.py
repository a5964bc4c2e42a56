"""The fleet as Django knows it."""

from django.apps import AppConfig


class FleetConfig(AppConfig):
    """Operators and their rigs."""

    name = "fleet"
