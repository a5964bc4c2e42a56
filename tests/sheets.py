"""Small fleet sheets for tests: real files, written row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from openpyxl import Workbook


def a_csv(folder: Path, rows: Iterable[Mapping[str, object]], *, name: str = "fleet.csv") -> Path:
    """A CSV file with the headings of its first row."""
    rows = list(rows)
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def a_workbook(folder: Path, rows: Iterable[Mapping[str, object]], *, name: str = "fleet.xlsx") -> Path:
    """The same as a workbook, cells typed as given."""
    rows = list(rows)
    book = Workbook()
    sheet = book.active
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    path = folder / name
    book.save(path)
    return path


def a_row(number: int = 1, **said: object) -> dict[str, object]:
    """An Antminer of China in Rockdale, entered by air in June 2025; keyword arguments say otherwise."""
    row: dict[str, object] = {
        "Serial Number": f"YNAHEAUBCJCBA{number:04d}",
        "Model": "Antminer S21 200T",
        "Site": "Rockdale",
        "Status": "deployed",
        "Country of Assembly": "CN",
        "Country of Origin": "CN",
        "Import Country": "US",
        "HTS Code": "8543.70.9860",
        "Entry Date": "2025-06-10",
        "Expected Entry Date": "",
        "Entry Number": "ABC-1234567-8",
        "Transport Mode": "air",
        "Customs Value": "5000.00",
        "Hashrate (TH/s)": "200",
        "Power (W)": "3500",
        "Quantity": "",
    }
    headings = {
        heading.lower().replace(" ", "_").replace("(", "").replace(")", "").replace("/", ""): heading
        for heading in row
    }
    return row | {headings.get(name, name): value for name, value in said.items()}
