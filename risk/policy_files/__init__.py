"""The law as data: YAML under `risk/policies/` read into measures, with complaints by file, measure and day.

`read_folder` gives a whole book or refuses with every complaint at once. `check` asks the same questions
of measures wherever they come from. Records are the form in which a database keeps a measure.
"""

from risk.policy_files.checks import check
from risk.policy_files.complaints import Complaint, PolicyFilesRefused
from risk.policy_files.folder import PolicyFolder, read_folder
from risk.policy_files.records import (
    record_of,
    record_of_refused_heading,
    record_of_renumbering,
    refused_heading_from,
    renumbering_from,
    spec_from,
)

__all__ = [
    "Complaint",
    "PolicyFilesRefused",
    "PolicyFolder",
    "check",
    "read_folder",
    "record_of",
    "record_of_refused_heading",
    "record_of_renumbering",
    "refused_heading_from",
    "renumbering_from",
    "spec_from",
]
