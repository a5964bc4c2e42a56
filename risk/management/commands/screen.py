"""A name against the government lists in force."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from fleet.management.answers import AnsweringCommand, read_as
from risk.api.screening_answers import hit_answer
from risk.engine.screening import ScreenedParty
from risk.engine.terms.countries import CountryCode
from risk.flows.screen_name import screen_party


class Command(AnsweringCommand):
    help = (
        "Which listed parties a name is like, at or over the threshold of review, strongest first, and why."
    )

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--country", type=read_as(CountryCode.parse), help="country of the company")
        parser.add_argument("--list", dest="list_code", help="one list alone, by its code")

    def answer(self, **options: Any) -> dict[str, Any]:
        country = options["country"]
        party = ScreenedParty(names=(options["name"],), countries=frozenset([country] if country else []))
        hits = screen_party(party, list_code=options["list_code"])
        return {"query": options["name"], "hits": [hit_answer(hit) for hit in hits]}

    def told(self, answer: dict[str, Any]) -> str:
        lines = [
            f"{hit['strength']}  {hit['list']} {hit['entity_id']}  {hit['name']}" for hit in answer["hits"]
        ]
        return "\n".join(lines) or f"Nobody on the lists in force is like '{answer['query']}'."
