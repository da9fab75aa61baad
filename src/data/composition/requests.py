"""Plain harmful requests in many languages, and harmless ones on the same subjects and in the same forms.

A request is a behaviour in a frame. The behaviour decides the group, so one behaviour never stands in two splits.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from src.data.composition.grammar import Grammar
from src.data.composition.rows import row
from src.data.composition.style import roughen
from src.data.lexicon import SPACELESS
from src.data.lexicon.common import COMMON
from src.data.lexicon.everyday import EVERYDAY
from src.data.lexicon.requests import REQUEST_FINISHERS, REQUESTS
from src.data.schema import Example
from src.data.splits import key_hash
from src.errors import DataError
from src.labels import Family, Label

LANGUAGES = tuple(sorted(REQUESTS))
# Half of what is asked of assistants is English or Chinese; the others share the rest.
WEIGHTS = {"en": 4, "zh": 3, "ru": 2}
MAX_TRIES_PER_ROW = 60
GRAMMARS = {
    lang: Grammar(COMMON, EVERYDAY.get(lang, {}), tables, finish=REQUEST_FINISHERS.get(lang, str))
    for lang, tables in sorted(REQUESTS.items())
}


@dataclass(frozen=True)
class Request:
    """A request as somebody types it, and the behaviour that it is about (None: harmless, a group of its own)."""

    text: str
    lang: str
    behaviour: str | None


def draw_language(rng: random.Random) -> str:
    """One of LANGUAGES, with the odds of WEIGHTS."""
    return rng.choices(LANGUAGES, [WEIGHTS.get(lang, 1) for lang in LANGUAGES])[0]


def draw_request(rng: random.Random, lang: str, *, is_harmful: bool) -> Request:
    """A behaviour in a frame, with or without a sentence before and after it."""
    grammar = GRAMMARS[lang]
    kind = rng.random()
    behaviour = None
    if not is_harmful and kind < 0.2:
        core = grammar.pick("ask", rng)
    else:
        slot = "make" if kind > 0.75 else "do"
        table = grammar.tables[slot if is_harmful else f"safe_{slot}"]
        number = rng.randrange(len(table))
        frame = "write" if slot == "make" else "past" if rng.random() < 0.08 else "how"
        core = grammar.pick(frame, rng, {slot: grammar.expand(table[number], rng)})
        behaviour = f"request:{lang}:{slot}:{number}" if is_harmful else None
    sentences = [core]
    kind = rng.random()
    if kind < 0.1 and "prefix" in grammar.tables:
        sentences.insert(0, grammar.pick("prefix", rng))
    elif kind < 0.25:
        sentences.insert(0, grammar.pick("before", rng))
    if rng.random() < 0.2:
        sentences.append(grammar.pick("after", rng))
    elif is_harmful and rng.random() < 0.15:
        sentences.append(grammar.pick("sly", rng))
    return Request(("" if lang in SPACELESS else " ").join(sentences), lang, behaviour)


def compose_requests(count: int, seed: int, accepts: Callable[[str], bool] = lambda group: True) -> list[Example]:
    """`count` distinct harmful requests whose group `accepts` takes: the groups of one split.

    Raises DataError when the phrases do not give that many.
    """

    def make(rng: random.Random) -> Example | None:
        request = draw_request(rng, draw_language(rng), is_harmful=True)
        if request.behaviour is None or not accepts(request.behaviour):
            return None
        text = roughen(request.text, rng)
        return row(text, Label.JAILBREAK, Family.HARMFUL_REQUEST, "composed_request", request.behaviour, request.lang)

    return _distinct(count, f"{seed}:requests", make)


def compose_request_mirrors(count: int, seed: int) -> list[Example]:
    """`count` distinct harmless requests on the same subjects. Raises as above."""

    def make(rng: random.Random) -> Example:
        request = draw_request(rng, draw_language(rng), is_harmful=False)
        text = roughen(request.text, rng)
        return row(text, Label.BENIGN, Family.NONE, "mirror_request", f"mirror:{key_hash(text)}", request.lang)

    return _distinct(count, f"{seed}:request_mirrors", make)


def _distinct(count: int, stream: str, make: Callable[[random.Random], Example | None]) -> list[Example]:
    rows: dict[str, Example] = {}
    for index in range(count * MAX_TRIES_PER_ROW):
        if len(rows) == count:
            break
        made = make(random.Random(f"{stream}:{index}"))
        if made is not None:
            rows.setdefault(key_hash(made.text), made)
    if len(rows) < count:
        raise DataError(
            f"the phrases give {len(rows)} distinct texts ({stream}), {count} were asked for; "
            "lower data.mixture.composed_requests"
        )
    return list(rows.values())
