"""READERS: what reads what strangers send, the files to begin with, and the refusals that are right."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from fleet.sheets import rows
from fleet.sheets.wrecks import UnreadableSheet
from risk.cxml.reading import CxmlUnreadable, read_order
from risk.lists import FORMATS, ListUnreadable
from risk.policy_files import PolicyFilesRefused, read_texts
from risk.scenarios.reading import read_scenario, scenario_text
from risk.scenarios.scenario import ScenarioRefused
from tests.risk.lists.samples import SAMPLES
from tests.risk.lists.test_other_formats import COMPANY, OWNERSHIP, SANCTION, SIMPLE, as_lines

ROOT = Path(__file__).resolve().parents[2]
SHEETS = ROOT / "tests" / "fleet" / "samples"
TEXTS = (
    "clear.csv",
    "decimal_commas.csv",
    "gbk.csv",
    "tabs.tsv",
    "utf_16.csv",
    "whatsminer_tool.csv",
    "quoted_newlines.csv",
)
WORKBOOKS = (
    "libreoffice.xlsx",
    "libreoffice.ods",
    "excel_97.xls",
    "binary.xlsb",
    "several_sheets.xlsx",
    "merged_cells.xlsx",
)
LISTS = {
    "ofac_sdn": ("sdn.csv",),
    "ofac_enhanced_xml": ("cons_enhanced.xml",),
    "csl": ("consolidated.csv", "consolidated.json"),
    "bis_dpl": ("dpl.txt",),
}
SDN_COMPANIONS = {
    "alt/alt.csv": "alt.csv",
    "add/add.csv": "add.csv",
    "comments/comments.csv": "sdn_comments.csv",
}


# Of the formats of which no real file is kept here: as small as can be.
MADE_LISTS = {
    "own_csv/own.csv": b"Name,Country,Aliases,Identifiers\nShady Miners Ltd,RU,Shady;SM,Tax ID: 123456\n",
    "opensanctions_simple/simple.csv": SIMPLE.encode(),
    "ftm_json/entities.json": as_lines(SANCTION, COMPANY, OWNERSHIP).encode(),
}


@dataclass(frozen=True)
class Reader:
    """One reader: good files by name, what reads one, and how it refuses a bad one. `is_slow`: each file takes
    a process of its own."""

    name: str
    good: dict[str, bytes]
    read: Callable[[str, bytes], object]
    refusals: tuple[type[Exception], ...]
    is_slow: bool = False


def _sheet(name: str, content: bytes) -> object:
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return rows.read(path)


def _list(name: str, content: bytes) -> object:
    form = name.partition("/")[0]
    return list(FORMATS[form].read(BytesIO(content), {}))


def _companion(name: str, content: bytes) -> object:
    beside = {name.partition("/")[0]: BytesIO(content)}
    return list(FORMATS["ofac_sdn"].read(BytesIO((SAMPLES / "sdn.csv").read_bytes()), beside))


def _policy(name: str, content: bytes) -> object:
    return read_texts({name: content.decode("utf-8", "replace")}, is_whole=False)


def _scenario(_: str, content: bytes) -> object:
    return read_scenario(scenario_text(content.decode("utf-8", "replace")))


def _policies() -> dict[str, bytes]:
    folder = ROOT / "risk" / "policies"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}


def _named(folder: Path, names: tuple[str, ...], before: str = "") -> dict[str, bytes]:
    return {f"{before}{name}": (folder / name).read_bytes() for name in names}


def _documented(name: str, kind: str) -> dict[str, bytes]:
    """The examples of a guide, which are what people begin with."""
    guide = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    found = re.findall(rf"```{kind}\n(.*?)```", guide, re.S)
    return {f"{name}-{number}.{kind}": text.encode() for number, text in enumerate(found)}


READERS: dict[str, Reader] = {
    reader.name: reader
    for reader in (
        Reader("sheets as text", _named(SHEETS, TEXTS), _sheet, (UnreadableSheet,)),
        Reader("workbooks", _named(SHEETS, WORKBOOKS), _sheet, (UnreadableSheet,), is_slow=True),
        Reader(
            "lists",
            {
                f"{form}/{name}": (SAMPLES / name).read_bytes()
                for form, names in LISTS.items()
                for name in names
            }
            | MADE_LISTS,
            _list,
            (ListUnreadable,),
        ),
        Reader(
            "companions of lists",
            {name: (SAMPLES / file).read_bytes() for name, file in SDN_COMPANIONS.items()},
            _companion,
            (ListUnreadable,),
        ),
        Reader("policy files", _policies(), _policy, (PolicyFilesRefused,)),
        Reader("scenarios", _documented("what-if", "yaml"), _scenario, (ScenarioRefused,)),
        Reader("cXML", _documented("cxml", "xml"), lambda _, content: read_order(content), (CxmlUnreadable,)),
    )
}
