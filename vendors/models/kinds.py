"""The kinds of facts on a vendor's record: where each is kept, what people fill in, and whose it may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models

from vendors.models.files import VendorContact, VendorDocument, VendorNote
from vendors.models.identity import VendorAddress, VendorAlias, VendorIdentifier
from vendors.models.ownership import Ownership
from vendors.models.sourced import Dated, Scoped, Sourced
from vendors.models.statements import AssemblySite, ContestedOrigin, VendorStatement
from vendors.models.vendor import VendorRole

PERIOD = ("since", "through")
SOURCE = ("source", "confidence", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of fact: `name` in addresses, `title` on pages, `thing` in sentences."""

    name: str
    title: str
    thing: str
    model: type[models.Model]
    own: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """What people fill in: the kind's own fields, then period and source where the model has them."""
        period = PERIOD if issubclass(self.model, Dated) else ()
        return (*self.own, *period, *(SOURCE if issubclass(self.model, Sourced) else ()))

    @property
    def is_scoped(self) -> bool:
        """Whether an operator may keep its own beside a vendor of the register."""
        return issubclass(self.model, Scoped)

    @property
    def rows(self) -> models.QuerySet[Any]:
        """All rows of the kind."""
        return self.model._default_manager.all()


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            name="names",
            title="Names",
            thing="name",
            model=VendorAlias,
            own=("name", "kind", "script", "language", "country"),
        ),
        Kind(
            name="identifiers",
            title="Identifiers",
            thing="identifier",
            model=VendorIdentifier,
            own=("system", "value", "country"),
        ),
        Kind(name="roles", title="Roles", thing="role", model=VendorRole, own=("role",)),
        Kind(
            name="addresses",
            title="Addresses",
            thing="address",
            model=VendorAddress,
            own=("kind", "lines", "country"),
        ),
        Kind(
            name="ties",
            title="Ties to other parties",
            thing="tie",
            model=Ownership,
            own=("other_party", "kind", "relation", "share_low", "share_high", "document"),
        ),
        Kind(
            name="sites",
            title="Assembly sites",
            thing="assembly site",
            model=AssemblySite,
            own=("country", "place", "customer"),
        ),
        Kind(
            name="contested",
            title="Contested origins",
            thing="contested origin",
            model=ContestedOrigin,
            own=("country", "first_date", "through_date", "reported_on"),
        ),
        Kind(
            name="statements",
            title="Other statements",
            thing="statement",
            model=VendorStatement,
            own=("kind", "told", "other_party", "country"),
        ),
        Kind(
            name="documents",
            title="Documents",
            thing="document",
            model=VendorDocument,
            own=("title", "kind", "issued_on", "expires_on", "note"),
        ),
        Kind(
            name="contacts",
            title="Contacts",
            thing="contact",
            model=VendorContact,
            own=("name", "position", "email", "phone", "note"),
        ),
        Kind(name="notes", title="Notes", thing="note", model=VendorNote, own=("text",)),
    )
}
