"""How makers' models are written besides their names: A1166 and 1166, M30SPP for M30S++, T2T for T2 Turbo."""

from __future__ import annotations

import re
from collections.abc import Iterator

_COOLING = {"air": "air", "hydro": "hyd", "immersion": "imm"}


def other_cores(maker: str, core: str, cooling: str | None) -> Iterator[str]:
    """Other cores under which a model goes; a core is its name without maker, spaces and dashes.

    Seen in fleet tools and price lists: Canaan's A is optional; `p` is a plus in type codes (miner-wm-m30spp)
    and labels (M30SPP), for Bitmain only in "prop"; the cooling may be said although the name leaves it out.
    """
    if maker == "Canaan" and re.match(r"a?\d{2}", core):
        yield core.removeprefix("a") if core.startswith("a") else f"a{core}"
    if maker == "MicroBT" and re.fullmatch(r"m\d+d?s\++", core):
        yield core.replace("+", "p")
    if maker == "Bitmain" and "pro+" in core:
        yield core.replace("pro++", "propp").replace("pro+", "prop")
    if maker == "Innosilicon" and "turbo" in core:
        yield core.replace("turbo", "t")
    if cooling and not re.search(r"(air|hyd|imm)(\du)?$", core):
        yield core + _COOLING[cooling]
