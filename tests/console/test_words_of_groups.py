"""How a group's exposed share is put into words: what is unknown is never 0 %."""

from risk.dashboard.bars import exposed_words
from risk.engine.shares import fleet_shares
from risk.engine.terms.money import FREE
from tests.engine.test_shares import a_rate, some_rigs


def test_a_group_of_unknown_exposure_is_never_shown_as_0_percent():
    """Nothing exposed but all unknown is a question mark; some of each is a lower bound."""
    unknown, exposed, clear = (
        some_rigs(rate=None, worst=None),
        some_rigs(rate=a_rate(25), lot_id=2),
        some_rigs(lot_id=3),
    )
    groups = ([unknown], [unknown, exposed], [clear])
    words = [exposed_words(fleet_shares(held, threshold=FREE), "units") for held in groups]
    assert words == ["?", "≥ 50 %", "0 %"]
