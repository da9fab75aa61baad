"""TinyGuardrail, a small guard against prompt attacks: `from tinyguardrail import Guard`; in a checkout, `from src import Guard`.

Importing it loads nothing; `Guard` loads what serving needs, and no torch.
"""

import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .runtime import Guard

__all__ = ["Guard"]

# ONNX Runtime of PyPI sends telemetry unless this is set before its import (its Privacy.md, 1.32.0). A guard reads confidential
# texts, so telemetry is off by default; an environment with the value 0 keeps it.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

# An installed checkout can be imported under both names. Then every class exists twice, and an error class of one package does
# not catch the errors of the other.
_twin = sys.modules.get({"src": "tinyguardrail", "tinyguardrail": "src"}.get(__name__, ""))
if _twin is not None and list(getattr(_twin, "__path__", ())) == list(__path__):
    raise ImportError(f"{__path__[0]} is imported as {_twin.__name__} already; use that name, or {__name__} everywhere")


def __getattr__(name: str) -> Any:
    if name == "Guard":
        from .runtime import Guard

        return Guard
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
