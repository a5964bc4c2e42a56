"""What axe-core finds on a page: against WCAG 2.2 A and AA and against good practice."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},  # WCAG 2.2, 2.5.8; axe leaves it out unless it is asked for
    "resultTypes": ["violations"],
    "preload": False,  # every style comes from the page's own host and is there
}
FOUND = """async (options) => (await axe.run(options)).violations
    .map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ")}`)"""


def faults(page: Any) -> list[str]:
    """A line for each rule that the page breaks, with the first places."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    return list(page.evaluate(FOUND, OPTIONS))
