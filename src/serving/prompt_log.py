"""The log of prompts and their verdicts, for those who ask for it with TINYGUARDRAIL_LOG_PROMPTS: one line per text."""

from __future__ import annotations

import logging

from ..runtime import Verdict
from ..text.surface import printable

log = logging.getLogger(__name__)

MAX_LOGGED_CHARS = 200


def open_prompt_log() -> None:
    """Write the lines to standard error, unless the process configured its logging to write them elsewhere."""
    log.setLevel(logging.INFO)
    if not log.hasHandlers():
        log.addHandler(logging.StreamHandler())


def log_prompt(text: str, verdict: Verdict) -> None:
    """The text comes last and without line breaks, so that none can imitate a verdict or another line."""
    log.info(
        "%s: label %s, p_attack %.4f, code %d, text: %s",
        "threat" if verdict.threat else "no threat",
        verdict.label.name.lower(),
        verdict.p_attack,
        verdict.code,
        _escape(text),
    )


def _escape(text: str) -> str:
    """A shortened text in which every control character is visible, and so is every line separator."""
    return printable(text, MAX_LOGGED_CHARS).replace("\u2028", "<U+2028>").replace("\u2029", "<U+2029>")
