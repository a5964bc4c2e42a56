"""Who stands behind a line of an order: the maker of its model and the vendor, and how far lists reach each of them.

A party that the register does not know is never clean: what the law names, and what lists hold of that name, is told
all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from risk.engine.facts import VendorFacts
from risk.engine.findings import Reason, SanctionLevel
from risk.engine.hits import HitCandidate
from risk.engine.sanctions import SanctionFinding, together
from risk.engine.screening import ScreenedParty, Screener
from risk.engine.sittings import Sitting
from risk.flows.named_goods import NamedModel, NamedVendor
from risk.flows.screen_name import screener_in_force
from risk.flows.vendor_standing import screened_vendors
from risk.scenarios import AskedLine

MAKER, VENDOR = "maker", "vendor"
MOST_NAMES_SCREENED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A maker or a vendor: what the register says of it, and the finding; `vendor_id` None is one that nobody knows.

    `hits` are what lists hold of the name of such a one.
    """

    role: str
    name: str | None
    vendor_id: int | None
    facts: VendorFacts
    sanction: SanctionFinding
    hits: tuple[HitCandidate, ...] = ()


@dataclass(slots=True)
class Parties:
    """All parties of one order, each found once. `known` are vendors whose facts are at hand; lists count that are
    fresh on the day `known_on`."""

    sitting: Sitting
    known: Mapping[int, VendorFacts]
    known_on: date
    _facts: dict[int, VendorFacts] = field(default_factory=dict)
    _found: dict[tuple[str, object], Party] = field(default_factory=dict)
    _screener: Screener | None = None
    _screened: int = 0

    def gather(self, models: Iterable[NamedModel], vendors: Iterable[NamedVendor]) -> None:
        """Ask the database, once, for every vendor that is not at hand."""
        vendors = list(vendors)
        ids = {each.model.maker_id for each in models if each.model}
        ids |= {each.vendor.pk for each in vendors if each.vendor}
        missing = ids - set(self.known)
        found = screened_vendors(missing, known_on=self.known_on) if missing else {}
        self._facts = {**self.known, **found}
        if any(each.asked and each.vendor is None for each in vendors):
            self._screener = screener_in_force()

    def maker_of(self, line: AskedLine, named: NamedModel) -> Party:
        """The maker of a line's model; of an unknown model, the one that the line names, of whom nothing is known."""
        if named.model is not None:
            return self._of_register(MAKER, named.model.maker_id)
        return self._stranger(MAKER, line.maker, Reason("model_unknown", named.sentence))

    def vendor_of(self, named: NamedVendor) -> Party:
        """The vendor of a line."""
        if named.vendor is not None:
            return self._of_register(VENDOR, named.vendor.pk)
        code = "vendor_unknown" if named.asked else "vendor_not_named"
        return self._stranger(VENDOR, named.asked, Reason(code, named.sentence))

    @property
    def list_editions(self) -> dict[str, str]:
        """The list editions that the parties were screened against, by list."""
        return {
            each.list_code: each.edition
            for party in self._found.values()
            for each in party.facts.lists_screened
        }

    def _of_register(self, role: str, pk: int) -> Party:
        if (role, pk) not in self._found:
            facts = self._facts[pk]
            self._found[role, pk] = Party(
                role=role, name=facts.name, vendor_id=pk, facts=facts, sanction=self.sitting.sanction(facts)
            )
        return self._found[role, pk]

    def _stranger(self, role: str, name: str | None, why: Reason) -> Party:
        key = (role, (name, why))
        if key not in self._found:
            facts = VendorFacts(name=name or f"the {role}")
            is_left_out = bool(name and role == VENDOR and self._has_screened_enough)
            hits = self._hits(name) if name and role == VENDOR else ()
            reasons = (why, _not_screened(name or "")) if is_left_out else (why,)
            found = [SanctionFinding(level=SanctionLevel.UNKNOWN, is_screened=False, reasons=reasons)]
            if name:
                found.append(self.sitting.sanction(facts))
            found += [_possibly(name or "", hit) for hit in hits]
            self._found[key] = Party(
                role=role, name=name, vendor_id=None, facts=facts, sanction=together(found), hits=hits
            )
        return self._found[key]

    @property
    def _has_screened_enough(self) -> bool:
        return self._screened >= MOST_NAMES_SCREENED

    def _hits(self, name: str) -> tuple[HitCandidate, ...]:
        """What the lists in force hold of a name; of the first names alone, for an order has few vendors."""
        if self._screener is None or self._has_screened_enough:
            return ()
        self._screened += 1
        return self._screener.screen(ScreenedParty(names=(name,)))


def _not_screened(name: str) -> Reason:
    sentence = (
        f"No list was searched for {name}: of one order the first {MOST_NAMES_SCREENED} vendor names that the "
        "register does not know are."
    )
    return Reason("not_screened_too_many_names", sentence)


def _possibly(name: str, hit: HitCandidate) -> SanctionFinding:
    sentence = (
        f"{name} may be '{hit.entity.name}' ({hit.entity.list_code} {hit.entity.entity_id}, strength "
        f"{hit.strength:.2f}); nobody has decided yet, so it is not cleared."
    )
    return SanctionFinding(
        level=SanctionLevel.WATCH, is_screened=False, reasons=(Reason("hit_open", sentence),)
    )
