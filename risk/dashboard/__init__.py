"""What the console shows of exposure: frozen tiles and their queries. No rule of the field is decided here.

The words of numbers stand in `words`, a fleet with its findings in `fleet_view`, the bars in `bars`, the
tiles of the front page in `front_page`, `amounts`, `attention` and `coming`, the pages of lots in `lots`,
`lot_page` and `search`, the pages through time and of doubt in `history` and `doubts`.
"""

from risk.dashboard.words import headline

__all__ = ["headline"]
