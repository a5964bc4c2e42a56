"""The tables of the fleet."""

from fleet.models.bulk_edit import BulkEdit
from fleet.models.catalogue import ModelAlias, RigBin, RigModel
from fleet.models.evidence import EvidenceRange, OriginEvidence
from fleet.models.export import FleetExport
from fleet.models.hold import LegalHold
from fleet.models.inventory import Holding, Lot, Rig, RigChange, RigIdentifier, Site
from fleet.models.keys import ApiKey
from fleet.models.liquidation import Liquidation
from fleet.models.operator import Membership, Operator, User
from fleet.models.receipt import Receipt
from fleet.models.saved_view import SavedView
from fleet.models.upload import SavedMapping, Upload, UploadProblem

__all__ = [
    "ApiKey",
    "BulkEdit",
    "EvidenceRange",
    "FleetExport",
    "Holding",
    "LegalHold",
    "Liquidation",
    "Lot",
    "Membership",
    "ModelAlias",
    "Operator",
    "OriginEvidence",
    "Receipt",
    "Rig",
    "RigBin",
    "RigChange",
    "RigIdentifier",
    "RigModel",
    "SavedMapping",
    "SavedView",
    "Site",
    "Upload",
    "UploadProblem",
    "User",
]
