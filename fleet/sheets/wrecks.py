"""The refusal of a whole file: everything that can be wrong before a single row is looked at ends here."""

from __future__ import annotations


class UnreadableSheet(ValueError):
    """A file that cannot be read as a fleet sheet.

    `code` is for programs (`password_protected`, `cut_short`, `no_headings`, …), `sentence` for people: what
    is wrong, and what would be right.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
