"""What the addresses of vendors take and give, as the schema tells it; what is taken is read and refused here."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from ledger.api.strict import Strict
from vendors.catalogue.files import NAME_KINDS, TIE_KINDS
from vendors.catalogue.identifiers import SYSTEMS
from vendors.models import Vendor, VendorAddress, VendorRole

COUNTRY = "ISO 3166-1 alpha-2; empty: not known."
PERIOD = "A year, a month or a day: 2024, 2024-12 or 2024-12-09."
PERCENT = "A decimal from 0 to 100; null: not known."
MOST_FACTS = 100


def _text(longest: int, told: str = "", **how: Any) -> serializers.CharField:
    return serializers.CharField(max_length=longest, help_text=told, **how)


def _may(longest: int, told: str = "") -> serializers.CharField:
    return _text(longest, told, required=False, allow_blank=True)


class SourcedFact(Strict):
    """Who says so, and from when to when it holds."""

    since = _may(10, PERIOD)
    through = _may(10, PERIOD)
    source = _may(500, "Who says so.")  # type: ignore[assignment]


class NameFact(SourcedFact):
    """Another name, in its own script where it has one."""

    name = _text(300)
    kind = _text(40, f"One of: {', '.join(NAME_KINDS)}.")
    script = _may(4, "ISO 15924, like Hans.")
    language = _may(2, "ISO 639-1, like zh.")
    country = _may(2, COUNTRY)


class IdentifierFact(SourcedFact):
    """A number that means one vendor in one system."""

    system = _text(20, f"One of: {', '.join(SYSTEMS)}.")
    value = _text(200)
    country = _may(2, "Of which country's register; needed for registration and tax.")


class AddressFact(SourcedFact):
    """Where the vendor has an address."""

    kind = _text(20, f"One of: {', '.join(VendorAddress.Kind.values)}.")
    lines = _text(300)
    country = _may(2, COUNTRY)


class TieFact(SourcedFact):
    """Another party and what it is to the vendor, with the share that one owns of the other."""

    other_party = _text(300)
    kind = _text(40, f"One of: {', '.join(TIE_KINDS)}.")
    relation = _text(200)
    share_low = serializers.DecimalField(
        max_digits=6, decimal_places=3, required=False, allow_null=True, help_text=PERCENT
    )
    share_high = serializers.DecimalField(
        max_digits=6, decimal_places=3, required=False, allow_null=True, help_text=PERCENT
    )


class SiteFact(SourcedFact):
    """A country in which the vendor assembles."""

    country = _text(2, "ISO 3166-1 alpha-2.")
    place = _may(300)
    customer = _may(200)


class ContactFact(Strict):
    """A person or desk at the vendor."""

    name = _text(200)
    position = _may(200)
    email = serializers.EmailField(required=False, allow_blank=True)
    phone = _may(60)


def _facts(shape: type[serializers.Serializer], told: str) -> serializers.BaseSerializer:
    return shape(many=True, required=False, max_length=MOST_FACTS, help_text=told)  # type: ignore[call-arg]


class FactsTaken(Strict):
    """Facts that are added to what is on record; none is taken away by leaving it out."""

    roles = serializers.ListField(
        child=_text(20),
        required=False,
        max_length=MOST_FACTS,
        help_text=f"Of: {', '.join(VendorRole.Role.values)}.",
    )
    names = _facts(NameFact, "Names to add.")
    identifiers = _facts(
        IdentifierFact, "Identifiers to add; at a vendor of the register they are yours alone."
    )
    addresses = _facts(AddressFact, "Addresses to add.")
    ties = _facts(TieFact, "Ties to add.")
    sites = _facts(SiteFact, "Assembly sites to add.")
    contacts = _facts(ContactFact, "Contacts to add; at a vendor of the register they are yours alone.")
    notes = serializers.ListField(
        child=_text(5_000),
        required=False,
        max_length=MOST_FACTS,
        help_text="Notes to add; at a vendor of the register they are yours alone.",
    )
    why = _may(300, "Why, for the history; 'sent by a program' if left out.")


class RecordTaken(FactsTaken):
    """What the record of a vendor says."""

    home_country = _may(2, COUNTRY)
    status = serializers.ChoiceField(Vendor.Status.choices, required=False)
    source = _may(500, "Who says where its home is.")  # type: ignore[assignment]
    note = _may(5_000)


class VendorTaken(RecordTaken):
    """A vendor to register among the operator's private ones."""

    name = _text(200)


class VendorChanged(RecordTaken):
    """What is to be otherwise; what is left out stays."""

    name = _text(200, required=False)


class IdentifierTold(serializers.Serializer):
    """An identifier; `is_private`: your own, seen by no other operator."""

    system = serializers.CharField()
    value = serializers.CharField()
    country = serializers.CharField(allow_blank=True)
    is_private = serializers.BooleanField()


class VendorListed(serializers.Serializer):
    """A vendor in brief."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    home_country = serializers.CharField(allow_null=True, help_text="null: not known.")
    status = serializers.ChoiceField(Vendor.Status.choices)
    is_private = serializers.BooleanField(help_text="Whether the record is your own.")
    roles = serializers.ListField(child=serializers.CharField())
    identifiers = IdentifierTold(many=True)


class FactTold(serializers.Serializer):
    """A fact with who says so, how sure that is, and when it holds; empty: nobody said."""

    since = serializers.CharField(allow_blank=True)
    through = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    confidence = serializers.CharField(allow_blank=True)


class NameTold(FactTold):
    """Another name."""

    name = serializers.CharField()
    kind = serializers.CharField()
    script = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True)
    country = serializers.CharField(allow_blank=True)


class AddressTold(FactTold):
    """An address."""

    kind = serializers.CharField()
    lines = serializers.CharField()
    country = serializers.CharField(allow_blank=True)


class TieTold(FactTold):
    """A tie; shares in percent, null where not known."""

    other_party = serializers.CharField()
    kind = serializers.CharField()
    relation = serializers.CharField()
    share_low = serializers.CharField(allow_null=True)
    share_high = serializers.CharField(allow_null=True)


class SiteTold(FactTold):
    """A country of assembly."""

    country = serializers.CharField(allow_blank=True)
    place = serializers.CharField(allow_blank=True)
    customer = serializers.CharField(allow_blank=True)


class ContestedTold(serializers.Serializer):
    """An origin that customs asserts."""

    country = serializers.CharField()
    first_date = serializers.DateField()
    through_date = serializers.DateField(allow_null=True)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


class ContactTold(serializers.Serializer):
    """A contact."""

    name = serializers.CharField()
    position = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    is_private = serializers.BooleanField()


class NoteTold(serializers.Serializer):
    """A note."""

    text = serializers.CharField()
    written_at = serializers.DateTimeField()
    is_private = serializers.BooleanField()


class DocumentTold(serializers.Serializer):
    """A paper on file; its content is in the console."""

    title = serializers.CharField()
    kind = serializers.CharField()
    issued_on = serializers.DateField(allow_null=True)
    expires_on = serializers.DateField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    sha256 = serializers.CharField()
    is_private = serializers.BooleanField()


class VendorTold(VendorListed):
    """A vendor with all that the caller may see of it. `merged_into`: the id of the vendor that took its place."""

    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    note = serializers.CharField(allow_blank=True)
    merged_into = serializers.IntegerField(allow_null=True)
    names = NameTold(many=True)
    addresses = AddressTold(many=True)
    ties = TieTold(many=True)
    sites = SiteTold(many=True)
    contested = ContestedTold(many=True)
    contacts = ContactTold(many=True)
    notes = NoteTold(many=True)
    documents = DocumentTold(many=True)
