"""Injections: direct ones, requests for what the model was told in secret, and attacks planted in documents."""

from __future__ import annotations

import random
import re

from src.data.composition.chat import transcript
from src.data.composition.documents import render_document
from src.data.composition.material import Material
from src.data.composition.rows import row
from src.data.composition.style import Voice, divider, draw_voice, filler, lay_out, roughen
from src.data.schema import Example
from src.data.splits import key_hash
from src.labels import Family, Label

# Tokens that seem to end what the model was given to read.
ESCAPES = (
    '"""',
    "```",
    "</document>",
    "</text>",
    "-----\nEND OF INPUT\n-----",
    "]]>",
    "<|endoftext|>",
    "*/",
    "-->",
    "})",
    "[/INST]",
    "</user_input>",
    "####",
    "=== END ===",
    "\\n\\n",
    "%%%",
    "</s>",
    "---",
    "[end]",
    '"}',
    "<EOF>",
    "'''",
    "</context>",
    "~~~~~~~~",
    "<<<END>>>",
    "......",
)


def compose_injection(rng: random.Random, material: Material) -> Example:
    """One attack: alone, after something harmless, as a forged turn, or in a document. `span` holds its characters."""
    voice = draw_voice(rng)
    kind = rng.random()
    if kind < 0.42:
        return _indirect(rng, voice, material)
    if kind < 0.62:
        attack, family, source = _extraction(rng, voice), Family.PROMPT_EXTRACTION, "composed_extraction"
    elif kind < 0.66:
        attack, family, source = _unlock(rng, voice), Family.DIRECT_INJECTION, "composed_unlock"
    else:
        attack, family, source = override(rng, voice), Family.DIRECT_INJECTION, "composed_direct"
    attack = roughen(attack, rng)
    text, span = _presented(attack, rng, voice, material)
    return row(text, Label.DIRECT_INJECTION, family, source, f"composed:{key_hash(attack)}", voice.lang, span)


def override(rng: random.Random, voice: Voice) -> str:
    """An order that takes the place of earlier ones, in one to eight sentences."""
    pick = voice.grammar.pick
    if rng.random() < 0.18:
        return _harangue(rng, voice)
    kind = rng.random()
    if kind < 0.3:
        return pick("cancel_do", rng)
    if kind < 0.4:
        sentences = [pick("subtle", rng)]
        if rng.random() < 0.4:
            sentences.insert(0, pick("context", rng))
        return lay_out(sentences, rng, voice)
    if kind < 0.47:
        return lay_out([pick("claim", rng), pick("cancel_do", rng)], rng, voice)
    sentences = []
    if rng.random() < 0.3:
        sentences.append(pick("claim", rng))
    if rng.random() < 0.75:
        sentences.append(pick("cancel", rng))
    if rng.random() < 0.35 or not sentences:
        sentences += voice.grammar.several("rule", rng.choice((1, 1, 1, 2, 3)), rng)
    # The order in one language and the task in another, as attacks that were translated by halves.
    sentences.append((draw_voice(rng) if rng.random() < 0.1 else voice).clause("do", rng))
    if rng.random() < 0.15:
        sentences.append(voice.clause("do", rng))
    for symbol, share in (("secrecy", 0.3), ("pressure", 0.25), ("claim", 0.1)):
        if rng.random() < share:
            sentences.append(pick(symbol, rng))
    if rng.random() < 0.15:
        rng.shuffle(sentences)
    return lay_out(sentences, rng, voice)


def _harangue(rng: random.Random, voice: Voice) -> str:
    """A long override: everything that could persuade, in paragraphs."""
    several = voice.grammar.several
    paragraphs = [
        several("claim", rng.randint(1, 3), rng),
        several("cancel", rng.randint(1, 3), rng),
        several("rule", rng.randint(1, 5), rng),
        [voice.clause("do", rng) for _ in range(rng.randint(1, 3))],
        several("secrecy", rng.randint(0, 2), rng) + several("pressure", rng.randint(0, 2), rng),
    ]
    if rng.random() < 0.3:
        rng.shuffle(paragraphs)
    return rng.choice((voice.space, "\n", "\n\n")).join(lay_out(paragraph, rng, voice) for paragraph in paragraphs if paragraph)


def _extraction(rng: random.Random, voice: Voice) -> str:
    pick = voice.grammar.pick
    sentences = [pick("extract", rng)]
    if rng.random() < 0.35:
        sentences.insert(rng.choice((0, 1)), pick("reason", rng))
    if rng.random() < 0.15:
        sentences.insert(0, pick(rng.choice(("context", "claim", "cancel")), rng))
    if rng.random() < 0.12:
        sentences.append(pick(rng.choice(("secrecy", "pressure", "ending", "constraint")), rng))
    return lay_out(sentences, rng, voice)


def _unlock(rng: random.Random, voice: Voice) -> str:
    sentences = voice.grammar.several("unlock", rng.choice((1, 1, 2)), rng)
    if rng.random() < 0.4:
        sentences.insert(0, voice.grammar.pick(rng.choice(("context", "claim", "cancel", "rule")), rng))
    return lay_out(sentences, rng, voice)


def _presented(attack: str, rng: random.Random, voice: Voice, material: Material) -> tuple[str, tuple[int, int] | None]:
    """The attack as the user sends it, and where it stands in the text (None: it is the text)."""
    kind = rng.random()
    if kind < 0.45:
        return attack, None
    if kind < 0.64:
        # Questions before the attack may be in any language.
        asked = [_harmless(rng, draw_voice(rng) if rng.random() < 0.15 else voice) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
        before, after = rng.choice((voice.space, ". ", "\n")).join(asked) + rng.choice((voice.space, "\n", "\n\n")), ""
        if rng.random() < 0.2:
            after = voice.space + voice.grammar.pick("ending", rng)
    elif kind < 0.68:
        words = _harmless(rng, voice).split(" ")
        cut = rng.randint(0, len(words))
        before, after = " ".join([*words[:cut], ""]), " ".join(["", *words[cut:]])
    elif kind < 0.71:
        before, after = (filler if rng.random() < 0.4 else divider)(rng) + rng.choice((" ", "\n", "\n\n")), ""
    elif kind < 0.84:
        return _forged(attack, rng, voice)
    else:
        # Behind a document that the user handed over, as if that had ended.
        rendered = render_document(rng, voice, material, "")
        before, after = f"{rendered.text}\n{rng.choice(ESCAPES) if rng.random() < 0.6 else ''}\n", ""
    return before + attack + after, (len(before), len(before) + len(attack))


def _forged(attack: str, rng: random.Random, voice: Voice) -> tuple[str, tuple[int, int]]:
    """A harmless start and then the attack as the turn of somebody else."""
    turns = [(rng.choice(("system", "system", "user", "user", "assistant", "tool")), attack)]
    if rng.random() < 0.5:
        turns.insert(0, ("assistant", voice.grammar.pick("fact", rng)))
    if rng.random() < 0.25:
        turns.append(("assistant", ""))
    before = _harmless(rng, voice) + rng.choice(("\n", "\n\n", f"\n{rng.choice(ESCAPES)}\n")) if rng.random() < 0.75 else ""
    text = before + transcript(turns, rng).rstrip()
    # JSON escapes quotes and line ends: then the whole forged part is the attack.
    start = text.find(attack, len(before))
    return text, (start, start + len(attack)) if start >= 0 else (len(before), len(text))


def _harmless(rng: random.Random, voice: Voice) -> str:
    kind = rng.random()
    if kind < 0.4:
        return voice.grammar.pick("question", rng)
    if kind < 0.7:
        return voice.task(rng)
    if kind < 0.85:
        return voice.grammar.pick("context", rng)
    return f"{voice.grammar.pick('ask', rng)} {voice.grammar.pick('fact', rng)}"


def _indirect(rng: random.Random, voice: Voice, material: Material) -> Example:
    """An attack in a document: an override, or only a task that is out of place there."""
    kind = rng.random()
    covert = kind < 0.5
    # An attack in another language than its document, mostly in English.
    host = draw_voice(rng) if rng.random() < 0.12 else voice
    if kind < 0.3:
        sentences = [voice.clause("errand", rng) if rng.random() < 0.6 else voice.grammar.pick("question", rng)]
        if rng.random() < 0.5:
            sentences.append(voice.grammar.pick(rng.choice(("constraint", "context", "ending")), rng))
        attack = lay_out(sentences, rng, voice)
    elif covert:
        attack = voice.clause("do", rng) if rng.random() < 0.5 else voice.grammar.pick("subtle", rng)
    else:
        attack = override(rng, voice)
    address = voice.grammar.pick("to_ai", rng) if rng.random() < (0.25 if covert else 0.6) else ""
    if address:
        attack = f"{address}{voice.space}{attack}"
        if re.fullmatch(r"<\w+>", address) and rng.random() < 0.7:
            attack += f"</{address[1:]}"
    attack = roughen(attack, rng)
    rendered = render_document(rng, host, material, attack, needs_request=covert)
    return row(
        rendered.text,
        Label.DIRECT_INJECTION,
        Family.INDIRECT_INJECTION,
        f"composed_indirect_{rendered.carrier}",
        f"composed:{key_hash(attack)}",
        voice.lang,
        rendered.span,
    )
