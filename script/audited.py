"""Judges what pip-audit wrote: python3 script/audited.py LOCK ANSWER; 0 only where all was audited and is clean.

It is run by any Python, without packages.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", re.M)


def judged(lock: str, answer: str) -> list[str]:
    """What is wrong, a sentence each; none where all packages of the lock were audited and nothing is known."""
    locked = {_name(found) for found in PINNED.findall(lock)}
    try:
        told = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return [f"Nothing was audited: the answer cannot be read; {len(locked)} packages are locked."]
    audited = {_name(each["name"]) for each in told if "vulns" in each and "skip_reason" not in each}
    wrong = [
        f"{each['name']} {each['version']}: {vulnerability['id']}, mended in "
        f"{', '.join(vulnerability.get('fix_versions') or ['no version yet'])}."
        for each in told
        for vulnerability in each.get("vulns", [])
    ]
    if missing := sorted(locked - audited):
        wrong.append(f"Not audited: {len(missing)} of {len(locked)} packages ({', '.join(missing[:5])} …).")
    return wrong


def _name(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text).lower()


def main() -> int:
    """The command line."""
    lock, answer = Path(sys.argv[1]), Path(sys.argv[2])
    text = lock.read_text(encoding="utf-8")
    wrong = judged(text, answer.read_text(encoding="utf-8") if answer.exists() else "")
    for sentence in wrong:
        sys.stderr.write(f"{lock.name}: {sentence}\n")
    if not wrong:
        sys.stdout.write(f"{lock.name}: {len(PINNED.findall(text))} packages audited, nothing known.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
