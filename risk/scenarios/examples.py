"""Texts to begin a supposition with, one for each question that is asked most. Exercises, not law."""

from __future__ import annotations

from collections.abc import Mapping

EXAMPLES: Mapping[str, str] = {
    "A new duty": """\
measures:
  added:
    - code: EXERCISE-1
      rate: "0.25"
      effective_from: 2027-01-01
      countries_of_origin: [MY, TH]
      hts_prefixes: ["8543.70"]
""",
    "A measure ends": """\
measures:
  ended:
    - {code: US-301-CN-L2, through: 2026-12-31}
""",
    "Another rate": """\
measures:
  changed:
    - {code: US-301-CN-L2, rate: "0.50", since: 2027-01-01}
""",
    "A maker is listed": """\
vendors:
  listed:
    - {vendor: Canaan, effect: restricts, list: Entity List}
""",
    "Customs contests an origin": """\
origins:
  contested:
    - {maker: Bitmain, country: CN, since: 2024-01-01}
""",
    "Rigs are bought": """\
rigs:
  bought:
    - model: Antminer S21 XP
      units: 500
      unit_value: "3900.00"
      country_of_origin: MY
      import_country: US
      expected_entry_date: 2027-01-15
      transport_mode: air
""",
    "Rigs are moved abroad": """\
rigs:
  moved:
    - {status: deployed, country_of_origin: CN, to_country: PY, to_site: Villeta}
""",
    "A shipment is late": """\
rigs:
  delayed:
    - {status: on order, days: 45}
""",
}
