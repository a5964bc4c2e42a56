"""The pickers of a supposition: what they hold, as a scenario's text, and a scenario in the pickers again.

There is one scenario, its text; the pickers write it (`SuppositionForm.text`) and are filled from it
(`pickers_of`) wherever they can say all that it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, cast

from django import forms

from fleet.models import Lot, Operator, RigModel
from risk.engine.policy import Effect
from risk.engine.terms.countries import country_names
from risk.engine.terms.money import HUNDRED
from risk.scenarios import MOST_UNITS, ScenarioRefused, read_scenario, scenario_text, written_scenario
from vendors.models import Vendor

CODE = "WHAT-IF-1"
EVERY_ORIGIN = "*"
LANDED_IN = "US"
Said = dict[str, Any]


class _Day(forms.DateField):
    """A day, as the browser asks for one."""

    def __init__(self, label: str, help_text: str = "") -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, help_text=help_text, required=False, widget=widget)


class SuppositionForm(forms.Form):
    """One change of each kind that is asked most; what is left empty is not supposed."""

    rate = forms.DecimalField(
        label="Further duty (%)",
        required=False,
        min_value=0,
        max_value=200,
        max_digits=6,
        decimal_places=3,
        widget=forms.NumberInput(attrs={"step": "0.5", "data-slider": "100"}),
    )
    rate_origin = forms.ChoiceField(label="On rigs made in", required=False)
    rate_from = _Day("From", "Empty: from the day that is asked for.")
    listed = forms.ChoiceField(label="Maker", required=False)
    effect = forms.ChoiceField(
        label="What the listing does",
        required=False,
        choices=[(each.value, each.value) for each in (Effect.RESTRICTS, Effect.BLOCKS, Effect.WATCHES)],
    )
    listed_from = _Day("From", "Empty: on every day.")
    contested = forms.ChoiceField(label="Maker", required=False)
    contested_origin = forms.ChoiceField(label="Customs says it is", required=False)
    contested_from = _Day("Entries from", "Empty: all entries.")
    model = forms.ChoiceField(label="Model", required=False)
    units = forms.IntegerField(
        label="Rigs",
        required=False,
        min_value=1,
        max_value=MOST_UNITS,
        widget=forms.NumberInput(attrs={"data-slider": "5000", "step": "1"}),
    )
    made_in = forms.ChoiceField(label="Made in", required=False)
    unit_value = forms.DecimalField(
        label="Customs value of each, in dollars",
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text="Empty: not known, so no duty in dollars.",
    )
    arrives = _Day("Expected to enter", "Empty: on the day that is asked for.")
    # A pair says nothing by half: who names one is asked for the other.
    PAIRS = (("rate", "rate_origin"), ("contested", "contested_origin"), ("model", "units"))

    def __init__(self, operator: Operator, on: date, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.on = on
        held = Lot.objects.of(operator)
        makers = held.order_by("model__maker__name").values_list("model__maker__name", flat=True).distinct()
        origins = held.exclude(country_of_origin="").values_list("country_of_origin", flat=True).distinct()
        countries = _countries(set(origins))
        for name in ("listed", "contested"):
            self._choices(name, [(maker, maker) for maker in makers])
        self._choices("rate_origin", [(EVERY_ORIGIN, "every country"), *countries])
        for name in ("contested_origin", "made_in"):
            self._choices(name, countries)
        self._choices("model", _models(operator))
        for name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = f"about-{name}"

    def _choices(self, name: str, choices: Iterable[Any]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = [("", "–"), *choices]

    @property
    def rooms(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields by what is supposed."""
        rooms = {
            "A duty": ("rate_origin", "rate", "rate_from"),
            "A maker is listed": ("listed", "effect", "listed_from"),
            "Customs contests an origin": ("contested", "contested_origin", "contested_from"),
            "Rigs are bought": ("model", "units", "made_in", "unit_value", "arrives"),
        }
        return [(title, [self[name] for name in names]) for title, names in rooms.items()]

    def clean(self) -> Said:
        """Both halves of a pair, or neither."""
        said = self.cleaned_data
        for pair in self.PAIRS:
            lacking = [name for name in pair if name not in self.errors and said.get(name) in (None, "")]
            if len(lacking) == 1 and not any(name in self.errors for name in pair):
                self.add_error(lacking[0], "Say this, too, or empty the field beside it.")
        return said

    @property
    def supposes(self) -> bool:
        """Whether anything is supposed at all."""
        return any(
            self.cleaned_data.get(name) not in (None, "") for name in ("rate", "listed", "contested", "model")
        )

    @property
    def text(self) -> str:
        """The scenario of a valid form."""
        return written_scenario(said_by(self.cleaned_data, self.on))


def said_by(picked: Mapping[str, Any], on: date) -> Said:
    """A scenario's mapping of what is picked; `on` stands for a day that is left empty where one must be said."""
    said: Said = {}
    if picked.get("rate") is not None and picked.get("rate_origin"):
        said["measures"] = {"added": [_duty(picked, on)]}
    if picked.get("listed"):
        listed = {"vendor": picked["listed"], "effect": picked.get("effect") or str(Effect.RESTRICTS)}
        said["vendors"] = {"listed": [_filled({**listed, "since": picked.get("listed_from")})]}
    if picked.get("contested") and picked.get("contested_origin"):
        contested = {"maker": picked["contested"], "country": picked["contested_origin"]}
        said["origins"] = {"contested": [_filled({**contested, "since": picked.get("contested_from")})]}
    if picked.get("model") and picked.get("units"):
        said["rigs"] = {"bought": [_bought(picked, on)]}
    return said


def _duty(picked: Mapping[str, Any], on: date) -> Said:
    origin = picked["rate_origin"]
    return {
        "code": CODE,
        "rate": format((picked["rate"] / HUNDRED).normalize(), "f"),
        "effective_from": picked.get("rate_from") or on,
        **({} if origin == EVERY_ORIGIN else {"countries_of_origin": [origin]}),
    }


def _bought(picked: Mapping[str, Any], on: date) -> Said:
    maker, _, model = picked["model"].partition(": ")
    value = picked.get("unit_value")
    return _filled(
        {
            "maker": maker,
            "model": model,
            "units": picked["units"],
            "country_of_origin": picked.get("made_in"),
            "import_country": LANDED_IN,
            "unit_value": None if value is None else f"{value:.2f}",
            "expected_entry_date": picked.get("arrives") or on,
        }
    )


def _filled(said: Said) -> Said:
    return {name: value for name, value in said.items() if value not in (None, "")}


def pickers_of(text: str, on: date) -> Said | None:
    """What the pickers hold for a scenario's text; None where it says what they cannot, or is none."""
    try:
        scenario = read_scenario(said := scenario_text(text))
        picked = _picked(said)
        again = read_scenario(scenario_text(written_scenario(said_by(picked, on))))
    except (ScenarioRefused, KeyError, TypeError, ValueError, ArithmeticError, AttributeError):
        return None
    return picked if again.changes == scenario.changes else None


def _picked(said: Any) -> Said:
    duty, listed, contested, bought = (
        (said.get(room, {}).get(kind) or [{}])[0]
        for room, kind in (
            ("measures", "added"),
            ("vendors", "listed"),
            ("origins", "contested"),
            ("rigs", "bought"),
        )
    )
    picked: Said = {}
    if duty:
        origins = duty.get("countries_of_origin", EVERY_ORIGIN)
        picked |= {"rate": Decimal(duty["rate"]) * HUNDRED, "rate_from": _day(duty["effective_from"])}
        picked["rate_origin"] = str(origins[0] if isinstance(origins, list) else origins)
    if listed:
        picked |= {"listed": str(listed["vendor"]), "effect": str(listed.get("effect") or Effect.RESTRICTS)}
        picked["listed_from"] = _day(listed.get("since"))
    if contested:
        picked |= {"contested": str(contested["maker"]), "contested_origin": str(contested["country"])}
        picked["contested_from"] = _day(contested.get("since"))
    if bought:
        picked |= {"model": f"{bought['maker']}: {bought['model']}", "units": int(str(bought["units"]))}
        value, made_in = bought.get("unit_value"), bought.get("country_of_origin")
        picked |= {
            "made_in": str(made_in) if made_in else None,
            "unit_value": None if value is None else Decimal(value),
            "arrives": _day(bought.get("expected_entry_date")),
        }
    return {name: value for name, value in picked.items() if value is not None}


def _day(said: object) -> date | None:
    return None if said is None else date.fromisoformat(str(said))


def _countries(in_fleet: set[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The fleet's countries first, then all others, by name."""
    named = sorted(country_names().items(), key=lambda each: each[1])
    own = [each for each in named if each[0] in in_fleet]
    others = [each for each in named if each[0] not in in_fleet]
    return [*([("In the fleet", own)] if own else []), ("All others" if own else "All", others)]


def _models(operator: Operator) -> list[tuple[str, list[tuple[str, str]]]]:
    """The models of makers that the operator may see, by maker."""
    makers = Vendor.objects.visible_to(operator)
    rows = RigModel.objects.filter(maker__in=makers).order_by("maker__name", "name")
    named = rows.values_list("maker__name", "name").distinct()
    return [
        (maker, [(f"{maker}: {name}", name) for _, name in group])
        for maker, group in groupby(named, key=lambda each: each[0])
    ]
