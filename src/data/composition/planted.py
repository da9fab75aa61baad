"""Injections at natural places of documents, and the same documents without them.

Both are whole texts that somebody wrote: a document of a benign source, and a short attack on whoever reads it. The mirror
is the same excerpt of the same document, clean or with a harmless note at a place of its own, so that neither the
document nor a note that stands out tells an attack.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from ...errors import DataError
from ...labels import Family, Label
from ..schema import Example
from .material import Material, documents_of, excerpt_of
from .placement import plant
from .rows import distinct_rows

MAX_NOTE = 500  # characters of a text that is planted in another
OTHER_LANGUAGE_SHARE = 0.1  # of the attacks: in a document of any language
CLEAN_SHARE = 0.4  # of the mirrors that are without any note


def compose_planted(count: int, attacks: Sequence[Example], benign: Sequence[Example], seed: int) -> list[Example]:
    """`count` documents with an attack in them, source `planted_<kind of place>`, family indirect_injection.

    attacks: injections of at most MAX_NOTE characters are planted, each as often as the others; the group is the attack's.
    benign: texts of MIN_DOCUMENT characters or more are the documents; where there are none, all texts. Raises DataError when
    there are none of a kind.
    """
    if count == 0:
        return []
    notes = Material([attack for attack in attacks if attack.label == Label.DIRECT_INJECTION and len(attack.text) <= MAX_NOTE])
    documents = _documents(benign, "direct_injection")
    if not notes.all:
        raise DataError(f"data.mixture.direct_injection: expected injections of at most {MAX_NOTE} characters, found none")
    dealt = notes.dealt(count, random.Random(f"{seed}:planted:notes"))

    def make(index: int, rng: random.Random) -> Example:
        note = dealt[index % count]
        document, excerpt = _document_for(note.lang, documents, rng)
        text, span, kind = plant(excerpt, note.text, rng)
        return Example(
            text=text,
            label=Label.DIRECT_INJECTION,
            family=Family.INDIRECT_INJECTION,
            source=f"planted_{kind}",
            group=note.group,
            lang=note.lang,
            licence=_licences(note, document),
            span=span,
        )

    return distinct_rows(count, f"{seed}:planted", make, "data.mixture.direct_injection")


def compose_clean_documents(count: int, attacks: Sequence[Example], benign: Sequence[Example], seed: int) -> list[Example]:
    """`count` benign documents, clean or with a harmless note, source `mirror_<kind of place>` or `mirror_clean`.

    With the arguments of `compose_planted` row i has the document of its row i. Harmless notes are the benign rows in the
    groups of indirect attacks, and sentences of other documents.
    """
    if count == 0:
        return []
    documents = _documents(benign, "hard_negatives")
    indirect = {attack.group for attack in attacks if attack.family == Family.INDIRECT_INJECTION}
    notes = Material([row for row in benign if row.group in indirect and len(row.text) <= MAX_NOTE] or documents.all)
    injections = Material([row for row in attacks if row.label == Label.DIRECT_INJECTION and len(row.text) <= MAX_NOTE])
    langs = [row.lang for row in injections.dealt(count, random.Random(f"{seed}:planted:notes"))] if injections.all else []

    def make(index: int, rng: random.Random) -> Example:
        document, excerpt = _document_for(langs[index % count] if langs else "", documents, rng)
        is_part = excerpt != document.text.strip()
        if is_part and rng.random() < CLEAN_SHARE:
            text, kind, licence = excerpt, "clean", document.licence
        else:
            note = notes.draw(rng, document.lang)
            text, _, kind = plant(excerpt, excerpt_of(note.text, rng)[:MAX_NOTE], rng)
            licence = _licences(note, document)
        return Example(
            text=text,
            label=Label.BENIGN,
            family=Family.NONE,
            source=f"mirror_{kind}",
            group=document.group,
            lang=document.lang,
            licence=licence,
        )

    return distinct_rows(count, f"{seed}:planted", make, "data.mixture.hard_negatives")


def _documents(benign: Sequence[Example], entry: str) -> Material:
    documents = Material(documents_of(benign) or benign)
    if not documents.all:
        raise DataError(f"data.mixture.{entry}: expected benign texts to plant in, found none; lower it or add sources")
    return documents


def _document_for(lang: str, documents: Material, rng: random.Random) -> tuple[Example, str]:
    document = rng.choice(documents.all) if rng.random() < OTHER_LANGUAGE_SHARE else documents.draw(rng, lang)
    return document, excerpt_of(document.text, rng)


def _licences(*parts: Example) -> str:
    return "; ".join(sorted({part.licence for part in parts}))
