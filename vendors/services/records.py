"""Register a vendor, change it, and add, change and remove facts on its record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from vendors.catalogue.files import FORMER_NAME
from vendors.models import Vendor, VendorAlias, VendorNote
from vendors.models.kinds import KINDS, Kind
from vendors.services.audited import (
    as_told,
    laid_on,
    on_record,
    refuse_merged,
    refuse_others,
    refuse_without_reason,
)

VENDOR_FIELDS = ("name", "home_country", "status", "kept_by", "source", "confidence", "note")


def register_vendor(
    *, name: str, operator: Any, why: str, by: Any = None, through: str = "", **said: Any
) -> Vendor:
    """Put a vendor on the register, or (with an operator) among that operator's private ones.

    `said`: values of VENDOR_FIELDS. Raises ValidationError beside the field that is wrong, and for a name whose slug
    is taken.
    """
    _refuse_unknown(said, VENDOR_FIELDS)
    vendor = Vendor(
        name=name.strip(), slug=slugify(name, allow_unicode=False)[:80], operator=operator, **said
    )
    vendor.slug = vendor.slug or "vendor"
    if Vendor.objects.filter(operator=operator, slug=vendor.slug).exists():
        raise ValidationError({"name": f"There is a vendor '{vendor.slug}' already."})
    _refuse_unfit(vendor, why)
    with on_record(
        vendor, "vendor registered", operator=operator, by=by, why=why, through=through, name=vendor.name
    ):
        vendor.save()
    return vendor


def change_vendor(
    *, vendor: Vendor, operator: Any, why: str, by: Any = None, through: str = "", **said: Any
) -> bool:
    """Change what the record itself says (VENDOR_FIELDS); the slug stays. Returns whether anything differed.

    Raises ValidationError for a record of others, a merged one, and beside the field that is wrong.
    """
    _refuse_unknown(said, VENDOR_FIELDS)
    refuse_others(vendor, operator)
    differs = laid_on(vendor, said)
    _refuse_unfit(vendor, why)
    if not differs:
        return False
    vendor.is_shipped = False
    with on_record(
        vendor, "vendor changed", operator=operator, by=by, why=why, through=through, changed=differs
    ):
        vendor.save()
        _keep_former_name(vendor, differs)
    return True


def _keep_former_name(vendor: Vendor, differs: Mapping[str, Any]) -> None:
    """Sheets, lists and papers go on to call a vendor by the name that it had."""
    former = str(differs.get("name", [""])[0] or "")
    if former and not vendor.aliases.filter(name__iexact=former).exists():
        source = "the record, which had this name"
        VendorAlias.objects.create(vendor=vendor, name=former, kind=FORMER_NAME, source=source)


def add_to_record(
    *,
    vendor: Vendor,
    kind: str,
    said: Mapping[str, Any],
    operator: Any,
    why: str,
    by: Any = None,
    through: str = "",
) -> Any:
    """Add a fact of a kind of KINDS to a vendor's record; returns its row. Documents have a service of their own.

    What an operator keeps beside a vendor of the register (identifiers, contacts, notes) is its own and seen by it
    alone. Raises ValidationError for a record of others and beside the field that is wrong.
    """
    known = _kind(kind)
    _refuse_unknown(said, known.fields)
    _refuse_out_of_reach(vendor, known, operator)
    row = known.model(vendor=vendor, **said)
    if known.is_scoped:
        row.operator = operator  # type: ignore[attr-defined]
    if isinstance(row, VendorNote):
        row.written_by = by
    _refuse_unfit(row, why)
    with on_record(
        vendor, f"{known.thing} added", operator=operator, by=by, why=why, through=through
    ) as deed:
        row.save()
        deed.detail |= {"kind": kind, "row": row.pk, "said": as_told(row, known.fields)}
    return row


def change_on_record(
    *,
    kind: str,
    row: Any,
    said: Mapping[str, Any],
    operator: Any,
    why: str,
    by: Any = None,
    through: str = "",
) -> bool:
    """Change a fact; the history keeps what it said before. Returns whether anything differed.

    Raises ValidationError for a fact of others and beside the field that is wrong.
    """
    known = _kind(kind)
    _refuse_unknown(said, known.fields)
    _refuse_foreign(row, known, operator)
    differs = laid_on(row, said)
    _refuse_unfit(row, why)
    if not differs:
        return False
    if hasattr(row, "is_shipped"):
        row.is_shipped = False
    detail = {"kind": kind, "row": row.pk, "told": str(row)[:200], "changed": differs}
    with on_record(
        row.vendor, f"{known.thing} changed", operator=operator, by=by, why=why, through=through, **detail
    ):
        row.save()
    return True


def remove_from_record(
    *, kind: str, row: Any, operator: Any, why: str, by: Any = None, through: str = ""
) -> None:
    """Take a fact off the record; the history keeps what it said.

    Raises ValidationError for a fact of others, and for one that came with the product: it would come again.
    """
    known = _kind(kind)
    _refuse_foreign(row, known, operator)
    refuse_without_reason(why)
    if getattr(row, "is_shipped", False):
        sentence = "This came with the product and would come again; change it, or give it an end."
        raise ValidationError(sentence, code="fact_shipped")
    detail = {"kind": kind, "row": row.pk, "said": as_told(row, known.fields)}
    with on_record(
        row.vendor, f"{known.thing} removed", operator=operator, by=by, why=why, through=through, **detail
    ):
        row.delete()


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise ValidationError(f"There are no '{name}' on a record.", code="kind_unknown")
    return KINDS[name]


def _refuse_out_of_reach(vendor: Vendor, kind: Kind, operator: Any) -> None:
    """An operator reaches its own vendors, and may keep things of its own beside those of the register."""
    if kind.is_scoped and operator is not None and vendor.operator_id is None:
        refuse_merged(vendor)
    else:
        refuse_others(vendor, operator)


def _refuse_foreign(row: Any, kind: Kind, operator: Any) -> None:
    _refuse_out_of_reach(row.vendor, kind, operator)
    if kind.is_scoped and row.operator_id != (operator.pk if operator else None):
        raise ValidationError(f"This {kind.thing} is not yours to change.", code="record_of_others")


def _refuse_unknown(said: Mapping[str, Any], known: tuple[str, ...]) -> None:
    if unknown := sorted(set(said) - set(known)):
        raise ValidationError(f"There is no field '{unknown[0]}' here.", code="field_unknown")


def _refuse_unfit(row: Any, why: str) -> None:
    """Raises ValidationError with every field that is wrong, the reason among them."""
    wrong: dict[str, Any] = {}
    for judge in (lambda: refuse_without_reason(why), row.full_clean):
        try:
            judge()
        except ValidationError as refusal:
            wrong |= refusal.message_dict
    if wrong:
        raise ValidationError(wrong)
