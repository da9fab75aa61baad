"""Texts that the guard judged wrongly, from errors.json: selected by a rule when they were scored, not by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..cells import fixed, number
from ..document import Block, Quote, Quotes, Section
from .inputs import missing_note

TITLE = "Errors worth reading"
KINDS = {"false_alarms": "False alarms", "misses": "Misses"}


def section(report: Mapping[str, Any]) -> Section:
    if "errors" not in report:
        return Section(TITLE, (missing_note(report, "errors"),))
    errors = report["errors"]
    blocks: list[Block] = [errors["rule"]]
    if errors["withheld"]:
        blocks.append(f"Texts not shown, as their licence is not an open one: {', '.join(errors['withheld'])}.")
    for kind, name in KINDS.items():
        part = errors[kind]
        title = f"{name}: {len(part['shown'])} of {number(part['n'])}"
        quotes = tuple(map(_quote, part["shown"]))
        blocks.append(Quotes(title, quotes) if quotes else f"{title}.")
    return Section(TITLE, tuple(blocks))


def _quote(error: Mapping[str, Any]) -> Quote:
    facts = [
        error["benchmark"],
        f"policy {error['policy']}",
        error["family"],
        error["lang"],
        f"{number(error['chars'])} characters",
    ]
    text = error["text"] + (" ..." if error["chars"] > len(error["text"]) else "")
    facts_text = ", ".join(fact for fact in facts if fact)
    return Quote(fixed(error["score"]), f"threshold {fixed(error['threshold'])}, {facts_text}", text)
