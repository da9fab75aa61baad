"""The sentences of the wrappers by their use, read from src/data/texts/wrappers_{train,evaluation}.txt.

Two sets, for training and for evaluation, that share no template, rule, decoder, demonstration or cover. wrappers.py says
which text goes around which attack, and what the placeholders stand for.
"""

from __future__ import annotations

from typing import Literal, get_args

from ..text_blocks import read_blocks

WrapperSet = Literal["train", "evaluation"]
Rows = tuple[tuple[str, str, str], ...]  # (name, language, template)

FLIP_STYLES = ("plain", "steps", "role", "shots")  # prompt variants of FlipAttack, arXiv 2410.02832
CHAMELEON_STYLES = ("text", "code")  # prompt styles of CodeChameleon, arXiv 2402.16717


def _read_texts(kind: str, use: WrapperSet) -> list[tuple[tuple[str, ...], str]]:
    return [(words[1:], text) for words, text in read_blocks(f"wrappers_{use}") if words[0] == kind]


def _read_by_language(kind: str) -> dict[WrapperSet, dict[str, dict[str, str]]]:
    """use -> language -> mode or style -> text."""
    table: dict[WrapperSet, dict[str, dict[str, str]]] = {use: {} for use in get_args(WrapperSet)}
    for use, languages in table.items():
        for (name, lang), text in _read_texts(kind, use):
            languages.setdefault(lang, {})[name] = text
    return table


def _read_rows(kind: str) -> dict[WrapperSet, Rows]:
    return {use: tuple((name, lang, text) for (name, lang), text in _read_texts(kind, use)) for use in get_args(WrapperSet)}


# How to read the text, per mode. flip/fmm has no rule of its own: it gets one of the two that are wrong for it.
RULES = _read_by_language("rule")
FLIP = _read_by_language("flip")
# The function that restores the words of CodeChameleon, by the name of the attack.
DECODERS: dict[WrapperSet, dict[str, str]] = {
    use: {name: text for (name,), text in _read_texts("decoder", use)} for use in get_args(WrapperSet)
}
CHAMELEON = _read_by_language("chameleon")
ANY_ATTACK, ENCODED, SURFACE, READ_HIDDEN = map(_read_rows, ("any", "encoded", "surface", "hidden"))
# Harmless phrases that demonstrate a transform. Languages without any (Chinese has no spaces to flip at) use English.
DEMO_PHRASES: dict[WrapperSet, dict[str, tuple[str, ...]]] = {
    use: {lang: tuple(text.split("\n")) for (lang,), text in _read_texts("demo", use)} for use in get_args(WrapperSet)
}
# Ordinary visible texts that an invisible payload is hidden in.
COVER_TEXTS: dict[WrapperSet, tuple[str, ...]] = {
    use: tuple(text.split("\n")) for use in get_args(WrapperSet) for _, text in _read_texts("cover", use)
}
