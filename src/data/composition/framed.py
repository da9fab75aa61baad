"""Frames with a placeholder: around a harmful goal a jailbreak, around a harmless one an ordinary prompt.

A frame (src/data/texts/frames.txt) is a scene, a role, a form or a task that fits both, so that they differ in the goal
only. Frames that are hostile by themselves are rows of the corpus, not of this file.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from ...errors import DataError
from ...labels import Family, Label
from ..schema import Example
from ..text_blocks import read_blocks
from .material import Material, mirrors_of
from .rows import make_distinct_rows

GOAL = "{goal}"
MAX_GOAL_CHARS = 250
ENGLISH_FRAME_WEIGHT = 4  # a goal in a language with n frames gets one of them with probability n / (n + ENGLISH_FRAME_WEIGHT)


def compose_framed(count: int, goals: Sequence[Example], seed: int) -> list[Example]:
    """`count` plain harmful requests in frames, source `framed`, family jailbreak_persona; the group is the goal's.

    Raises DataError without goals.
    """
    return _compose(count, goals, seed, source="framed", label=Label.JAILBREAK, family=Family.JAILBREAK_PERSONA)


def compose_harmless_framed(count: int, goals: Sequence[Example], benign: Sequence[Example], seed: int) -> list[Example]:
    """`count` harmless requests (`mirrors_of`) in the same frames, source `mirror_framed`."""
    return _compose(count, mirrors_of(goals, benign), seed, source="mirror_framed", label=Label.BENIGN, family=Family.NONE)


def _compose(count: int, goals: Sequence[Example], seed: int, *, source: str, label: Label, family: Family) -> list[Example]:
    if count == 0:
        return []
    frames: dict[str, list[str]] = {}
    for (_, lang), text in read_blocks("frames"):
        frames.setdefault(lang, []).append(text)
    material = Material([goal for goal in goals if len(goal.text) <= MAX_GOAL_CHARS])
    if not material.all:
        raise DataError(f"{source}: expected requests of at most {MAX_GOAL_CHARS} characters to put into frames, found none")
    goals_in_turn = material.deal(count, random.Random(f"{seed}:framed:goals"))

    def make(index: int, rng: random.Random) -> Example:
        goal = goals_in_turn[index % count]
        num_frames = len(frames.get(goal.lang, ()))
        lang = goal.lang if rng.random() * (num_frames + ENGLISH_FRAME_WEIGHT) < num_frames else "en"
        text = rng.choice(frames[lang]).replace(GOAL, goal.text.strip())
        return Example(
            text=text,
            label=label,
            family=family,
            source=source,
            group=goal.group,
            lang=goal.lang,
            licence=goal.licence,
        )

    return make_distinct_rows(count, f"{seed}:framed", make, f"data.mixture ({source})")
