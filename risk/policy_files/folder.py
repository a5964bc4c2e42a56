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
    reading = _Reading(path)
    book = reading.book()
    if reading.complaints:
        raise PolicyFilesRefused(reading.complaints)
    return PolicyFolder(book=book, files=tuple(reading.documents))


@dataclass
class _Reading:
    """One pass over a folder: documents first, then the lists they share, then the measures."""

    path: Path
    documents: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)

    def book(self) -> PolicyBook:
        """The book, as far as the files could be read; what is wrong stands in `complaints`."""
        self._open_documents()
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

    def _open_documents(self) -> None:
        for path in sorted(self.path.rglob("*.yml")):
            self._complain(path, "wrong_ending", "policy files end in .yaml; rename it.")
        for path in sorted(self.path.rglob("*.yaml")):
            self._open(path)
        if not self.documents and not self.complaints:
            self._complain(self.path, "no_policy_files", "there is no policy file (*.yaml) here.")

    def _open(self, path: Path) -> None:
        try:
            document = read_yaml(path.read_text(encoding="utf-8"))
        except NotYaml as error:
            return self._complain(path, "not_yaml", str(error))
        except UnicodeDecodeError:
            return self._complain(path, "not_yaml", "it is no UTF-8 text.")
        except OSError as error:
            return self._complain(path, "not_readable", f"it cannot be opened ({error.strerror}).")
        for repeated in document.repeated:
            fault = f"line {repeated.line} repeats the key '{repeated.key}'; keep one of the two."
            self._complain(path, "repeated_key", fault)
        if isinstance(document.content, dict) and WHAT_A_FILE_HOLDS & set(document.content):
            self.documents[self._name(path)] = document.content
        else:
            fault = f"it holds no policy; a file has one of the keys {', '.join(sorted(WHAT_A_FILE_HOLDS))}."
            self._complain(path, "no_policy", fault)

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
        """What must hold among measures; while some are unread, a name that is unknown may be theirs."""
        found = check(measures, renumberings=renumberings, files=files)
        unread = bool(self.complaints)
        self.complaints += [c for c in found if not (unread and c.code == "names_no_measure")]
        if not measures and not self.complaints:
            self._complain(self.path, "no_measure", "there is no measure in any of the policy files.")

    def _documents_with(self, key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        return ((file, document) for file, document in self.documents.items() if key in document)

    def _complain(self, path: Path, code: str, fault: str) -> None:
        self.complaints.append(Complaint(file=self._name(path), code=code, fault=fault))

    def _name(self, path: Path) -> str:
        return path.name if path == self.path else path.relative_to(self.path).as_posix()
