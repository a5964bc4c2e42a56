"""What somebody would write into forms and requests to get at another's fleet, and the like of it that nobody has:
the answers to the two must not be told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fleet.models import Lot, OriginEvidence, Rig, RigChange, SavedView, Site, Upload
from risk.models import AssessmentRun, Report, ScreeningHit
from tests.tenancy.fleets import Fleet
from tests.tenancy.walking import ANY
from vendors.models import Vendor, VendorDocument

NOBODYS_NUMBER = 987_654_321


@dataclass(frozen=True, slots=True)
class Words:
    """Values by the name of a field. `text` stands where a name is not told."""

    text: str
    by_name: Mapping[str, Any] = field(default_factory=dict)

    def of(self, name: str, default: str = "") -> Any:
        """What is written into a field; what stands there already in fields that name nothing of a fleet."""
        bare = name.rpartition("-")[2].rstrip("_0123456789")
        if bare in self.by_name:
            return self.by_name[bare]
        return default or self.text

    def into(self, example: Any, name: str = "") -> Any:
        """An example of a request with the words in the place of its own."""
        if isinstance(example, dict):
            return {key: self.into(value, key) for key, value in example.items()}
        if isinstance(example, list):
            return [self.into(each, name) for each in example]
        return self.by_name.get(name, example)

    @property
    def all(self) -> list[str]:
        """Every word, to be left out where answers are compared."""
        return [self.text, self.text[:3], *(str(each) for each in self.by_name.values() if each is not ANY)]


def _first(model: Any, fleet: Fleet) -> int:
    return int(model.objects.filter(operator=fleet.operator).order_by("pk")[0].pk)


def words_of(fleet: Fleet) -> Words:
    """The words and numbers of an operator's own objects."""
    person = fleet.operator.members.order_by("pk")[0]
    lot, rig, site = (_first(model, fleet) for model in (Lot, Rig, Site))
    vendor = Vendor.objects.filter(operator=fleet.operator).order_by("pk")[0]
    numbers = {
        "lot": lot,
        "lots": lot,
        "lot_id": lot,
        "rig": rig,
        "rigs": rig,
        "id": rig,
        "recipients": person.pk,
        "run": _first(AssessmentRun, fleet),
        "made_by": _first(Upload, fleet),
        "upload": _first(Upload, fleet),
        "change": _first(RigChange, fleet),
        "view": _first(SavedView, fleet),
        "removed": _first(SavedView, fleet),
        "evidence": _first(OriginEvidence, fleet),
        "report": _first(Report, fleet),
        "hit": ScreeningHit.objects.filter(operator=fleet.operator)[0].pk,
        "document": VendorDocument.objects.filter(operator=fleet.operator).order_by("pk")[0].pk,
        "vendor_id": vendor.pk,
        "into": vendor.pk,
        "site_id": site,
        "maker__id__exact": vendor.pk,
        "operator__id__exact": fleet.operator.pk,
    }
    return Words(text="QZF7S0001", by_name=numbers | _named(fleet, vendor.name, vendor.slug))


def _named(fleet: Fleet, vendor: str, slug: str) -> dict[str, Any]:
    return {
        "operator": fleet.operator.slug,
        "site": "Quillfeather Bend",
        "vendor": vendor,
        "maker": slug,
        "slug": slug,
        "name": vendor,
        "entry_number": "QZF-1234567-8",
        "entry": "QZF-1234567-8",
        "purchase_order": "QZF7-PO",
        "serial_number": "QZF7S0001",
        "serials": "QZF7S0001",
        "search": "QZF7S0001",
        "q": "Quillfeather",
        "s": "Quillfeather",
        "term": "quillfeather-ann",
        "file": ANY,
    }


def words_of_nobody(theirs: Words) -> Words:
    """The like, of nothing that there is."""
    return Words(
        text="ZZZ7S0001", by_name={name: _of_nobody(value) for name, value in theirs.by_name.items()}
    )


def _of_nobody(value: Any) -> Any:
    if isinstance(value, int):
        return NOBODYS_NUMBER
    if value is ANY:
        return value
    text = str(value).replace("Quill", "Zuzz").replace("quill", "zuzz").replace("QZF", "ZZZ")
    assert text != str(value), f"{value} is a word of nobody's only if it is marked."
    return text
