"""TinyGuardrail, a small guard against prompt attacks: `from tinyguardrail import Guard`; in a checkout, `from src import Guard`.

Importing it loads nothing; `Guard` loads what serving needs, and no torch.
"""

import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .runtime import Guard

__all__ = ["Guard"]

# ONNX Runtime of PyPI reports its use to its makers unless this is set before it is imported (its Privacy.md, 1.32.0). A guard
# reads what nobody else should hear of; an environment that says 0 keeps the reports.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

# A checkout that is installed as well has both names. Under two names every class is there twice, and no error of the one is
# caught as an error of the other.
_twin = sys.modules.get({"src": "tinyguardrail", "tinyguardrail": "src"}.get(__name__, ""))
if _twin is not None and list(getattr(_twin, "__path__", ())) == list(__path__):
    raise ImportError(f"{__path__[0]} is imported as {_twin.__name__} already; use that name, or {__name__} everywhere")


def __getattr__(name: str) -> Any:
    if name == "Guard":
        from .runtime import Guard

        return Guard
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
