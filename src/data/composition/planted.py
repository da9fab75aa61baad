"""Injections at natural places of documents, and the same documents without them.

Document and injection are both natural texts: a document of a benign source, and a short attack on its reader. The mirror is
the same excerpt of the same document, clean or with a harmless note at another place, so that neither the document nor a
conspicuous note gives the label away.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from ...errors import DataError
from ...labels import Family, Label
from ..schema import Example
from .material import Material, documents_of, excerpt_of
from .placement import plant
from .rows import make_distinct_rows

MAX_NOTE_CHARS = 500  # longest text that is planted in another
OTHER_LANGUAGE_SHARE = 0.1  # share of the notes that get a document of any language
CLEAN_SHARE = 0.4  # share of the shortened mirrors that have no note


def compose_planted(count: int, attacks: Sequence[Example], benign: Sequence[Example], seed: int) -> list[Example]:
    """`count` documents with an attack in them, source `planted_<kind of place>`, family indirect_injection.

    attacks: injections of at most MAX_NOTE_CHARS characters are planted, each as often as the others; the group is the attack's.
    benign: texts of at least MIN_DOCUMENT_CHARS are the documents; without any, all texts. Raises DataError when
    there are none of a kind.
    """
    if count == 0:
        return []
    notes = Material(
        [attack for attack in attacks if attack.label == Label.DIRECT_INJECTION and len(attack.text) <= MAX_NOTE_CHARS]
    )
    documents = _build_documents(benign, "direct_injection")
    if not notes.all:
        raise DataError(f"data.mixture.direct_injection: expected injections of at most {MAX_NOTE_CHARS} characters, found none")
    notes_in_turn = notes.deal(count, random.Random(f"{seed}:planted:notes"))

    def make(index: int, rng: random.Random) -> Example:
        note = notes_in_turn[index % count]
        document, excerpt = _draw_document(note.lang, documents, rng)
        text, span, kind = plant(excerpt, note.text, rng)
        return Example(
            text=text,
            label=Label.DIRECT_INJECTION,
            family=Family.INDIRECT_INJECTION,
            source=f"planted_{kind}",
            group=note.group,
            lang=note.lang,
            licence=_join_licences(note, document),
            span=span,
        )

    return make_distinct_rows(count, f"{seed}:planted", make, "data.mixture.direct_injection")


def compose_clean_documents(count: int, attacks: Sequence[Example], benign: Sequence[Example], seed: int) -> list[Example]:
    """`count` benign documents, clean or with a harmless note, source `mirror_<kind of place>` or `mirror_clean`.

    With the arguments of `compose_planted` row i has the document of its row i. Harmless notes are the benign rows in the
    groups of indirect attacks, and sentences of other documents.
    """
    if count == 0:
        return []
    documents = _build_documents(benign, "hard_negatives")
    indirect = {attack.group for attack in attacks if attack.family == Family.INDIRECT_INJECTION}
    notes = Material([row for row in benign if row.group in indirect and len(row.text) <= MAX_NOTE_CHARS] or documents.all)
    injections = Material([row for row in attacks if row.label == Label.DIRECT_INJECTION and len(row.text) <= MAX_NOTE_CHARS])
    langs = [row.lang for row in injections.deal(count, random.Random(f"{seed}:planted:notes"))] if injections.all else []

    def make(index: int, rng: random.Random) -> Example:
        document, excerpt = _draw_document(langs[index % count] if langs else "", documents, rng)
        is_part = excerpt != document.text.strip()
        if is_part and rng.random() < CLEAN_SHARE:
            text, kind, licence = excerpt, "clean", document.licence
        else:
            note = notes.draw(rng, document.lang)
            text, _, kind = plant(excerpt, excerpt_of(note.text, rng)[:MAX_NOTE_CHARS], rng)
            licence = _join_licences(note, document)
        return Example(
            text=text,
            label=Label.BENIGN,
            family=Family.NONE,
            source=f"mirror_{kind}",
            group=document.group,
            lang=document.lang,
            licence=licence,
        )

    return make_distinct_rows(count, f"{seed}:planted", make, "data.mixture.hard_negatives")


def _build_documents(benign: Sequence[Example], entry: str) -> Material:
    documents = Material(documents_of(benign) or benign)
    if not documents.all:
        raise DataError(f"data.mixture.{entry}: expected benign texts to plant in, found none; lower it or add sources")
    return documents


def _draw_document(lang: str, documents: Material, rng: random.Random) -> tuple[Example, str]:
    document = rng.choice(documents.all) if rng.random() < OTHER_LANGUAGE_SHARE else documents.draw(rng, lang)
    return document, excerpt_of(document.text, rng)


def _join_licences(*parts: Example) -> str:
    return "; ".join(sorted({part.licence for part in parts}))
