"""Adapters for other projects, one module each. A module needs and imports only the library of its own project.

All adapters treat a text that the guard cannot read as an error, never as harmless, and do not read pictures and files. Error
messages contain no score, because the authors of the judged texts may see them. Of a long text the guard reads a part, unless it
is loaded with max_chars=None and max_windows=None.
"""

from __future__ import annotations

from ..errors import GuardrailError
from ..runtime import ConversationVerdict, Verdict


class AttackFound(GuardrailError):
    """The guard found an attack in a text that was about to be passed on."""

    def __init__(self, verdict: Verdict | ConversationVerdict) -> None:
        super().__init__("the guard found a prompt attack in this text")
        self.verdict = verdict


def missing_package_error(package: str, module: str) -> ImportError:
    """The error for an adapter whose library is not installed."""
    return ImportError(f"{module} needs {package}: pip install {package}")
