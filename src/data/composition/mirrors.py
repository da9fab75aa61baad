"""Benign mirrors: the same documents, carriers, layouts, imperatives and role-play, without an attack."""

from __future__ import annotations

import random

from src.data.composition.chat import transcript
from src.data.composition.documents import render_document
from src.data.composition.frames import GOAL, assemble, frame_size, place, scene
from src.data.composition.material import Material
from src.data.composition.requests import draw_request
from src.data.composition.rows import row
from src.data.composition.style import Voice, divider, draw_voice, filler, lay_out, roughen
from src.data.schema import Example
from src.data.splits import key_hash
from src.labels import Family, Label

NOTE_SHARE = 0.65  # documents that get a note where an attack would stand


def compose_mirror(rng: random.Random, material: Material) -> Example:
    """One benign row. Documents most often: a composed attack must never be the only place where one occurs."""
    voice = draw_voice(rng)
    kind = rng.random()
    if kind < 0.37:
        return _document(rng, voice, material)
    if kind < 0.42:
        text, source = _prefixed(rng, voice), "mirror_prefixed"
    elif kind < 0.47:
        text, source = _everyday(rng, voice), "mirror_everyday"
    elif kind < 0.55:
        text, source = _constrained(rng, voice), "mirror_constraints"
    elif kind < 0.575:
        text, source = _mixed(rng, voice), "mirror_mixed"
    elif kind < 0.66:
        text, source = roughen(scene(rng, voice), rng).replace(GOAL, _request(rng, voice)), "mirror_scene"
    elif kind < 0.77:
        text, source = _framed(rng, voice), "mirror_roles"
    elif kind < 0.835:
        text, source = _chat(rng, voice), "mirror_chat"
    elif kind < 0.86:
        text, source = _talk(rng, voice), "mirror_talk"
    elif kind < 0.93:
        text, source = _about(rng, voice, "trigger"), "mirror_triggers"
    else:
        text, source = _about(rng, voice, "near_harm"), "mirror_subjects"
    return _benign(text, source, voice.lang)


def _benign(text: str, source: str, lang: str) -> Example:
    return row(text, Label.BENIGN, Family.NONE, source, f"mirror:{key_hash(text)}", lang)


def _document(rng: random.Random, voice: Voice, material: Material) -> Example:
    host = draw_voice(rng) if rng.random() < 0.12 else voice
    note = ""
    if rng.random() < NOTE_SHARE:
        note = roughen(lay_out(voice.grammar.several("note", rng.choice((1, 2, 2, 3, 4)), rng), rng, voice), rng)
    rendered = render_document(rng, host, material, note)
    document = rendered.document
    if document is None:
        return _benign(rendered.text, f"mirror_{rendered.carrier}", host.lang)
    lang = document.lang if document.lang != "und" else host.lang
    return row(rendered.text, Label.BENIGN, Family.NONE, f"mirror_{rendered.carrier}", document.group, lang)


def _prefixed(rng: random.Random, voice: Voice) -> str:
    """A question with a formal lead, alone or after sentences to read."""
    parts = [voice.grammar.pick("prefix", rng), _request(rng, voice)]
    if rng.random() < 0.4:
        parts.insert(rng.choice((0, 1)), voice.space.join(voice.grammar.several("fact", rng.randint(1, 5), rng)))
    return roughen(rng.choice((voice.space, "\n", "\n\n")).join(parts), rng)


def _everyday(rng: random.Random, voice: Voice) -> str:
    """What customers, shops and bookkeepers write, as a message or a chat; English also as it was long ago."""
    if "archaic" in voice.grammar.tables and rng.random() < 0.3:
        return roughen(lay_out(voice.grammar.several("archaic", rng.randint(1, 6), rng), rng, voice), rng)
    sentences = voice.grammar.several("service", rng.choice((1, 1, 2, 2, 3, 4)), rng)
    if rng.random() < 0.3:
        return transcript([(("user", "assistant")[number % 2], text) for number, text in enumerate(sentences)], rng)
    if rng.random() < 0.4:
        sentences.append(voice.grammar.pick(rng.choice(("ending", "question", "note")), rng))
    return roughen(lay_out(sentences, rng, voice), rng)


def _constrained(rng: random.Random, voice: Voice) -> str:
    """A task or a question with rules about the answer."""
    several = voice.grammar.several
    sentences = [voice.task(rng) if rng.random() < 0.65 else voice.grammar.pick("question", rng)]
    sentences += several("constraint", rng.choice((0, 1, 1, 2, 2, 3, 4)), rng)
    if rng.random() < 0.35:
        sentences.insert(0, voice.grammar.pick("context", rng))
    if rng.random() < 0.15:
        rng.shuffle(sentences)
    if rng.random() < 0.2:
        sentences.append(voice.grammar.pick("ending", rng))
    return roughen(lay_out(sentences, rng, voice), rng)


def _mixed(rng: random.Random, voice: Voice) -> str:
    """Several requests in a row, in one language or more, with dividers and padding between them."""
    parts = []
    for _ in range(rng.randint(2, 4)):
        speaker = draw_voice(rng) if rng.random() < 0.4 else voice
        parts.append(speaker.task(rng) if rng.random() < 0.5 else speaker.grammar.pick("question", rng))
        if rng.random() < 0.2:
            parts.append((filler if rng.random() < 0.4 else divider)(rng))
    return roughen(rng.choice((" ", " ", "\n", ". ")).join(parts), rng)


def _request(rng: random.Random, voice: Voice) -> str:
    """Something harmless to ask for, often on the subjects of harmful requests."""
    if rng.random() < 0.45:
        return draw_request(rng, voice.lang, is_harmful=False).text
    return voice.task(rng) if rng.random() < 0.5 else voice.grammar.pick("question", rng)


def _framed(rng: random.Random, voice: Voice) -> str:
    """Role-play, stories, thought experiments and definitions of assistants, built as the frames of jailbreaks are."""
    several = voice.grammar.several
    bound = {"ai": voice.grammar.expand("{ai}", rng)}
    opening = rng.choice(("role", "role", "tale", "tale", "assistant"))
    size = frame_size(rng)
    sections = [several(opening, (rng.randint(3, 6) if opening == "assistant" else rng.choice((1, 2, 2))) * size, rng, bound)]
    if opening == "role" or rng.random() < 0.2 * size:
        sections.append(several("trait", rng.randint(0, 4) * size, rng, bound))
    sections.append(several("constraint", rng.choice((0, 0, 1, 1, 2, 3)) * size, rng, bound))
    if rng.random() < 0.25 * size:
        sections.append(several("context", size, rng, bound))
    if rng.random() < 0.2:
        rng.shuffle(sections)
    sections = [section for section in sections if section]
    if rng.random() < 0.6:
        sections = place(_request(rng, voice), sections, rng)
    return roughen(assemble(sections, rng, voice), rng)


def _chat(rng: random.Random, voice: Voice) -> str:
    """An honest conversation in a chat template, whole or its last turns only."""
    several = voice.grammar.several
    turns = []
    if rng.random() < 0.5:
        turns.append(("system", voice.space.join(several("assistant", rng.randint(1, 4), rng))))
    for _ in range(rng.randint(1, 3)):
        turns.append(("user", voice.task(rng) if rng.random() < 0.5 else voice.grammar.pick("question", rng)))
        turns.append(("assistant", voice.space.join(several("fact", rng.randint(1, 2), rng))))
    if rng.random() < 0.6:
        turns.append(("user", voice.grammar.pick(rng.choice(("question", "trigger", "near_harm", "constraint")), rng)))
    lead = voice.grammar.pick("question", rng) + "\n" if rng.random() < 0.3 else ""
    return lead + transcript(turns, rng)


def _talk(rng: random.Random, voice: Voice) -> str:
    """A question about an attack, which it quotes."""
    quote = voice.grammar.pick(rng.choice(("cancel", "cancel_do", "extract", "rule")), rng)
    sentences = [voice.grammar.pick("talk", rng, {"quote": quote})]
    if rng.random() < 0.3:
        sentences.insert(0, voice.grammar.pick("context", rng))
    return lay_out(sentences, rng, voice)


def _about(rng: random.Random, voice: Voice, symbol: str) -> str:
    """A sentence of the table, alone or with harmless company."""
    sentences = [voice.grammar.pick(symbol, rng)]
    if rng.random() < 0.5:
        sentences = voice.grammar.several("context", rng.choice((1, 1, 2, 3)), rng) + sentences
    for _ in range(rng.choice((0, 0, 0, 1, 1, 2, 3))):
        sentences.append(voice.grammar.pick(rng.choice(("constraint", "ending", "question", symbol)), rng))
    return roughen(lay_out(sentences, rng, voice), rng)
