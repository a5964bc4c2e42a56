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
from fleet.models.signing_in import (
    CodeApp,
    OutsideLogin,
    Passkey,
    PersonSession,
    RecoveryCode,
    SignInTry,
)
from fleet.models.upload import SavedMapping, Upload, UploadProblem

__all__ = [
    "ApiKey",
    "BulkEdit",
    "CodeApp",
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
    "OutsideLogin",
    "Passkey",
    "PersonSession",
    "Receipt",
    "RecoveryCode",
    "Rig",
    "RigBin",
    "RigChange",
    "RigIdentifier",
    "RigModel",
    "SavedMapping",
    "SavedView",
    "SignInTry",
    "Site",
    "Upload",
    "UploadProblem",
    "User",
]
