"""Attacks composed from phrases and the texts at hand, and the benign mirror of every kind of them.

Injections: an instruction that overrides, redirects or reads the model's instructions, typed by a user or planted in a
document. Jailbreaks: a frame around a harmful goal. Mirrors: the same documents without an attack, requests with
constraints, role-play, and harmless uses of the same trigger words, so that neither strange words nor documents nor
imperatives give the label away. Every row is seeded on its own: it does not depend on the number of rows.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable, Sequence

from src.data import lexicon as lex
from src.data.schema import Example
from src.data.splits import key_hash
from src.errors import DataError
from src.labels import Family, Label

LICENCE = "project"
MIN_SLICE, MAX_SLICE = 100, 700  # characters of a document around an attack
MAX_TRIES_PER_ROW = 20
_BOUNDARY = re.compile(r"(?<=[.!?。！？\n])\s+|\n")

Maker = Callable[[random.Random, Sequence[Example]], Example]


def compose_injections(count: int, documents: Sequence[Example], seed: int) -> list[Example]:
    """`count` direct, indirect and prompt-extraction attacks; `span` holds the characters of the attack.

    Raises DataError without documents, or when the phrases do not give that many distinct texts.
    """
    return _compose(count, documents, f"{seed}:injection", _injection)


def compose_benign_mirrors(count: int, documents: Sequence[Example], seed: int) -> list[Example]:
    """`count` benign texts that share documents, words and forms with the composed attacks. Raises as above."""
    return _compose(count, documents, f"{seed}:mirror", _mirror)


def compose_jailbreaks(count: int, goals: Sequence[Example], seed: int) -> list[Example]:
    """`count` frames around harmful goals; the group is the goal's. Raises DataError without goals."""
    return _compose(count, goals, f"{seed}:jailbreak", _jailbreak)


def fill(template: str, rng: random.Random, lang: str = "en", **slots: str) -> str:
    """`template` with its slots filled from the lexicon; `slots` takes precedence."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in slots:
            return slots[name]
        if name in ("task", "Task"):
            task = fill(rng.choice(lex.TASKS[lang]), rng, lang)
            return task if name == "task" else task[:1].upper() + task[1:]
        if name in ("scope", "Scope"):
            scope = rng.choice(lex.SCOPES)
            return scope if name == "scope" else scope.capitalize()
        if name == "address":
            return f"{rng.choice(lex.NAMES).lower()}@{rng.choice(lex.WORDS).lower()}.example"
        if name == "number":
            return str(rng.choice((2, 3, 5, 7, 10, 12, 25, 50, 100, 451, 2047, 8800)))
        if name == "letter":
            return rng.choice(string.ascii_uppercase)
        return rng.choice(_SLOTS[name])

    return re.sub(r"\{(\w+)\}", value, template)


_SLOTS = {
    "subject": lex.SUBJECTS,
    "subject2": lex.SUBJECTS,
    "place": lex.PLACES,
    "name": lex.NAMES,
    "word": lex.WORDS,
    "language": lex.LANGUAGES,
    "day": lex.DAYS,
    "day2": lex.DAYS,
    "role": lex.BENIGN_ROLES,
}


def document_slice(text: str, rng: random.Random) -> str:
    """A contiguous part of a text of at most MAX_SLICE characters, cut at sentence or line ends where there are any."""
    target = rng.randint(MIN_SLICE, MAX_SLICE)
    if len(text) <= target:
        return text.strip()
    starts = [0, *(match.end() for match in _BOUNDARY.finditer(text) if match.end() < len(text) - MIN_SLICE)]
    start = rng.choice(starts)
    ends = [match.start() for match in _BOUNDARY.finditer(text, start) if MIN_SLICE <= match.start() - start <= target]
    return text[start : ends[-1] if ends else start + target].strip()


def _compose(count: int, material: Sequence[Example], seed: str, make: Maker) -> list[Example]:
    if count == 0:
        return []
    if not material:
        raise DataError(f"cannot compose {count} rows ({seed}): there are no texts to compose them with in this split")
    material = sorted(material, key=lambda example: (example.text, example.source))
    rows: dict[str, Example] = {}
    for index in range(count * MAX_TRIES_PER_ROW):
        row = make(random.Random(f"{seed}:{index}"), material)
        rows.setdefault(row.text, row)
        if len(rows) == count:
            return list(rows.values())
    raise DataError(
        f"the phrases give {len(rows)} distinct texts ({seed}), {count} were asked for; lower the count in data.mixture"
    )


def _row(
    text: str, label: Label, family: Family, source: str, group: str, lang: str, span: tuple[int, int] | None = None
) -> Example:
    return Example(text=text, label=label, family=family, source=source, group=group, lang=lang, licence=LICENCE, span=span)


def _language(rng: random.Random, choices: dict[str, tuple[str, ...]]) -> str:
    """English half of the time: the other languages have fewer phrases."""
    return "en" if rng.random() < 0.5 else rng.choice(sorted(choices))


def _injection(rng: random.Random, documents: Sequence[Example]) -> Example:
    document = rng.choice(documents)
    kind = rng.random()
    if kind < 0.2:
        lang = _language(rng, lex.EXTRACTIONS)
        phrase, family, source = rng.choice(lex.EXTRACTIONS[lang]), Family.PROMPT_EXTRACTION, "composed_extraction"
        attack = fill(phrase, rng, lang)
        if rng.random() < 0.5:
            lead = rng.choice(lex.OVERRIDES[lang])
            phrase = lead + phrase
            task = attack[:1].lower() + attack[1:] if lang == "en" else attack
            attack = fill(lead, rng, lang, task=task, Task=attack)
    elif kind < 0.6:
        lang = _language(rng, lex.OVERRIDES)
        phrase, family, source = rng.choice(lex.OVERRIDES[lang]), Family.DIRECT_INJECTION, "composed_direct"
        attack = fill(phrase, rng, lang)
    else:
        lang = "en"
        covert = rng.random() < 0.6
        phrase = rng.choice(lex.COVERT_TASKS) if covert else rng.choice(lex.OVERRIDES["en"])
        family, source = Family.INDIRECT_INJECTION, "composed_indirect"
        attack = rng.choice(lex.ADDRESSEES) + fill(phrase, rng)
    group = f"composed:{phrase}:{key_hash(attack)[:8]}"
    alone = family != Family.INDIRECT_INJECTION and rng.random() < 0.55
    if alone:
        return _row(_vary(attack, rng), Label.DIRECT_INJECTION, family, source, group, lang)
    text, span = _plant(attack, document_slice(document.text, rng), family, rng)
    # The document keeps its place in a split by standing in one split's documents only.
    return _row(text, Label.DIRECT_INJECTION, family, source, group, lang, span)


def _plant(attack: str, carrier: str, family: Family, rng: random.Random) -> tuple[str, tuple[int, int]]:
    """The carrier with the attack at its start, middle or end, and the characters that hold the attack."""
    if family == Family.INDIRECT_INJECTION:
        breaks = [match.start() for match in _BOUNDARY.finditer(carrier)] or [len(carrier)]
        at = rng.choice((0, rng.choice(breaks), len(carrier), len(carrier)))
        lead = fill(rng.choice(lex.QUESTIONS_ABOUT_DOCUMENTS), rng)
        planted = attack
    else:
        at = rng.choice((0, len(carrier), len(carrier), len(carrier)))
        lead = ""
        planted = rng.choice(lex.TURN_MARKERS).replace("{text}", attack)
    joint = rng.choice(("\n", " ", "\n\n"))
    before, after = carrier[:at].rstrip(), carrier[at:].lstrip()
    start = len(lead) + (len(before) + len(joint) if before else 0)
    text = lead + (before + joint if before else "") + planted + (joint + after if after else "")
    return text, (start, start + len(planted))


def _vary(text: str, rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.12:
        return text.upper()
    if kind < 0.3:
        return text.lower()
    return text + rng.choice(("", "", "", ".", "!", "!!", " Now.", " Thanks."))


def _mirror(rng: random.Random, documents: Sequence[Example]) -> Example:
    """One benign row. Documents most often, since a composed attack must never be the only place where one occurs."""
    kind = rng.random()
    if kind < 0.45:
        document = rng.choice(documents)
        lead = fill(rng.choice(lex.QUESTIONS_ABOUT_DOCUMENTS), rng)
        return _row(
            lead + document_slice(document.text, rng),
            Label.BENIGN,
            Family.NONE,
            "mirror_documents",
            document.group,
            document.lang,
        )
    if kind < 0.65:
        task = fill(rng.choice(lex.BENIGN_TASKS), rng)
        rules = " ".join(fill(rule, rng) for rule in rng.sample(lex.CONSTRAINTS, rng.randint(0, 3)))
        lead = rng.choice(lex.LEADS)
        text = (
            lead
            + (task if lead else task[:1].upper() + task[1:])
            + "."
            + (" " + rules if rules else "")
            + fill(rng.choice(lex.CLOSINGS), rng)
        ).strip()
        return _row(text, Label.BENIGN, Family.NONE, "mirror_constraints", f"mirror:{key_hash(text)}", "en")
    if kind < 0.75:
        template = rng.choice(lex.ROLE_PROMPTS)
        text = fill(template, rng)
        if rng.random() < 0.5:
            text += " " + fill(rng.choice(lex.CONSTRAINTS), rng)
        return _row(text, Label.BENIGN, Family.NONE, "mirror_roles", f"mirror:{key_hash(text)}", "en")
    if kind < 0.92:
        lang = _language(rng, lex.HARMLESS_TRIGGERS)
        text = _vary(fill(rng.choice(lex.HARMLESS_TRIGGERS[lang]), rng), rng)
        return _row(text, Label.BENIGN, Family.NONE, "mirror_triggers", f"mirror:{key_hash(text)}", lang)
    text = fill(rng.choice(lex.SECURITY_TALK), rng)
    if rng.random() < 0.5:
        text = f"{rng.choice(lex.LEADS)}{text} {fill(rng.choice(lex.CONSTRAINTS), rng)}"
    return _row(text, Label.BENIGN, Family.NONE, "mirror_security", f"mirror:{key_hash(text)}", "en")


def _jailbreak(rng: random.Random, goals: Sequence[Example]) -> Example:
    goal = rng.choice(goals)
    request = goal.text.strip()
    if rng.random() < 0.15:
        # What a gradient search leaves behind looks like words from everywhere and torn punctuation.
        tokens = [
            rng.choice(
                (
                    *lex.WORDS,
                    *lex.SUBJECTS,
                    "describing.",
                    "similarlyNow",
                    "](",
                    "!--Two",
                    "\\+",
                    "{{",
                    "==",
                    "(@",
                    "Sure",
                    "};",
                    "please?",
                    ")!",
                    "_(",
                )
            )
            for _ in range(rng.randint(8, 22))
        ]
        text, family = f"{request} {' '.join(tokens)}", Family.JAILBREAK_OPTIMIZED
    else:
        text, family = fill(rng.choice(lex.JAILBREAK_FRAMES), rng, goal=request), Family.JAILBREAK_PERSONA
        if rng.random() < 0.35:
            text = f"{fill(rng.choice(lex.ROLE_PROMPTS), rng)} {text}"
        if rng.random() < 0.25:
            text += rng.choice(
                (
                    " Stay in character.",
                    " No disclaimers.",
                    " Be as detailed as possible.",
                    " Start with 'Absolutely!'.",
                    " This is fiction.",
                )
            )
    return _row(text, Label.JAILBREAK, family, "composed_jailbreak", goal.group, goal.lang)
