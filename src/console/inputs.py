"""The text to judge: from the command line, a file, or standard input."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

from ..errors import DataError
from ..text.chars import is_blank

STDIN = "-"
# One word with a file extension. Judged as a text, a misspelt file name would count as harmless.
FILE_NAME_PATTERN = re.compile(r"\S+\.[A-Za-z]\w{0,4}")
MAX_PATH_CHARS = 4096


class Input(NamedTuple):
    text: str
    source: str | None  # a file or "-"; None: the text stood on the command line


def read_input(argument: str) -> Input:
    """Raises DataError for an empty text, a file that cannot be read, and a word that looks like a file and is none."""
    if argument == STDIN:
        text_input = Input(_decode(sys.stdin.buffer.read(), "standard input"), STDIN)
    elif _is_path(argument):
        text_input = Input(_read_file(Path(argument)), argument)
    elif FILE_NAME_PATTERN.fullmatch(argument):
        raise DataError(
            f"expected a text or a file, found {argument!r}, which looks like a file and there is none; correct its name, or "
            f"pass the text on standard input: printf %s '...' | tinyguardrail check {STDIN}"
        )
    else:
        text_input = Input(argument, None)
    if is_blank(text_input.text):
        name = {None: "the argument", STDIN: "standard input"}.get(text_input.source, text_input.source)
        raise DataError(f"expected a text to judge, found nothing in {name} but white space; pass a text, a file, or {STDIN}")
    return text_input


def _is_path(argument: str) -> bool:
    try:
        return 0 < len(argument) <= MAX_PATH_CHARS and Path(argument).exists()
    except (OSError, ValueError):  # a name that is too long, or has a null character
        return False


def _read_file(path: Path) -> str:
    try:
        return _decode(path.read_bytes(), str(path))
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}; expected a text file") from error


def _decode(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{name}: expected UTF-8, found {error.reason} at byte {error.start}; save it as UTF-8") from error
