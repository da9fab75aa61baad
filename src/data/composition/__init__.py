"""Rows composed of whole texts: one text placed in another, never single sentences joined.

An injection in a document, a request in a frame, a text among harmless ones; and the mirror of each, which has the same
document, frame or shape and nothing that attacks. Every row has its own seed, so that it does not depend on the number of rows.
"""

from __future__ import annotations

from .framed import compose_framed, compose_harmless_framed
from .padding import compose_padded
from .planted import compose_clean_documents, compose_planted
from .suffixed import compose_harmless_suffixed, compose_suffixed

__all__ = [
    "compose_clean_documents",
    "compose_framed",
    "compose_harmless_framed",
    "compose_harmless_suffixed",
    "compose_padded",
    "compose_planted",
    "compose_suffixed",
]
