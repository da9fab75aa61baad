"""Explains a verdict by occlusion: each sentence is left out in turn, and the rest is scored again.

Occlusion (Zeiler and Fergus 2014) runs on the exported model itself, so it explains the actual decision. It explains the window
with the largest p_attack, of the text, a segment or a decoded view. If a flagged text states an attack twice, leaving out one of
the two sentences lowers the score little: drops of about 0 mean that several sentences each suffice for the verdict.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from ..policy import Policy, p_attack
from ..text.sentences import join_evenly, split_sentences
from ..text.view_decoders.invisible import find_unseen
from ..text.view_decoders.lookalikes import find_lookalikes
from ..text.views import MAX_SEARCHED_CHARS
from .artifact import Network
from .plan import TEXT, Plan, Reading
from .scores import WindowScores, score_plan

if TYPE_CHECKING:
    from .guard import ScoredView, Verdict

MAX_FORWARDS = 48  # forward passes, one per left-out sentence
MAX_HIDDEN = 100  # listed hidden characters
MAX_LISTED_WINDOWS = 100

# General categories of characters that have no name of their own.
_NAMELESS = {"Cc": "CONTROL", "Cn": "UNASSIGNED", "Co": "PRIVATE USE", "Cs": "SURROGATE"}


@dataclass(frozen=True, slots=True)
class ScoredWindow:
    """A piece of a text that the network reads at once."""

    start: int  # characters [start, end)
    end: int
    p_attack: float  # of the policy in force


@dataclass(frozen=True, slots=True)
class Sentence:
    """A left-out span: a sentence, several neighbouring ones or a part of one."""

    start: int  # characters [start, end) of the text that `Explanation.offsets_in` names
    end: int
    text: str
    drop: float  # decrease of p_attack of the window (as a text of its own) without the span; below 0: an increase


class HiddenCharacter(NamedTuple):
    """A character of the raw text that is invisible or imitates another."""

    offset: int
    code_point: str  # "U+200B"
    name: str  # by Unicode, "ZERO WIDTH SPACE"; "<CONTROL>" and the like where there is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The sentences of a text with their effect on its verdict."""

    verdict: Verdict  # equal to guard(text)
    window: ScoredWindow  # the window of the raw text with the largest p_attack
    windows: tuple[ScoredWindow, ...]  # the first MAX_LISTED_WINDOWS windows of the raw text that were read, in text order
    from_view: int | None  # index in verdict.views of the view with the verdict's p_attack; None: the text has it
    offsets_in: Literal["text", "view"]  # the offsets of `explained` and of the sentences are in the raw text or in that view
    explained: ScoredWindow  # the window with the left-out sentences: `window`, or the one of the view with the largest p_attack
    sentences: tuple[Sentence, ...]  # in text order; they cover all of `explained` except white space
    carrier: Sentence | None  # the sentence with the largest drop; None: no drop is above 0
    hidden: tuple[HiddenCharacter, ...]  # the first MAX_HIDDEN in the searched part of the raw text
    hidden_total: int

    @property
    def views(self) -> tuple[ScoredView, ...]:
        return self.verdict.views

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON. The views are those of the verdict."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return values | {
            "verdict": self.verdict.to_dict(),
            "window": _fields_of(self.window),
            "windows": [_fields_of(window) for window in self.windows],
            "explained": _fields_of(self.explained),
            "sentences": [_fields_of(sentence) for sentence in self.sentences],
            "carrier": None if self.carrier is None else _fields_of(self.carrier),
            "hidden": [character._asdict() for character in self.hidden],
        }


def explain(
    verdict: Verdict, plan: Plan, windows: WindowScores, was_read: np.ndarray, network: Network, *, max_forwards: int, name: str
) -> Explanation:
    """Explain the verdict on the only text of a plan; was_read (W,) bool marks the scored windows.

    At most 1 + max_forwards windows are scored. Raises GuardrailError, which begins with `name`, as `score_plan`.
    """
    indices = was_read.nonzero()[0]
    readings = [plan.readings[plan.reading_of[index]] for index in indices]
    p = p_attack(*network.probabilities(windows), verdict.policy)  # (W',) of the windows that were read
    scored = [
        ScoredWindow(*_place(reading, plan.texts[0], plan.windows[index].start, plan.windows[index].end), float(score))
        for index, reading, score in zip(indices, readings, p, strict=True)
    ]
    of_text = [window for window, reading in zip(scored, readings, strict=True) if reading.view_index == TEXT]
    worst = int(p.argmax())  # the first of equal ones: windows of the text come before its views
    reading, window = readings[worst], plan.windows[indices[worst]]

    piece = reading.text[window.start : window.end]
    num_windows = sum(each.view_index == reading.view_index for each in readings)
    spans = join_evenly(split_sentences(piece), max_forwards if _has_offsets(reading, plan.texts[0]) else 1)
    occluded = [replace(reading, text=text) for text in (piece, *(piece[:start] + piece[end:] for start, end in spans))]
    p_whole, *p_without = _p_attack_of(occluded, num_windows, network, verdict.policy, name) if spans else [0.0]
    sentences = tuple(
        Sentence(*_place(reading, plan.texts[0], window.start + start, window.start + end), piece[start:end], p_whole - p_rest)
        for (start, end), p_rest in zip(spans, p_without, strict=True)
    )
    carrier = max(sentences, key=lambda sentence: sentence.drop, default=None)
    hidden = _find_hidden(plan.texts[0][:MAX_SEARCHED_CHARS])
    return Explanation(
        verdict=verdict,
        window=max(of_text, key=lambda window: window.p_attack),
        windows=tuple(sorted(of_text, key=lambda window: window.start)[:MAX_LISTED_WINDOWS]),
        from_view=None if reading.view is None else reading.view_index,
        offsets_in="text" if reading.view is None else "view",
        explained=scored[worst],
        sentences=sentences,
        carrier=carrier if carrier is not None and carrier.drop > 0 else None,
        hidden=tuple(_hidden_character(plan.texts[0], place) for place in hidden[:MAX_HIDDEN]),
        hidden_total=len(hidden),
    )


def _has_offsets(reading: Reading, text: str) -> bool:
    """Whether the characters of a reading have places of their own in the text: not in a segment that was decoded."""
    segment = reading.segment
    if segment is None:
        return True
    raw = text[reading.start : reading.start + segment.end - segment.start]
    return len(raw) == len(segment.text) and raw.lower() == segment.text.lower()  # a segment in unusual case is lower case


def _place(reading: Reading, text: str, start: int, end: int) -> tuple[int, int]:
    """The characters [start, end) of a reading in the raw text or the view; those of a decoded segment are all of it."""
    if reading.segment is not None and not _has_offsets(reading, text):
        return reading.start, reading.start + reading.segment.end - reading.segment.start
    return reading.start + start, reading.start + end


def _p_attack_of(readings: Sequence[Reading], num_windows: int, network: Network, policy: Policy, name: str) -> list[float]:
    """p_attack of each reading in a window of its own, with the penalty of `num_windows` windows.

    A part of a window fits into one window, except tokens of a word in which the window began; those are left out.
    """
    windows = network.tokenizer.windows([reading.text for reading in readings])
    first_windows = np.searchsorted([window.text_index for window in windows], np.arange(len(readings)))
    indices = np.arange(len(readings))
    plan = Plan(
        texts=[reading.text for reading in readings],
        readings=list(readings),
        windows=[windows[index] for index in first_windows],
        reading_of=indices,
        text_of=indices,
        equal_to=indices,
        is_second_look=np.zeros(len(readings), dtype=bool),
        order=indices,
        max_windows=None,
        searched=[1.0] * len(readings),
    )
    scores, _ = score_plan(plan, network.tokenizer, network.run, batch_size=1, name=name)
    return p_attack(*network.probabilities(scores, np.full(len(readings), num_windows)), policy).tolist()


def _find_hidden(text: str) -> list[int]:
    return sorted({*find_unseen(text), *find_lookalikes(text)})


def _hidden_character(text: str, place: int) -> HiddenCharacter:
    char = text[place]
    name = unicodedata.name(char, None) or f"<{_NAMELESS.get(unicodedata.category(char), 'NO NAME')}>"
    return HiddenCharacter(place, f"U+{ord(char):04X}", name)


def _fields_of(value: ScoredWindow | Sentence) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}
