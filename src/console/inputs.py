"""What is to be judged: a text on the command line, the text of a file, or standard input."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

from ..errors import DataError

STDIN = "-"
# One word with the ending of a file. Judging it as a text would call a file that was misspelt harmless.
LIKE_A_FILE = re.compile(r"\S+\.[A-Za-z]\w{0,4}")
MAX_NAME = 4096  # characters of a path


class Input(NamedTuple):
    text: str
    source: str | None  # a file or "-"; None: the text stood on the command line


def read_input(argument: str) -> Input:
    """Raises DataError for an empty text, a file that cannot be read, and a word that looks like a file and is none."""
    if argument == STDIN:
        found = Input(_decoded(sys.stdin.buffer.read(), "standard input"), STDIN)
    elif _is_path(argument):
        found = Input(_read_file(Path(argument)), argument)
    elif LIKE_A_FILE.fullmatch(argument):
        raise DataError(
            f"expected a text or a file, found {argument!r}, which looks like a file and there is none; correct its name, or "
            f"pass the text on standard input: printf %s '...' | tinyguardrail check {STDIN}"
        )
    else:
        found = Input(argument, None)
    if not found.text.strip():
        place = {None: "the argument", STDIN: "standard input"}.get(found.source, found.source)
        raise DataError(f"expected a text to judge, found nothing in {place} but white space; pass a text, a file, or {STDIN}")
    return found


def _is_path(argument: str) -> bool:
    try:
        return 0 < len(argument) <= MAX_NAME and Path(argument).exists()
    except (OSError, ValueError):  # a name that is too long, or has a null character
        return False


def _read_file(path: Path) -> str:
    try:
        return _decoded(path.read_bytes(), str(path))
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}; expected a text file") from error


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{name}: expected UTF-8, found {error.reason} at byte {error.start}; save it as UTF-8") from error
