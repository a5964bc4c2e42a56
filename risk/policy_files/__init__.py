"""The law as data: YAML under `risk/policies/` read into measures, with complaints by file, measure and day.

`read_folder` gives a whole book or refuses with every complaint at once. `check` asks the same questions
of measures wherever they come from. Records are the form in which a database keeps a measure;
`files_of` writes a book as the files that would be read as the same book.
"""

from risk.policy_files.checks import check
from risk.policy_files.citations import ended_by_act
from risk.policy_files.comparison import Comparison, MeasureChange, compare
from risk.policy_files.complaints import Complaint, PolicyFilesRefused
from risk.policy_files.folder import PolicyFolder, read_folder, read_texts
from risk.policy_files.positions import line_of
from risk.policy_files.records import (
    record_of,
    record_of_refused_heading,
    record_of_renumbering,
    refused_heading_from,
    renumbering_from,
    spec_from,
)
from risk.policy_files.stream import files_in, stream_of
from risk.policy_files.writer import files_of, text_of

__all__ = [
    "Comparison",
    "Complaint",
    "MeasureChange",
    "PolicyFilesRefused",
    "PolicyFolder",
    "check",
    "compare",
    "ended_by_act",
    "files_in",
    "files_of",
    "line_of",
    "read_folder",
    "read_texts",
    "record_of",
    "record_of_refused_heading",
    "record_of_renumbering",
    "refused_heading_from",
    "renumbering_from",
    "spec_from",
    "stream_of",
    "text_of",
]
