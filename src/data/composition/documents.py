"""A document in a carrier, with the user's request about it: the same for attacks and for their mirrors."""

from __future__ import annotations

import random
from dataclasses import dataclass

from src.data.composition import carriers
from src.data.composition.material import Material, document_slice
from src.data.composition.style import Voice, quoted
from src.data.schema import Example

BUILT_SHARE = 0.3  # bodies made of our own sentences where there are real documents too


@dataclass(frozen=True)
class Rendered:
    text: str
    span: tuple[int, int] | None  # characters of the note
    carrier: str
    document: Example | None  # None: the body is built


def render_document(rng: random.Random, voice: Voice, material: Material, note: str, *, needs_request: bool = False) -> Rendered:
    """A real document of the language, or one of built sentences, with the note in it.

    `needs_request`: running text comes with a request of the user, without which a note in it could be the request.
    """
    document = None if rng.random() < BUILT_SHARE else material.draw(voice.lang, rng)
    if document:
        body = document_slice(document.text, rng)
    else:
        body = voice.space.join(voice.grammar.several("fact", rng.randint(2, 7), rng))
    if rng.random() < 0.25:  # notes of its own, so that a document with an attack has them as well
        own = voice.grammar.pick("note", rng)
        body = voice.space.join((own, body) if rng.random() < 0.4 else (body, own))
    name = carriers.draw_carrier(rng)
    text, span = carriers.build(name, rng, voice, body, note)

    before, after = "", ""
    kind = rng.random()
    if kind < 0.5 or (needs_request and name == "text"):
        before = voice.grammar.pick("ask", rng) + rng.choice(("\n", "\n\n", " "))
    elif kind < 0.65:
        after = rng.choice(("\n", "\n\n")) + voice.grammar.pick("ask", rng)
    if rng.random() < 0.1:
        before = voice.space.join(voice.grammar.several("assistant", rng.randint(1, 3), rng)) + "\n\n" + before
    wrapped = quoted(text, rng) if before or after else text
    offset = len(before) + wrapped.index(text)
    moved = (span[0] + offset, span[1] + offset) if span else None
    return Rendered(before + wrapped + after, moved, name, document)
