"""Hostile files: valid ones with bytes, lines or values changed."""

import json
import random
from typing import Any

from .texts import damaged, random_text

SPECIAL_BYTES = b"\x00\xff\r\n\"',:;{}[]()&*!|>%@`~#-\\\t \xef\xbb\xbf"
PIECES = [
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\r\n",
    b'"',
    b"'",
    b"{",
    b"[",
    b"}",
    b"]",
    b",",
    b"&a ",
    b"*a",
    b"!!python/object/apply:os.getpid []",
    b"!x ",
    b"<<: ",
    b"---\n",
    b"%YAML 9.9\n",
    b"null",
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"9" * 5000,
    b"[" * 2000,
    b'{"a":' * 2000,
    b'"\\ud800"',
    b'"\\u0000"',
    b"${oc.env:NOPE}",
    b"${x.y}",
    b"???",
    b"../",
    b"/",
    b"\x7f\xff\xff\xff",
    b"\xff" * 8,
    b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01",
]
VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1e308,
    float("nan"),
    float("inf"),
    10**30,
    "",
    " ",
    "\x00",
    "\ud800",
    "../../x",
    "/",
    [],
    {},
    [[]],
    {"": None},
    [None] * 50,
    "9" * 400,
    "benign",
    "???",
    "${a}",
    "a.b",
]
MAX_BYTES = 200_000  # of a random text that replaces a file


def changed_file(rng: random.Random, name: str, data: bytes) -> bytes:
    """A file of this name that held `data`, with something wrong with it, as a rule."""
    if rng.random() < 0.02:
        return b""
    if rng.random() < 0.05:
        return random_text(rng).encode("utf-8", "surrogatepass")[:MAX_BYTES]
    if name.endswith(".json") and rng.random() < 0.5:
        return dumped(rng, changed_value(rng, json.loads(data)))
    if name.endswith(".jsonl") and rng.random() < 0.5:
        lines = data.splitlines()
        place = rng.randrange(len(lines))
        lines[place] = dumped(rng, changed_value(rng, json.loads(lines[place])))
        return b"\n".join(lines)
    if name.endswith((".yaml", ".csv", ".tsv", ".json", ".jsonl")) and rng.random() < 0.3:
        return damaged(rng, data.decode("utf-8")).encode("utf-8", rng.choice(["surrogatepass", "replace"]))
    return changed_bytes(rng, data)


def changed_bytes(rng: random.Random, data: bytes) -> bytes:
    """Bits turned, pieces lost, doubled, moved or put in, the end cut off. More at the ends, where headers are."""
    changed = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 4, 16])):
        near = rng.choice([len(changed), min(len(changed), 200)])
        start = rng.randrange(near + 1)
        start = len(changed) - start if rng.random() < 0.3 else start
        size = rng.choice([1, 1, 4, 8, 100])
        kind = rng.randrange(7)
        if kind == 0 and start < len(changed):
            changed[start] ^= 1 << rng.randrange(8)
        elif kind == 1 and start < len(changed):
            changed[start] = rng.choice(SPECIAL_BYTES)
        elif kind == 2:
            del changed[start : start + size]
        elif kind == 3:
            changed[start:start] = changed[start : start + size] * rng.choice([1, 3])
        elif kind == 4:
            changed[start:start] = rng.choice(PIECES)
        elif kind == 5:
            changed[start : start + size] = rng.randbytes(size)
        elif rng.random() < 0.3:
            del changed[start:]
    return bytes(changed)


def changed_value(rng: random.Random, value: Any) -> Any:
    """A value of JSON with one to three of its parts lost, added or replaced, at any depth."""
    for _ in range(rng.randrange(1, 4)):
        value = _changed_once(rng, value)
    return value


def _changed_once(rng: random.Random, value: Any) -> Any:
    if isinstance(value, dict) and value and rng.random() < 0.85:
        key = rng.choice(list(value))
        others = {each: inner for each, inner in value.items() if each != key}
        action = rng.random()
        if action < 0.1:
            return others
        if action < 0.2:
            return value | {hostile_word(rng): hostile_value(rng)}
        return others | {key: _changed_once(rng, value[key])}
    if isinstance(value, list) and value and rng.random() < 0.85:
        place = rng.randrange(len(value))
        action = rng.random()
        if action < 0.1:
            return value[:place] + value[place + 1 :]
        if action < 0.2:
            return value * 2
        return [*value[:place], _changed_once(rng, value[place]), *value[place + 1 :]]
    if isinstance(value, str) and rng.random() < 0.3:
        return damaged(rng, value)
    return hostile_value(rng)


def hostile_value(rng: random.Random) -> Any:
    if rng.random() < 0.2:
        return random_text(rng)
    if rng.random() < 0.1:
        return [hostile_value(rng), {hostile_word(rng): hostile_value(rng)}]
    return rng.choice(VALUES)


def hostile_word(rng: random.Random) -> str:
    return rng.choice(["", "text", "label", "model", "\ud800", "a.b", "../x", "\x00", random_text(rng)[:20]])


def dumped(rng: random.Random, value: Any) -> bytes:
    """JSON, now and then nested deeper than a parser goes."""
    text = json.dumps(value, ensure_ascii=rng.random() < 0.7)
    if rng.random() < 0.03:
        depth = rng.choice([100, 3000, 100_000])
        text = rng.choice([f"{'[' * depth}{text}{']' * depth}", f'{{"text": {"[" * depth}{"]" * depth}}}', "9" * depth])
    return text.encode("utf-8", "surrogatepass")
