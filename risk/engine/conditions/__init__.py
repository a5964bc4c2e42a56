"""The conditions a measure can set, one file each; a new kind is a new file and a name in CONDITIONS."""

from risk.engine.conditions.claimed import Claimed
from risk.engine.conditions.customs_value import CustomsValueOver
from risk.engine.conditions.hts_code import HtsCodeUnder
from risk.engine.conditions.import_country import ImportedInto
from risk.engine.conditions.origin import OriginAmong
from risk.engine.conditions.transport_mode import CarriedBy
from risk.engine.conditions.usmca import NotUsmcaFree

Condition = Claimed | CustomsValueOver | HtsCodeUnder | ImportedInto | OriginAmong | CarriedBy | NotUsmcaFree

CONDITIONS: tuple[type[Condition], ...] = (
    ImportedInto,
    HtsCodeUnder,
    OriginAmong,
    CarriedBy,
    NotUsmcaFree,
    CustomsValueOver,
    Claimed,
)

__all__ = ["CONDITIONS", "Condition"]
