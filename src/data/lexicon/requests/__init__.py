"""Harmful requests and their harmless mirrors, on the same subjects and in the same forms, per language.

Tables, in the syntax of `src/data/composition/grammar.py`:

how        a question or an order around `{do}`
past       the same about former times
write      an order around `{make}`
before     what some people say first; `after`: what they say last; `sly`: a last sentence that only a harmful request has
do         something harmful that somebody does, in the form that the language puts after "how to"; one verb and object
           with their variants a line, which is one behaviour
make       a harmful text or program that the model is to write
safe_do    harmless things that share their words or subjects with `do`; safe_make: with `make`
ask        whole harmless questions on the subjects

Requests stay requests: no table holds how anything harmful is done.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from src.data.lexicon.korean import with_particles
from src.data.lexicon.requests.eastern import EASTERN
from src.data.lexicon.requests.english import ENGLISH
from src.data.lexicon.requests.more import MORE
from src.data.lexicon.requests.western import WESTERN

REQUESTS = ENGLISH | WESTERN | EASTERN | MORE


def _french(text: str) -> str:
    return re.sub(r"\b([Dd])e (?=[aeiouéèêàh])", r"\1'", text)  # de acheter -> d'acheter


_ITALIAN = {"su il ": "sul ", "su la ": "sulla ", "su le ": "sulle ", "su i ": "sui ", "su l'": "sull'"}


def _italian(text: str) -> str:
    for parts, joined in _ITALIAN.items():
        text = text.replace(f" {parts}", f" {joined}")
    return text


REQUEST_FINISHERS: dict[str, Callable[[str], str]] = {"fr": _french, "it": _italian, "ko": with_particles}
