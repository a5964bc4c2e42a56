"""What the names on an order mean: models of the catalogue and vendors of the register, or the nearest ones.

A name that fits several, or none, is nobody's: it is never passed off as the one that is nearest. The number of
queries is the same however many lines there are; all names of the register are read only where a name is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from fleet.catalogue.resolution import Resolution
from fleet.models import Operator, RigBin, RigModel
from fleet.selectors import name_index
from ledger.written_queries import WrittenQuery
from risk.scenarios import AskedLine
from vendors.models import Vendor
from vendors.selectors import bearers_of, folded, names_borne

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


_MODELS = WrittenQuery(lambda at: RigModel.objects.select_related("maker").filter(name__in=at.texts("names")))
_BINS = WrittenQuery(lambda at: RigBin.objects.filter(model__in=at.ids("models")).order_by("-reading", "-pk"))


def models_of(lines: Iterable[AskedLine]) -> dict[tuple[str, str | None], NamedModel]:
    """The models of lines, by what each says of model and maker."""
    index = name_index()
    asked = {(line.model, line.maker): index.resolve(line.model, maker=line.maker) for line in lines}
    names = {found.model for found in asked.values() if found.model}
    by_name = {(model.maker.name, model.name): model for model in _MODELS.rows(names=names)}
    bins: dict[tuple[int, str], RigBin] = {}
    for each in _BINS.rows(models=[model.pk for model in by_name.values()]):
        bins[each.model_id, each.name] = each
    return {said: _named(said[0], found, by_name, bins) for said, found in asked.items()}


def vendors_of(lines: Iterable[AskedLine], operator: Operator) -> dict[str | None, NamedVendor]:
    """The vendors of lines that the operator may see, by what each line says.

    Of the register only the vendors that are named are read; all its names where one is to be found that is near.
    """
    said = sorted({line.vendor for line in lines if line.vendor})
    bearers = bearers_of(said, operator=operator)
    strange = [text for text in said if not bearers[text]]
    every_name = names_borne(operator=operator) if strange else {}
    bearers |= {text: every_name.get(folded(text), ()) for text in strange}
    near = {text: _nearest(text, every_name) for text in said if not bearers[text]}
    rows = Vendor.objects.in_bulk({pk for ids in (*bearers.values(), *near.values()) for pk in ids})
    found: dict[str | None, NamedVendor] = {None: NamedVendor(asked=None)}
    for text in said:
        meant = [rows[pk] for pk in bearers[text] or near[text]]
        found[text] = _vendor(text, meant, is_borne=bool(bearers[text]))
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


def _nearest(text: str, borne: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    """Who bears the names that are like a text, the likest first."""
    near = process.extract(
        folded(text), list(borne), scorer=JaroWinkler.normalized_similarity, score_cutoff=NEAR_ENOUGH, limit=8
    )
    return tuple(pk for name, _, _ in near for pk in borne[name])


def _vendor(text: str, meant: list[Vendor], *, is_borne: bool) -> NamedVendor:
    """The one who bears the name or number; else the names of those who may be meant."""
    if is_borne and len(meant) == 1:
        return NamedVendor(asked=text, vendor=meant[0])
    names = dict.fromkeys(vendor.name for vendor in meant)
    return NamedVendor(asked=text, candidates=tuple(names)[:NEAREST])
