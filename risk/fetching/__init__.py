"""Files from official addresses: only where they may come from, whole or not at all, onto the disk.

Plain Python: no database, no settings, no rule of the field. What a file says is judged by `risk.lists`.
"""

from risk.fetching.downloads import Fetched, Limits, Marks, download
from risk.fetching.failed import FetchFailed
from risk.fetching.reachable import Reachable
from risk.fetching.unpacking import unpacked

__all__ = ["FetchFailed", "Fetched", "Limits", "Marks", "Reachable", "download", "unpacked"]
