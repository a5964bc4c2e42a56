#!/usr/bin/env python
"""The command line of the product: `manage.py help` lists the commands, docs/ tells what they answer."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from ledger.row_security.acting import acting_for_all

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        with acting_for_all():  # who may run commands keeps the machine: they work for every operator
            execute_from_command_line(sys.argv)
    except ImproperlyConfigured as wrong:
        sys.exit(str(wrong))  # a wrong setting is told in its sentence, not in a traceback
