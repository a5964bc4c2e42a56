"""Deeds that are done at one moment, each in a thread with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection


def answers_of(*deeds: Callable[[], Any]) -> list[Any]:
    """What each deed answers, or the fault that it raises, in their order."""
    start, answers = Barrier(len(deeds)), [None] * len(deeds)

    def one(number: int) -> None:
        try:
            start.wait()
            answers[number] = deeds[number]()
        except Exception as fault:
            answers[number] = fault
        finally:
            connection.close()

    threads = [Thread(target=one, args=[number]) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def at_once(*deeds: Callable[[], Any]) -> None:
    """The same where none of them may fail; raises the first fault."""
    for answer in answers_of(*deeds):
        if isinstance(answer, Exception):
            raise answer
