"""Attacks composed from phrases and the texts at hand, and the benign mirror of every kind of them.

Injections: an instruction that overrides, redirects or reads the model's instructions, typed by a user or planted in a
document. Jailbreaks: a frame around a harmful goal. Mirrors: the same documents without an attack, requests with
constraints, role-play, and harmless uses of the same trigger words, so that neither strange words nor documents nor
imperatives give the label away. Every row is seeded on its own: it does not depend on the number of rows.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from src.data import lexicon as lex
from src.data.composition.grammar import Grammar
from src.data.composition.injections import compose_injection
from src.data.composition.jailbreaks import compose_jailbreak
from src.data.composition.material import MAX_SLICE, MIN_SLICE, Material, document_slice
from src.data.composition.mirrors import compose_mirror
from src.data.composition.padding import compose_padded
from src.data.composition.requests import compose_request_mirrors, compose_requests
from src.data.composition.rows import LICENCE
from src.data.schema import Example
from src.errors import DataError

__all__ = [
    "LICENCE",
    "MAX_SLICE",
    "MAX_TRIES_PER_ROW",
    "MIN_SLICE",
    "compose_benign_mirrors",
    "compose_injections",
    "compose_jailbreaks",
    "compose_padded",
    "compose_request_mirrors",
    "compose_requests",
    "document_slice",
    "fill",
]

MAX_TRIES_PER_ROW = 20

Maker = Callable[[random.Random, Material], Example]


def compose_injections(count: int, documents: Sequence[Example], seed: int) -> list[Example]:
    """`count` direct, indirect and prompt-extraction attacks; `span` holds the characters of the attack.

    Raises DataError without documents, or when the phrases do not give that many distinct texts.
    """
    return _compose(count, Material.of_documents(documents), f"{seed}:injection", compose_injection)


def compose_benign_mirrors(count: int, documents: Sequence[Example], seed: int) -> list[Example]:
    """`count` benign texts that share documents, words and forms with the composed attacks. Raises as above."""
    return _compose(count, Material.of_documents(documents), f"{seed}:mirror", compose_mirror)


def compose_jailbreaks(count: int, goals: Sequence[Example], seed: int) -> list[Example]:
    """`count` frames around harmful goals; the group is the goal's, or the frame's own where it stands without one.

    Raises DataError without goals.
    """
    return _compose(count, Material(goals), f"{seed}:jailbreak", compose_jailbreak)


def fill(template: str, rng: random.Random, lang: str = "en", **slots: str) -> str:
    """`template` with its slots filled from the base lexicon; `slots` takes precedence. Raises DataError for unknown slots."""
    return _BASE[lang].expand(template, rng, slots)


_BASE_SLOTS = {
    "subject": lex.SUBJECTS,
    "place": lex.PLACES,
    "name": lex.NAMES,
    "word": lex.WORDS,
    "language": lex.LANGUAGES,
    "scope": lex.SCOPES,
    "address": tuple(f"{name.lower()}@{word.lower()}.example" for name in lex.NAMES for word in lex.WORDS),
    "number": ("2", "3", "5", "7", "10", "12", "25", "50", "100", "451", "2047", "8800"),
}
_BASE = {lang: Grammar(_BASE_SLOTS, {"task": tasks}) for lang, tasks in lex.TASKS.items()}


def _compose(count: int, material: Material, seed: str, make: Maker) -> list[Example]:
    if count == 0:
        return []
    if not material.all:
        raise DataError(f"cannot compose {count} rows ({seed}): there are no texts to compose them with in this split")
    rows: dict[str, Example] = {}
    for index in range(count * MAX_TRIES_PER_ROW):
        row = make(random.Random(f"{seed}:{index}"), material)
        rows.setdefault(row.text, row)
        if len(rows) == count:
            return list(rows.values())
    raise DataError(
        f"the phrases give {len(rows)} distinct texts ({seed}), {count} were asked for; lower the count in data.mixture"
    )
