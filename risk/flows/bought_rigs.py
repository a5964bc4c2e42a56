"""Rigs that are bought, as the fleet would hold them: the lot of their facts, and what they measure."""

from __future__ import annotations

from collections.abc import Mapping

from fleet.models import Lot, Operator, RigBin, RigModel, Site
from ledger.written_queries import WrittenQuery
from risk.engine.shares import Measured
from risk.scenarios.scenario import RigsBought

_SITES = WrittenQuery(lambda at: Site.objects.of(at("operator")).values_list("name", "country"))


def site_countries(operator: Operator) -> dict[str, str]:
    """The operator's sites with their countries; empty where nobody said. One query."""
    return dict(_SITES.rows(operator=operator.pk))


def lot_bought(bought: RigsBought, model: RigModel, sites: Mapping[str, str]) -> Lot:
    """The lot of a row with these words, not saved; the country of import is the site's where it is not said."""
    return Lot(
        model=model,
        country_of_assembly=bought.country_of_assembly or "",
        country_of_origin=bought.country_of_origin or "",
        hashboard_origin=bought.hashboard_origin or "",
        hts_code=bought.hts_code.digits if bought.hts_code else "",
        import_country=bought.import_country or sites.get(bought.site or "", ""),
        entry_date=bought.entry_date,
        expected_entry_date=bought.expected_entry_date,
        transport_mode=bought.transport_mode or "",
        loaded_date=bought.loaded_date,
        has_arrived=bought.status.has_arrived,
    )


def rigs_bought(bought: RigsBought, model: RigModel, bin_: RigBin | None) -> Measured:
    """What is said of a rig comes first, then its bin, then its model."""
    said = None if bought.hashrate_ths is None else int(bought.hashrate_ths * 1000)
    hashrate = _first(said, bin_.hashrate_ghs if bin_ else None, model.hashrate_ghs)
    power = _first(bought.power_w, bin_.power_w if bin_ else None, model.power_w)
    value = None if bought.unit_value is None else bought.unit_value.cents
    units = bought.units
    return Measured(
        units=units,
        hashrate_ghs=units * (hashrate or 0),
        units_with_hashrate=units if hashrate is not None else 0,
        power_w=units * (power or 0),
        units_with_power=units if power is not None else 0,
        value_cents=units * (value or 0),
        units_with_value=units if value is not None else 0,
    )


def _first(*figures: int | None) -> int | None:
    return next((figure for figure in figures if figure is not None), None)
