"""A folder of policy files -> one policy book, or every complaint at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from risk.engine.policy import MeasureSpec, PolicyBook, Renumbering
from risk.policy_files.checks import check
from risk.policy_files.classification import Classification
from risk.policy_files.complaints import Complaint, PolicyFilesRefused
from risk.policy_files.measures import measures_in
from risk.policy_files.named_lists import NamedLists
from risk.policy_files.yaml_loader import NotYaml, read_yaml

WHAT_A_FILE_HOLDS = {"series", "lists", "renumberings", "refused_headings"}


@dataclass(frozen=True, slots=True)
class PolicyFolder:
    """The law that a folder holds, and the files that it was read from, relative to the folder."""

    book: PolicyBook
    files: tuple[str, ...]


def read_folder(path: Path) -> PolicyFolder:
    """The book of all `*.yaml` under a folder.

    Raises PolicyFilesRefused with every complaint where the files could not be published as they stand.
    """
    reading = _Reading(path.name)
    reading.open_folder(path)
    return _read(reading)


def read_texts(texts: Mapping[str, str], *, name: str = "the policy", is_whole: bool = True) -> PolicyFolder:
    """The book of policy files that are no files (yet): each text under the name that a file would have.

    `is_whole` False: they are a part, so that what they name, or what follows them, may stand elsewhere.
    Raises PolicyFilesRefused like `read_folder`.
    """
    reading = _Reading(name, is_whole)
    for file, text in sorted(texts.items()):
        reading.open_text(file, text)
    return _read(reading)


def _read(reading: _Reading) -> PolicyFolder:
    book = reading.book()
    if reading.complaints:
        raise PolicyFilesRefused(reading.complaints)
    return PolicyFolder(book=book, files=tuple(reading.documents))


@dataclass
class _Reading:
    """One pass over policy files: documents first, then the lists they share, then the measures."""

    name: str
    is_whole: bool = True
    documents: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)

    def book(self) -> PolicyBook:
        """The book, as far as the files could be read; what is wrong stands in `complaints`."""
        if not self.documents and not self.complaints:
            self._complain(self.name, "no_policy_files", "there is no policy file (*.yaml) here.")
        lists, classification = self._lists(), self._classification()
        measures: list[MeasureSpec] = []
        files: dict[str, str] = {}
        for file, document in self._documents_with("series"):
            found, complaints = measures_in(document, file=file, lists=lists)
            measures += found
            self.complaints += complaints
            files.update({measure.code: file for measure in found})
        self._check(measures, classification.renumberings, files)
        return PolicyBook(
            tuple(measures),
            renumberings=tuple(classification.renumberings),
            refused_headings=tuple(classification.refused_headings),
        )

    def open_folder(self, folder: Path) -> None:
        """Take in every policy file under a folder."""
        for path in sorted(folder.rglob("*.yml")):
            self._complain(_name(path, folder), "wrong_ending", "policy files end in .yaml; rename it.")
        for path in sorted(folder.rglob("*.yaml")):
            self._open(path, _name(path, folder))

    def _open(self, path: Path, file: str) -> None:
        try:
            self.open_text(file, path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            self._complain(file, "not_yaml", "it is no UTF-8 text.")
        except OSError as error:
            self._complain(file, "not_readable", f"it cannot be opened ({error.strerror}).")

    def open_text(self, file: str, text: str) -> None:
        """Take in the text of one policy file."""
        try:
            document = read_yaml(text)
        except NotYaml as error:
            return self._complain(file, "not_yaml", str(error))
        for repeated in document.repeated:
            fault = f"line {repeated.line} repeats the key '{repeated.key}'; keep one of the two."
            self._complain(file, "repeated_key", fault)
        if isinstance(document.content, dict) and WHAT_A_FILE_HOLDS & set(document.content):
            self.documents[file] = document.content
        else:
            fault = f"it holds no policy; a file has one of the keys {', '.join(sorted(WHAT_A_FILE_HOLDS))}."
            self._complain(file, "no_policy", fault)

    def _lists(self) -> NamedLists:
        lists = NamedLists()
        for file, document in self._documents_with("lists"):
            self.complaints += lists.read(document, file=file)
        return lists

    def _classification(self) -> Classification:
        found = Classification()
        for file, document in self.documents.items():
            if "series" not in document and "lists" not in document:
                found.read(document, file=file)
        self.complaints += found.complaints
        return found

    def _check(
        self, measures: list[MeasureSpec], renumberings: list[Renumbering], files: Mapping[str, str]
    ) -> None:
        """What must hold among measures; while some are unread, what is missing may be theirs."""
        is_whole = self.is_whole and not self.complaints
        self.complaints += check(measures, renumberings=renumberings, files=files, is_whole=is_whole)
        if not measures and not self.complaints:
            self._complain(self.name, "no_measure", "there is no measure in any of the policy files.")

    def _documents_with(self, key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        return ((file, document) for file, document in self.documents.items() if key in document)

    def _complain(self, file: str, code: str, fault: str) -> None:
        self.complaints.append(Complaint(file=file, code=code, fault=fault))


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
