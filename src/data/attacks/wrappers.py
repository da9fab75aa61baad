"""The text around a transformed payload: sentences, instructions, code, or a cover that hides an invisible payload.

A wrapper says nothing about the label: benign twins get the same wrappers. Training and evaluation wrappers are disjoint,
so that a guard that has memorised wrappers fails on the evaluation cells. Placeholders of a template:
{text} the transformed payload; {rule} how to undo a flip, which for flip/fmm is wrong on purpose; {demo} and
{demo_plain} a harmless phrase after and before the same transform; {method} the usual name of an encoding; {code} a
Python function that undoes a CodeChameleon order; {quote} what makes its argument a Python literal.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...errors import ConfigError
from . import wrapper_texts as texts
from .registry import Attack
from .wrapper_texts import WrapperSet

_PLACEHOLDER = re.compile(r"\{(rule|demo_plain|demo|method|code|quote)\}")


@dataclass(frozen=True)
class Wrapper:
    """A template around a transformed text. Empty `scope`: any attack that is not in OWN_WRAPPERS_ONLY."""

    id: str
    lang: str
    template: str
    scope: tuple[str, ...]  # names of attacks ("flip/fmm") or of whole families ("code_chameleon")
    use: WrapperSet
    style: str = ""  # prompt variant of the paper: one of FLIP_STYLES or CHAMELEON_STYLES

    def fits(self, attack: Attack) -> bool:
        if not self.scope:
            return attack.name not in OWN_WRAPPERS_ONLY
        return bool({attack.name, attack.family.name.lower()} & set(self.scope))

    def render(self, transformed: str, attack: Attack, rng: random.Random) -> tuple[str, tuple[int, int]]:
        """The wrapped text and the characters [start, end) of it that hold the transformed payload.

        Raises ValueError when the wrapper does not fit the attack.
        """
        if not self.fits(attack):
            raise ValueError(f"wrapper {self.id!r} is not meant for {attack.name!r}; take one of wrappers_for(attack)")
        values = self._fill_values(attack, rng)
        # Only known placeholders are filled, each in one pass: braces in the payload or in code stay as they are.
        before, after = (_PLACEHOLDER.sub(lambda match: values[match[1]], part) for part in self.template.split("{text}"))
        return before + transformed + after, (len(before), len(before) + len(transformed))

    def _fill_values(self, attack: Attack, rng: random.Random) -> dict[str, str]:
        """Placeholder -> value, for the placeholders of this template."""
        values = {}
        if "{demo}" in self.template:
            phrases = texts.DEMO_PHRASES[self.use]
            values["demo_plain"] = rng.choice(phrases.get(self.lang, phrases["en"]))
            values["demo"] = attack.apply(values["demo_plain"], rng)
        if "{rule}" in self.template:
            mode = rng.choice(MISLEADING_RULES) if attack.name == "flip/fmm" else attack.name
            values["rule"] = texts.RULES[self.use][self.lang][mode]
        if "{method}" in self.template:
            values["method"] = METHODS[attack.name]
        if "{code}" in self.template:
            values["code"] = texts.DECODERS[self.use][attack.name]
            values["quote"] = "" if attack.name in _LITERAL_OUTPUTS else '"""'
        return values


@dataclass(frozen=True)
class Cover:
    """Visible texts, in one of which an invisible payload is hidden: at its end, or after one of its words."""

    id: str
    texts: Sequence[str]

    def render(self, transformed: str, attack: Attack, rng: random.Random) -> tuple[str, tuple[int, int]]:
        """As `Wrapper.render`."""
        text = rng.choice(self.texts)
        words = [word.end() for word in re.finditer(r"\S+", text)]
        place = rng.choice(words) if words and rng.random() < 0.5 else len(text)
        return text[:place] + transformed + text[place:], (place, place + len(transformed))


# The misleading instruction defines flip/fmm: with an honest or generic wrapper it would be another attack.
OWN_WRAPPERS_ONLY = frozenset({"flip/fmm"})
MISLEADING_RULES = ("flip/fwo", "flip/fcw")  # flip/fmm is flipped as flip/fcs

# Attacks with invisible output, which can be hidden in an ordinary visible text.
INVISIBLE = ("char_injection/tags", "char_injection/variation_selectors", "char_injection/sneaky_bits")

# Usual names of the encodings, short enough to stand in a sentence of any language.
METHODS = {
    "encoding/base64": "Base64",
    "encoding/base32": "Base32",
    "encoding/hex": "hex",
    "encoding/url": "percent-encoding",
    "encoding/html": "HTML entities",
    "encoding/unicode_escape": "Unicode escapes",
    "encoding/rot13": "ROT13",
    "encoding/caesar": "Caesar cipher",
    "encoding/binary": "binary ASCII",
    "encoding/morse": "Morse",
    "encoding/atbash": "Atbash",
    "encoding/decimal": "decimal codes",
    "encoding/octal": "octal codes",
    "encoding/quoted_printable": "quoted-printable",
    "encoding/base85": "Base85",
    "encoding/span": "mixed encoding",
    "encoding/nested": "layered encoding",
}
# Attacks whose output is a Python literal, which needs no quotes.
_LITERAL_OUTPUTS = ("code_chameleon/length", "code_chameleon/binary_tree")
_FLIPS = ("flip/fwo", "flip/fcw", "flip/fcs", "flip/fmm")
_SURFACE = (
    "homoglyph",
    "typoglycemia",
    "char_injection/zero_width",
    "char_injection/soft_hyphen",
    "char_injection/bidi",
    "char_injection/combining_marks",
    "char_injection/separators",
    "char_injection/blanks",
    "char_injection/unseen",
    "char_injection/strokes",
    "char_injection/symbols",
    "char_injection/word_signs",
    "char_injection/joined",
    "char_injection/line_breaks",
)


def _plain_wrappers(use: WrapperSet, rows: Mapping[WrapperSet, texts.Rows], scope: tuple[str, ...]) -> list[Wrapper]:
    return [Wrapper(f"{use}/{name}", lang, template, scope, use) for name, lang, template in rows[use]]


def _styled_wrappers(
    use: WrapperSet, family: str, table: Mapping[WrapperSet, Mapping[str, Mapping[str, str]]], scope: tuple[str, ...]
) -> list[Wrapper]:
    return [
        Wrapper(f"{use}/{family}_{style}_{lang}", lang, template, scope, use, style)
        for lang, styles in table[use].items()
        for style, template in styles.items()
    ]


def _build_wrappers(use: WrapperSet) -> tuple[Wrapper, ...]:
    return (
        *_plain_wrappers(use, texts.ANY_ATTACK, ()),
        *_styled_wrappers(use, "flip", texts.FLIP, _FLIPS),
        *_styled_wrappers(use, "chameleon", texts.CHAMELEON, ("code_chameleon",)),
        *_plain_wrappers(use, texts.ENCODED, ("encoding",)),
        *_plain_wrappers(use, texts.SURFACE, _SURFACE),
        *_plain_wrappers(use, texts.READ_HIDDEN, INVISIBLE),
    )


TRAIN_WRAPPERS = _build_wrappers("train")
EVALUATION_WRAPPERS = _build_wrappers("evaluation")
WRAPPERS: dict[str, Wrapper] = {wrapper.id: wrapper for wrapper in (*TRAIN_WRAPPERS, *EVALUATION_WRAPPERS)}
COVERS: dict[WrapperSet, Cover] = {use: Cover(f"{use}/cover", phrases) for use, phrases in texts.COVER_TEXTS.items()}


def wrappers_for(attack: Attack, use: WrapperSet) -> list[Wrapper]:
    """The wrappers of a set that fit an attack, in table order. Raises ConfigError for another set."""
    if use not in COVERS:
        raise ConfigError(f"expected wrappers of {sorted(COVERS)}, got {use!r}")
    return [wrapper for wrapper in WRAPPERS.values() if wrapper.use == use and wrapper.fits(attack)]
