"""The shipped makers, models and aliases onto the register."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import timezone

from fleet.flows.load_catalogue import load_catalogue
from fleet.management.answers import AnsweringCommand
from vendors.services import load_register


class Command(AnsweringCommand):
    help = "Bring makers, rig models and aliases on record into step with the shipped catalogue."

    def answer(self, **options: Any) -> dict[str, dict[str, int]]:
        loaded = load_register() | load_catalogue(at=timezone.now())
        return {name: asdict(counts) for name, counts in loaded.items()}

    def told(self, answer: dict[str, dict[str, int]]) -> str:
        return "\n".join(
            f"{name}: " + ", ".join(f"{count} {what}" for what, count in counts.items())
            for name, counts in answer.items()
        )
