"""Government lists as files: one module a format, whose name stands in FORMATS; a new format is both.

`risk.lists.reading` is what formats share, `risk.lists.editions` judges a whole edition and compares two.
"""

from risk.lists import (
    bis_dpl,
    csl,
    ftm_json,
    ofac_enhanced_xml,
    ofac_sdn,
    opensanctions_simple,
    own_csv,
)
from risk.lists.reading.format import ListFormat, ListUnreadable

FORMATS: dict[str, ListFormat] = {
    module.FORMAT.name: module.FORMAT
    for module in (ofac_sdn, ofac_enhanced_xml, csl, bis_dpl, opensanctions_simple, ftm_json, own_csv)
}

__all__ = ["FORMATS", "ListFormat", "ListUnreadable"]
