"""The build of a frame around a request, for jailbreaks and for honest role-play alike."""

from __future__ import annotations

import random
from collections.abc import Sequence

from src.data.composition.chat import transcript
from src.data.composition.style import Voice, lay_out

# Stands for the request while phrases are expanded; a request may hold braces. Never in a finished row.
GOAL = "\ue002"
HEADINGS = ("# ", "## ", "### ", "== ", "** ", "[", "")
TITLES = ("Role", "Rules", "Task", "Setting", "Format", "Notes", "Start", "Character", "1", "2", "3", "A", "B")


def assemble(sections: Sequence[Sequence[str]], rng: random.Random, voice: Voice) -> str:
    """Sections of sentences as one prompt: flowing, in paragraphs, under headings, or as turns of a chat template."""
    filled = [list(section) for section in sections if section]
    kind = rng.random()
    if kind < 0.1 and len(filled) > 1:
        *first, last = [lay_out(section, rng, voice) for section in filled]
        return transcript([("system", voice.space.join(first)), ("user", last)], rng)
    if kind < 0.45:
        return lay_out([sentence for section in filled for sentence in section], rng, voice)
    texts = [lay_out(section, rng, voice) for section in filled]
    if kind < 0.57:
        mark = rng.choice(HEADINGS)
        close = "]" if mark == "[" else ":" if not mark else ""
        titles = rng.sample(TITLES, min(len(texts), len(TITLES)))
        return "\n".join(f"{mark}{title}{close}\n{text}" for title, text in zip(titles, texts, strict=True))
    return rng.choice(("\n", "\n\n", voice.space or "\n")).join(texts)


def scene(rng: random.Random, voice: Voice) -> str:
    """A frame around GOAL that fits a harmful and a harmless request alike: a sentence or two, or a long story."""
    bound = {"goal": GOAL}
    if "scene_ask" not in voice.grammar.tables or rng.random() < 0.5:
        return voice.grammar.pick("scene", rng, bound)
    several = voice.grammar.several
    size = frame_size(rng)
    parts = [
        several("scene_place", rng.randint(1, 2) * size, rng),
        several("scene_people", rng.randint(1, 2) * size, rng),
        several("scene_turn", rng.randint(0, 2) * size, rng),
        several("scene_ask", 1, rng, bound),
    ]
    joint = rng.choice((voice.space, voice.space, "\n", "\n\n"))
    return joint.join(voice.space.join(part) for part in parts if part)


def frame_size(rng: random.Random) -> int:
    """How many times longer than a short frame: prompts that are passed around run to pages."""
    return rng.choice((1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4))


def place(request: str, sections: list[list[str]], rng: random.Random) -> list[list[str]]:
    """The sections with the request last (mostly), first, or somewhere in between."""
    kind = rng.random()
    at = len(sections) if kind < 0.65 else 0 if kind < 0.8 else rng.randint(0, len(sections))
    return [*sections[:at], [request], *sections[at:]]
