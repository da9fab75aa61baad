"""How sentences are put together, on both labels alike: nothing about layout, case or punctuation may give a label away."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from src.data.composition.grammar import Grammar
from src.data.lexicon import FINISHERS, PHRASES, SPACELESS, STOPS

ENGLISH_SHARE = 0.62
_CLOSED = tuple(".!?。！？।؟:;»\"'`)]}>…")


@dataclass(frozen=True)
class Voice:
    """One language with its phrases."""

    lang: str
    grammar: Grammar

    @property
    def space(self) -> str:
        """What stands between two sentences."""
        return "" if self.lang in SPACELESS else " "

    def sentence(self, clause: str) -> str:
        """The clause with a capital and a full stop, unless it is closed already."""
        text = clause[:1].upper() + clause[1:]
        return text if text.endswith(_CLOSED) else text + STOPS.get(self.lang, ".")

    def clause(self, symbol: str, rng: random.Random) -> str:
        """A phrase of a table of clauses as a sentence."""
        return self.sentence(self.grammar.pick(symbol, rng))

    def task(self, rng: random.Random) -> str:
        """A harmless task, sometimes with a lead and an ending."""
        errand = self.grammar.expand("{errand}", rng)
        text = self.sentence(f"{self.grammar.pick('lead', rng)}{self.space}{errand}" if rng.random() < 0.4 else errand)
        return self.space.join([text, self.grammar.pick("ending", rng)]) if rng.random() < 0.2 else text


VOICES = {lang: Voice(lang, Grammar(tables, finish=FINISHERS.get(lang, str))) for lang, tables in PHRASES.items()}
_OTHERS = sorted(set(VOICES) - {"en"})


def draw_voice(rng: random.Random) -> Voice:
    """English with ENGLISH_SHARE, each other language equally often."""
    return VOICES["en" if rng.random() < ENGLISH_SHARE else rng.choice(_OTHERS)]


def lay_out(sentences: Sequence[str], rng: random.Random, voice: Voice) -> str:
    """The sentences as running text, lines, paragraphs or a list."""
    kind = rng.random()
    if len(sentences) < 3 or kind < 0.6:
        return (voice.space if kind < 0.85 else "\n").join(sentences)
    if kind < 0.7:
        return "\n".join(sentences)
    if kind < 0.76:
        return "\n\n".join(sentences)
    mark = rng.choice(("- ", "* ", "{n}. ", "{n}) ", "• ", "({n}) ", "Rule {n}: ", "#{n} "))
    first = rng.choice((0, 1))  # a line before the list
    listed = [mark.replace("{n}", str(number)) + text for number, text in enumerate(sentences[first:], 1)]
    return "\n".join([*sentences[:first], *listed])


def roughen(text: str, rng: random.Random) -> str:
    """What people do to their texts: capitals, none at all, no full stop, more marks, a slip of the finger."""
    kind = rng.random()
    if kind < 0.06:
        return text.upper()
    if kind < 0.16:
        return text.lower()
    if kind < 0.24:
        return text.rstrip(".。।")
    if kind < 0.28:
        return text.rstrip(".") + rng.choice(("!", "!!", " ...", "!!!", " :)"))
    if kind < 0.34 and len(text) > 10:
        at = rng.randrange(1, len(text) - 1)
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text


def quoted(text: str, rng: random.Random) -> str:
    """A document between delimiters, or as it is."""
    if rng.random() < 0.1:
        line = divider(rng)
        return f"{line}\n{text}\n{rng.choice((line, line[::-1], divider(rng)))}"
    opening, closing = rng.choice(DELIMITERS)
    return f"{opening}{text}{closing}"


def divider(rng: random.Random) -> str:
    """A line of signs, as people draw it to part a text or to catch the eye."""
    parts = [sign * rng.randint(2, 12) for sign in rng.sample(_SIGNS, rng.randint(1, 3))]
    return "".join(parts) + ("".join(reversed(parts)) if rng.random() < 0.3 else "")


def filler(rng: random.Random) -> str:
    """One token over and over: padding before an attack, or a bored typist."""
    token = rng.choice((*_SIGNS, "a", "ö", "x", "la", "test", "\U0001f47d", "\U0001f600", "é", "0", "...", "ok", "ha"))
    return rng.choice((" ", " ", "", "\n")).join([token] * rng.randint(6, 60))


_SIGNS = ("/", "=", "-", "*", "#", "+", ":", "~", "<>", "\\", "_", "%", ".", "|", "><", "^", "§", "!")
DELIMITERS = (
    ("", ""),
    ("", ""),
    ("", ""),
    ('"""\n', '\n"""'),
    ("```\n", "\n```"),
    ("<document>\n", "\n</document>"),
    ("<text>", "</text>"),
    ("---\n", "\n---"),
    ("=== BEGIN ===\n", "\n=== END ==="),
    ("[start]\n", "\n[end]"),
    ("Context:\n", ""),
    ("Text: ", ""),
    ("<<<", ">>>"),
    ("### Input:\n", "\n\n### Response:"),
    ('"', '"'),
)
