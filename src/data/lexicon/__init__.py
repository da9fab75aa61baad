"""Phrases that the composed texts are made of.

`base` holds the phrases of the built-in corpus and of the hard negatives. `PHRASES` holds, for each language, the tables
of the composition grammar (syntax: `src/data/composition/grammar.py`). Every language has these tables:

Slots         subject, place, day, tongue (a language), job, document
Both labels   errand (a plain task, an imperative clause without a full stop), question, context (small talk), ask (a
              request about a document), fact (a sentence of a document), lead, ending
Injections    cancel, cancel_do, claim, rule, do (what the attacker wants, a clause like errand), secrecy, pressure, subtle
              (no trigger word), to_ai, extract, reason, unlock (make it print the phrase of success), scope, secret,
              manner, phrase (parts of those)
Jailbreaks    jb_persona, jb_trait, jb_mode, jb_fiction, jb_hypothetical, jb_study, jb_plea, jb_opposite, jb_tokens (how a
              frame opens), jb_rule, jb_prefix, jb_threat, jb_example, jb_comply (a forged answer), jb_close, jb_goal
              (around `{goal}`), jb_pieces (around `{pieces}`), jb_translate, free (part of those)
Benign        constraint, note (a request that belongs to its document), role, trait, tale, assistant (a system prompt),
              trigger (trigger words in harmless use), near_harm (harmless questions on the subjects of harmful ones),
              talk (about an attack, `{quote}`), prefix, service (see `everyday`)
Both labels   scene (a frame around `{goal}` that says nothing about rules; see `scenes`)
"""

from __future__ import annotations

from types import ModuleType

from src.data.lexicon import (
    arabic,
    chinese,
    dutch,
    english_attacks,
    english_benign,
    english_jailbreaks,
    french,
    german,
    hindi,
    italian,
    japanese,
    korean,
    portuguese,
    russian,
    spanish,
    turkish,
)
from src.data.lexicon.base import (
    EXTRACTIONS,
    HARMLESS_TRIGGERS,
    JAILBREAK_FRAMES,
    LANGUAGES,
    NAMES,
    OVERRIDES,
    PLACES,
    SCOPES,
    SUBJECTS,
    TASKS,
    TURN_MARKERS,
    WORDS,
)
from src.data.lexicon.common import COMMON
from src.data.lexicon.everyday import EVERYDAY
from src.data.lexicon.scenes import SCENES

Tables = dict[str, tuple[str, ...]]


def _tables(lang: str, module: ModuleType) -> Tables:
    """All tables of a language that stands in one module."""
    return {**COMMON, **module.BENIGN, **module.INJECTION, **module.JAILBREAK, **SCENES[lang], **EVERYDAY[lang]}


PHRASES: dict[str, Tables] = {
    "en": {
        **COMMON,
        **english_benign.BENIGN,
        **english_attacks.INJECTION,
        **english_jailbreaks.JAILBREAK,
        **SCENES["en"],
        **EVERYDAY["en"],
    },
    "ar": _tables("ar", arabic),
    "de": _tables("de", german),
    "es": _tables("es", spanish),
    "fr": _tables("fr", french),
    "hi": _tables("hi", hindi),
    "it": _tables("it", italian),
    "ja": _tables("ja", japanese),
    "ko": _tables("ko", korean),
    "nl": _tables("nl", dutch),
    "pt": _tables("pt", portuguese),
    "ru": _tables("ru", russian),
    "tr": _tables("tr", turkish),
    "zh": _tables("zh", chinese),
}
STOPS = {"zh": "。", "ja": "。", "hi": "।"}  # the others end a sentence with a full stop
FINISHERS = {"ko": korean.with_particles}  # corrects an expanded text
SPACELESS = ("zh", "ja")  # no space between sentences

__all__ = [
    "EXTRACTIONS",
    "FINISHERS",
    "HARMLESS_TRIGGERS",
    "JAILBREAK_FRAMES",
    "LANGUAGES",
    "NAMES",
    "OVERRIDES",
    "PHRASES",
    "PLACES",
    "SCOPES",
    "SPACELESS",
    "STOPS",
    "SUBJECTS",
    "TASKS",
    "TURN_MARKERS",
    "WORDS",
]
