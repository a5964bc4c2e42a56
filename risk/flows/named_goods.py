"""What the names on an order mean: models of the catalogue and vendors of the register, or the nearest ones.

A name that fits several, or none, is nobody's: it is never passed off as the one that is nearest. The number of
queries is the same however many lines there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from fleet.catalogue.resolution import Resolution
from fleet.models import Operator, RigBin, RigModel
from fleet.selectors import name_index
from risk.scenarios import AskedLine
from vendors.catalogue.identifiers import SYSTEMS, identifier_key
from vendors.models import Vendor, VendorAlias, VendorIdentifier

NEAREST = 3
NEAR_ENOUGH = 0.78


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedModel:
    """What the catalogue makes of a line's model: a row and perhaps its bin, or the nearest names."""

    asked: str
    model: RigModel | None = None
    bin: RigBin | None = None
    candidates: tuple[str, ...] = ()
    note: str = ""

    @property
    def sentence(self) -> str:
        """Why there is no model; empty where there is one."""
        if self.model is not None:
            return ""
        near = f"did you mean {' or '.join(self.candidates)}?" if self.candidates else "none is like it."
        why = f" {self.note}" if self.note else ""
        return f"The catalogue cannot tell which model '{self.asked}' is; {near}{why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedVendor:
    """What the register makes of a line's vendor: a vendor, or the nearest names; `asked` None: nobody was named."""

    asked: str | None
    vendor: Vendor | None = None
    candidates: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Why there is no vendor; empty where there is one."""
        if self.vendor is not None:
            return ""
        if self.asked is None:
            return "No vendor is named, so nobody can say whether it may be paid."
        if len(self.candidates) > 1:
            near = f"it may be {', '.join(self.candidates[:-1])} or {self.candidates[-1]}."
        else:
            near = f"did you mean {self.candidates[0]}?" if self.candidates else "none is called like it."
        return f"No vendor on record bears the name or number '{self.asked}'; {near}"


def models_of(lines: Iterable[AskedLine]) -> dict[tuple[str, str | None], NamedModel]:
    """The models of lines, by what each says of model and maker."""
    index = name_index()
    asked = {(line.model, line.maker): index.resolve(line.model, maker=line.maker) for line in lines}
    names = {found.model for found in asked.values() if found.model}
    models = RigModel.objects.select_related("maker").filter(name__in=names)
    by_name = {(model.maker.name, model.name): model for model in models}
    bins: dict[tuple[int, str], RigBin] = {}
    for each in RigBin.objects.filter(model__in=by_name.values()).order_by("-reading", "-pk"):
        bins[each.model_id, each.name] = each
    return {said: _named(said[0], found, by_name, bins) for said, found in asked.items()}


def vendors_of(lines: Iterable[AskedLine], operator: Operator) -> dict[str | None, NamedVendor]:
    """The vendors of lines that the operator may see, by what each line says."""
    asked = {line.vendor for line in lines}
    said = sorted(text for text in asked if text)
    visible = {vendor.pk: vendor for vendor in Vendor.objects.visible_to(operator).standing()}
    borne = _names_borne(visible)
    numbered = _numbers_borne(said, operator, visible)
    found: dict[str | None, NamedVendor] = {None: NamedVendor(asked=None)}
    for text in said:
        bearers = borne.get(_folded(text), set()) or numbered.get(text, set())
        found[text] = _vendor(text, bearers, visible, borne)
    return found


def _named(
    asked: str,
    found: Resolution,
    by_name: Mapping[tuple[str, str], RigModel],
    bins: Mapping[tuple[int, str], RigBin],
) -> NamedModel:
    model = by_name.get((found.maker or "", found.model or ""))
    if model is None:
        near = tuple(f"{each.maker} {each.model}" for each in found.candidates[:NEAREST])
        return NamedModel(asked=asked, candidates=near, note=found.note)
    return NamedModel(
        asked=asked, model=model, bin=bins.get((model.pk, found.bin or "")) if found.bin else None
    )


def _names_borne(visible: Mapping[int, Vendor]) -> dict[str, set[int]]:
    """Who bears each name, folded: names, slugs, and every alias of a company."""
    borne: defaultdict[str, set[int]] = defaultdict(set)
    for pk, vendor in visible.items():
        borne[_folded(vendor.name)].add(pk)
        borne[_folded(vendor.slug)].add(pk)
    for pk, name in VendorAlias.objects.of_companies().values_list("vendor_id", "name"):
        if pk in visible:
            borne[_folded(name)].add(pk)
    return dict(borne)


def _numbers_borne(said: list[str], operator: Operator, visible: Mapping[int, Vendor]) -> dict[str, set[int]]:
    """Who bears each text as an identifier, of the register or of the operator's own systems."""
    keys = {text: _keys(text) for text in said}
    wanted = {key for pairs in keys.values() for _, key in pairs}
    rows: Any = VendorIdentifier.objects.visible_to(operator).filter(key__in=wanted)
    by_key: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for system, key, pk in rows.values_list("system", "key", "vendor_id"):
        if pk in visible:
            by_key[system, key].add(pk)
    return {text: {pk for pair in pairs for pk in by_key.get(pair, ())} for text, pairs in keys.items()}


def _keys(text: str) -> list[tuple[str, str]]:
    """The text as an identifier of every system that it fits."""
    found = []
    for system in SYSTEMS:
        try:
            found.append((system, identifier_key(system, text)))
        except ValueError:
            continue
    return found


def _vendor(
    text: str, bearers: set[int], visible: Mapping[int, Vendor], borne: Mapping[str, set[int]]
) -> NamedVendor:
    if len(bearers) == 1:
        return NamedVendor(asked=text, vendor=visible[next(iter(bearers))])
    if not bearers:
        near = process.extract(
            _folded(text),
            list(borne),
            scorer=JaroWinkler.normalized_similarity,
            score_cutoff=NEAR_ENOUGH,
            limit=8,
        )
        bearers_near = [pk for name, _, _ in near for pk in sorted(borne[name])]
    else:
        bearers_near = sorted(bearers)
    names = dict.fromkeys(visible[pk].name for pk in bearers_near)
    return NamedVendor(asked=text, candidates=tuple(names)[:NEAREST])


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
