"""The door for web servers."""

import os

import django

from ledger.charsets import ForLegibleRequests

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)
application = ForLegibleRequests()
