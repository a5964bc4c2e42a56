"""The files of the house, as the house tests read them: what is source, not what running leaves behind."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "fleet", "keeping", "ledger", "risk", "vendors", "tests")
MADE_BY_RUNNING = {"var", "htmlcov", "__pycache__", "test-results"}


def modules() -> list[Path]:
    """Every Python file that a person wrote: migrations are written by Django."""
    written = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [path for path in written if "migrations" not in path.parts]


def texts() -> list[Path]:
    """Every file that would be committed and that is text."""
    return [path for path in sorted(ROOT.rglob("*")) if path.is_file() and is_source(path) and is_text(path)]


def is_source(path: Path) -> bool:
    """Whether the file is ours: caches and environments are hidden folders, or named in .gitignore."""
    folders = path.relative_to(ROOT).parts[:-1]
    return not any(name in MADE_BY_RUNNING or (name[0] == "." and name != ".ci") for name in folders)


def is_text(path: Path) -> bool:
    """Whether the file reads as UTF-8 (a workbook or a picture does not)."""
    try:
        path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    return True


def shown(path: Path) -> str:
    """The path as a person says it."""
    return path.relative_to(ROOT).as_posix()
