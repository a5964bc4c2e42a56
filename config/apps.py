"""Tells Django which admin site is the console."""

from django.contrib.admin.apps import AdminConfig


class ConsoleConfig(AdminConfig):
    """Makes the console the site on which every app's admin module registers."""

    default_site = "config.console.ConsoleSite"
