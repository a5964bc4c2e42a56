"""The fresh process of one measurement: `python -m bench.child MODULE:FUNCTION JSON`.

Where the environment names settings, Django is set up before the module is imported.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module

import django


def main() -> None:
    """Call the function and print its answer as one JSON line."""
    if "DJANGO_SETTINGS_MODULE" in os.environ:
        django.setup()
    module, _, function = sys.argv[1].partition(":")
    answer = getattr(import_module(module), function)(**json.loads(sys.argv[2]))
    sys.stdout.write(f"\n{json.dumps(answer)}\n")


if __name__ == "__main__":
    main()
