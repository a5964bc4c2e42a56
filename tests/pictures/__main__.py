"""Makes the pictures: see script/screenshots."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from pathlib import Path

from tests.pictures.camera import a_camera
from tests.pictures.product import a_product
from tests.pictures.walk import PICTURES, STEPS, sign_in

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"


def main(arguments: list[str]) -> int:
    """The command line; 1 when a picture was not taken."""
    parser = argparse.ArgumentParser(prog="script/screenshots")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PICTURES)}; default: all")
    parser.add_argument("--into", type=Path, default=FOLDER, metavar="DIR")
    told = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="pictures-", ignore_cleanup_errors=True) as folder:
        missing = set(told.names or PICTURES) - set(_taken(Path(folder), told.into, told.names))
    if missing:
        sys.stderr.write(f"Not taken: {', '.join(sorted(missing))}.\n")
    return 1 if missing else 0


def _taken(var: Path, into: Path, wanted: list[str]) -> list[str]:
    with a_product(var) as (address, login), a_camera(address, into, wanted) as camera:
        sign_in(camera, login)
        for step in STEPS:
            step(camera)
        return camera.taken


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
