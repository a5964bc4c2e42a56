"""Which identifiers name the same machine, however a tool writes them; only compared, never stored so."""

from __future__ import annotations

# BTM3CS40HD240831 and seventeen zeros: what a Whatsminer answers where its label has the first sixteen
# characters (seen in the test data of asic-rs, which reads the machine itself).
WHATSMINER = "btm"
LABEL, PADDED = 16, 33


def identity_of(identifier: str) -> str:
    """The same for two spellings of one serial number or MAC address: case aside, and without the zeros that
    fill up a Whatsminer's serial number.
    """
    folded = identifier.casefold()
    if len(folded) == PADDED and folded.startswith(WHATSMINER) and not folded[LABEL:].strip("0"):
        return folded[:LABEL]
    return folded


def spellings_of(identifier: str) -> set[str]:
    """How a database that compares letter by letter may hold the same identifier."""
    identity = identity_of(identifier)
    spellings = {identifier, identity, identity.upper()}
    if identity.startswith(WHATSMINER) and len(identity) == LABEL:
        spellings |= {spelling[:LABEL].ljust(PADDED, "0") for spelling in spellings}
    return spellings
