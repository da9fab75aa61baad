"""The guard inside other projects: one module for each of them, which needs that project's library and loads it alone.

What holds for all: a text that the guard cannot read is an error, never harmless; pictures and files are not read; the messages
of errors name no score, because the people whose texts are judged may see them.
"""

from __future__ import annotations

from ..errors import GuardrailError
from ..runtime import ConversationVerdict, Verdict


class AttackFound(GuardrailError):
    """The guard found an attack in what was about to be passed on."""

    def __init__(self, verdict: Verdict | ConversationVerdict) -> None:
        super().__init__("the guard found a prompt attack in this text")
        self.verdict = verdict


def missing(package: str, module: str) -> ImportError:
    """What to raise where the library of an adapter is not installed."""
    return ImportError(f"{module} needs {package}: pip install {package}")
