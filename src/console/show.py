"""Verdicts and explanations as text for people."""

from __future__ import annotations

import os
import sys
from typing import NamedTuple

from ..labels import Label
from ..runtime import Explanation, Verdict
from ..text.surface import printable

SHOWN_HIDDEN = 10  # hidden characters that an explanation lists
SHOWN_CHARS = 200
SHOWN_SENTENCES = 3
MOSTLY_UNREADABLE = 0.5  # share of unreadable characters above which a verdict mentions them
RED, GREEN, PLAIN = "\x1b[1;31m", "\x1b[32m", "\x1b[0m"


class Span(NamedTuple):
    """The part of a document that carries an attack."""

    start: int  # characters [start, end) of the document, or of the decoded view
    end: int
    text: str
    view: str | None  # the notations that were undone, such as "base64"; None: it stands in the document as it is

    @classmethod
    def of(cls, explanation: Explanation, document: str) -> Span:
        """The sentence without which p_attack falls most; where there is none, the piece that the network read at once."""
        part = explanation.carrier or explanation.explained
        view = None if explanation.from_view is None else explanation.views[explanation.from_view]
        text = document if view is None else view.text
        return cls(part.start, part.end, text[part.start : part.end], None if view is None else view.trace)

    def describe(self) -> str:
        place = "" if self.view is None else f" of view {self.view}"
        return f"span: characters {self.start} to {self.end}{place}: {printable(self.text, SHOWN_CHARS)}"


def has_colours() -> bool:
    """On a terminal whose user did not ask for none (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def describe(verdict: Verdict) -> str:
    """A verdict for a person, a line per fact."""
    lines = [
        f"{_format_threat(verdict)}: p_attack {verdict.p_attack:.4f}, threshold {verdict.threshold:.4f} "
        f"(policy {verdict.policy})",
        _format_label(verdict),
        f"route {verdict.route}, windows read {verdict.windows_read} of {verdict.windows}, code 0x{verdict.code:04X}",
    ]
    if verdict.truncated:
        lines.append(
            f"only {100 * verdict.coverage:.1f}% of the text was read and searched for hidden text (--max_chars, --max_windows)"
        )
    if verdict.unreadable > MOSTLY_UNREADABLE:
        lines.append(
            f"most of the text could not be read: {100 * verdict.unreadable:.1f}% of its characters mean nothing to the model"
        )
    for view in verdict.views:
        score = "not read" if view.p_attack is None else f"p_attack {view.p_attack:.4f}"
        lines.append(f"view {view.trace}: {score}, {_shorten(view.text)}")
    if verdict.views_truncated:
        lines.append("hidden text was searched for in a part of the text only")
    return "\n".join(lines)


def describe_explanation(explanation: Explanation) -> str:
    """An explanation for a person, below the verdict."""
    lines = [describe(explanation.verdict)]
    view = explanation.from_view
    place = "the text" if view is None else f"view {explanation.views[view].trace}"
    explained, carrier = explanation.explained, explanation.carrier
    lines.append(f"explained: characters {explained.start} to {explained.end} of {place}, p_attack {explained.p_attack:.4f}")
    if carrier is None:
        lines.append("no sentence carries it: p_attack does not fall without any of them")
    else:
        lines.append(f"carried by characters {carrier.start} to {carrier.end}: {printable(carrier.text, SHOWN_CHARS)}")
    strongest = sorted(explanation.sentences, key=lambda sentence: -sentence.drop)[:SHOWN_SENTENCES]
    lines += [
        f"without characters {part.start} to {part.end}: change {-part.drop:+.4f}, {printable(part.text, SHOWN_CHARS)}"
        for part in strongest
    ]
    if explanation.hidden_total:
        lines.append(f"hidden characters: {explanation.hidden_total}")
        lines += [f"  {offset}: {code_point} {name}" for offset, code_point, name in explanation.hidden[:SHOWN_HIDDEN]]
    return "\n".join(lines)


def _format_label(verdict: Verdict) -> str:
    """The label, with a remark where the threshold decides otherwise."""
    details = f"confidence {verdict.confidence:.4f}, family {verdict.family.name.lower()}"
    name, is_benign = verdict.label.name.lower(), verdict.label == Label.BENIGN
    if verdict.threat and is_benign:
        return f"most probable class {name} ({details}), yet p_attack reaches the threshold"
    if not verdict.threat and not is_benign:
        return f"as a threat it would be labelled {name} ({details}), but it stays below the threshold"
    return f"label {name}, {details}"


def _shorten(text: str) -> str:
    return ascii(text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}...")


def _format_threat(verdict: Verdict) -> str:
    answer = "threat" if verdict.threat else "no threat"
    return f"{RED if verdict.threat else GREEN}{answer}{PLAIN}" if has_colours() else answer
