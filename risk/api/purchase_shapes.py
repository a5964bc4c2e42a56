"""What the addresses of purchase checks take, as the schema tells it; what is taken is read and refused here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty

from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsCode
from risk.engine.terms.money import Money
from risk.engine.terms.rigs import TransportMode
from risk.scenarios import MOST_LINES, MOST_UNITS, AskedLine, AskedOrder
from vendors.api.shapes import Strict

MOST_USD = Money.parse("1,000,000.00")
FIRST_DAY, LAST_DAY = date(2018, 7, 1), date(2100, 12, 31)
COUNTRY = "An ISO code or an English name."


def _mode(text: str) -> TransportMode:
    try:
        return TransportMode(text.strip().lower())
    except ValueError:
        raise ValueError(f"'{text}' is no mode of transport; write air, vessel, truck or rail.") from None


def _usd(text: str) -> Money:
    amount = Money.parse(text)
    if not 0 <= amount.cents <= MOST_USD.cents:
        raise ValueError(f"'{text}' is no value of one rig; it lies between 0 and {MOST_USD} US dollars.")
    return amount


class _Read(serializers.CharField):
    """Text that one of the engine's readers takes; its sentence is the refusal."""

    reader: Callable[[str], Any]
    code = "unreadable"

    def run_validation(self, data: Any = empty) -> Any:
        """Raises ValidationError with the reader's sentence, after what is said of any text."""
        text = super().run_validation(data)
        try:
            return type(self).reader(text)
        except ValueError as wrong:
            raise serializers.ValidationError(str(wrong), code=self.code) from None


class CountryField(_Read):
    """A country."""

    reader = staticmethod(CountryCode.parse)
    code = "country_unknown"


class HtsField(_Read):
    """An HTS code."""

    reader = staticmethod(HtsCode.parse)
    code = "hts_code_unreadable"


class ModeField(_Read):
    """A mode of transport, in any case."""

    reader = staticmethod(_mode)
    code = "transport_mode_unknown"


class UsdField(_Read):
    """An amount of US dollars, as text."""

    reader = staticmethod(_usd)
    code = "amount_unreadable"


class DayField(serializers.DateField):
    """A day for which a question makes sense."""

    def to_internal_value(self, value: Any) -> date:
        """Raises ValidationError for a day before the law on record, or one that nobody plans for."""
        day: date = super().to_internal_value(value)
        if not FIRST_DAY <= day <= LAST_DAY:
            sentence = f"{day} is outside the days from {FIRST_DAY} to {LAST_DAY}."
            raise serializers.ValidationError(sentence, code="day_unfit")
        return day


def _text(longest: int, told: str = "", **how: Any) -> serializers.CharField:
    return serializers.CharField(max_length=longest, help_text=told or None, required=False, **how)


class GoodsTaken(Strict):
    """What a line says, or the order says for all lines that are silent."""

    vendor = _text(
        300, "Who is paid: a name, a slug or an identifier (DUNS, LEI, the id of your own system)."
    )
    site = _text(120, "Where the rigs will stand; its country is that of import where none is given.")
    import_country = CountryField(max_length=60, required=False, help_text=COUNTRY)
    importer_of_record = _text(200)
    expected_entry_date = DayField(required=False, help_text="The day of entry; `on` where it is left out.")
    transport_mode = ModeField(max_length=10, required=False, help_text="air, vessel, truck or rail.")
    loaded_date = DayField(required=False)


class LineTaken(GoodsTaken):
    """So many rigs of a model."""

    model = serializers.CharField(max_length=200, help_text="As people write it: Antminer S21 XP 270T.")
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_UNITS)
    maker = _text(200)
    unit_value = UsdField(
        max_length=20, required=False, help_text="The customs value of one rig in US dollars, as text."
    )
    currency = _text(3, "USD; another one is refused.")
    country_of_origin = CountryField(max_length=60, required=False, help_text=COUNTRY)
    country_of_assembly = CountryField(max_length=60, required=False, help_text=COUNTRY)
    hashboard_origin = CountryField(max_length=60, required=False, help_text=COUNTRY)
    hts_code = HtsField(
        max_length=20, required=False, help_text="8 or 10 digits; the model's where it is left out."
    )
    us_content_percent = serializers.DecimalField(
        max_digits=6, decimal_places=3, min_value=0, max_value=100, required=False
    )
    usmca_claim = serializers.BooleanField(required=False)
    hashrate_ths = serializers.DecimalField(
        max_digits=10, decimal_places=3, min_value=0, max_value=1_000_000, required=False
    )
    power_w = serializers.IntegerField(min_value=0, max_value=10_000_000, required=False)
    reference = _text(200, "What your system calls the line.")

    def validate_currency(self, value: str) -> str:
        """Raises ValidationError for another currency than US dollars: no rate of exchange is guessed."""
        if value.strip().upper() != "USD":
            sentence = f"Values are in US dollars; {value} cannot be taken, convert it first."
            raise serializers.ValidationError(sentence, code="currency_not_usd")
        return "USD"


class CheckTaken(GoodsTaken):
    """An order that is not placed yet."""

    lines = serializers.ListField(child=LineTaken(), min_length=1, max_length=MOST_LINES)
    purchase_order = _text(100, "The number that the order has or will have.")
    reference = _text(200, "What your system calls the question.")


class CheckAsked(serializers.Serializer):
    """For which day."""

    on = DayField(required=False, help_text="The day asked about; today where it is left out.")


class OrderTaken(Strict):
    """Under which number the rigs are put on order."""

    purchase_order = _text(100, "The number of the purchase order; that of the check where it is left out.")
    because = _text(500, "Why it is ordered although the check asks.")


OF_ALL_LINES = tuple(GoodsTaken().fields)
NOT_OF_RIGS = ("quantity", "currency")


def order_of(said: dict[str, Any]) -> AskedOrder:
    """The order that was taken; what the order says holds for every line that is silent."""
    common = {name: said[name] for name in OF_ALL_LINES if name in said}
    lines = tuple(
        AskedLine(
            units=line["quantity"], **{**common, **{k: v for k, v in line.items() if k not in NOT_OF_RIGS}}
        )
        for line in said["lines"]
    )
    return AskedOrder(lines=lines, purchase_order=said.get("purchase_order"), reference=said.get("reference"))
