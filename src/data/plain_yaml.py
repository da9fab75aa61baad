"""A reader for a safe subset of YAML: mappings, lists and scalars, without tags, anchors and aliases.

Tags can name objects to build, and aliases let a short file stand for gigabytes. Both are refused, as are a key that
stands twice, a second document and deep nesting. Types are few, so that no text turns into a number or a date:
a plain `null`, `~` or empty value is None, a plain `true` or `false` is a bool, and everything else, each key included,
is the text that stands there (`yes`, `1` and `2024-01-01` stay strings).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from ..errors import DataError
from ..files import not_utf8_message

MAX_DEPTH = 8
NULLS = ("", "~", "null", "Null", "NULL")
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

# The parser in C is about ten times as fast; some builds of PyYAML lack it.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlMapping(dict[str, Any]):
    """A mapping with the line where it begins, for messages."""

    line: int = 0


def load_yaml(path: Path, *, max_bytes: int) -> Any:
    """The content of the file: None, bool, str, list or YamlMapping. Raises DataError, with the line where it is known."""
    try:
        with path.open("rb") as file:
            raw = file.read(max_bytes + 1)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error}") from error
    if len(raw) > max_bytes:
        raise DataError(f"{path}: expected a YAML file of at most {max_bytes:,} bytes, found a larger one; is it the right file?")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(not_utf8_message(path, error)) from error
    try:
        events = _checked_events(text, path)
        next(events)  # the start of the stream
        if isinstance(next(events), yaml.StreamEndEvent):
            return None
        value = _parse_value(next(events), events, path, depth=1)
        next(events)  # the end of the document
        if not isinstance(event := next(events), yaml.StreamEndEvent):
            raise DataError(f"{path}, line {_line(event)}: expected one YAML document, found a second one; remove it")
    except yaml.YAMLError as error:
        raise DataError(f"{path} is not YAML that can be read: {' '.join(str(error).split())}") from error
    return value


def _line(event: yaml.Event) -> int:
    return int(event.start_mark.line) + 1


def _checked_events(text: str, path: Path) -> Iterator[yaml.Event]:
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise DataError(f"{path}, line {_line(event)}: anchors and aliases (&x, *x) are not read; write the value out")
        if getattr(event, "tag", None):
            raise DataError(f"{path}, line {_line(event)}: tags are not read, found {event.tag!r}; remove it")
        yield event


def _parse_value(event: yaml.Event, events: Iterator[yaml.Event], path: Path, depth: int) -> Any:
    if isinstance(event, yaml.ScalarEvent):
        is_plain = event.implicit[0]
        return _parse_scalar(event.value) if is_plain else event.value
    if depth > MAX_DEPTH:
        raise DataError(f"{path}, line {_line(event)}: expected at most {MAX_DEPTH} levels, found more; is it the right file?")
    if isinstance(event, yaml.SequenceStartEvent):
        values = []
        while not isinstance(item := next(events), yaml.SequenceEndEvent):
            values.append(_parse_value(item, events, path, depth + 1))
        return values
    mapping = YamlMapping()
    mapping.line = _line(event)
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        if not isinstance(key, yaml.ScalarEvent):
            raise DataError(f"{path}, line {_line(key)}: expected a word as a key, found a list or mapping")
        if key.value in mapping:
            raise DataError(f"{path}, line {_line(key)}: the key {key.value!r} stands twice in one mapping; remove one")
        mapping[key.value] = _parse_value(next(events), events, path, depth + 1)
    return mapping


def _parse_scalar(plain: str) -> Any:
    return None if plain in NULLS else BOOLEANS.get(plain, plain)
