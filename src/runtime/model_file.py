"""An ONNX file in a form that costs less to load: the weights of its sub-graphs are named instead of carried along.

ONNX Runtime keeps a copy of a sub-graph for every `If` around it, weights included: three of an expert, beside the packed
weights that it computes with. Weights that are external data it maps and does not copy. So it is given the graph with the
file as external data of itself: each large weight becomes the place in the file where it stands already.

A protocol buffer nests messages, each behind its field number and length; what holds no such weight is copied unread.
https://protobuf.dev/programming-guides/encoding; field numbers are those of onnx.proto.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

MIN_BYTES = 4096  # of a weight that is named
_ONE_BYTE = {2, 3}  # TensorProto.DataType uint8 and int8: wider ones may stand where their type must not
_CHILDREN = {  # message -> field number -> message that may hold a weight
    "model": {7: "graph"},
    "graph": {1: "node"},
    "node": {5: "attribute"},
    "attribute": {6: "subgraph"},
    "subgraph": {1: "node", 5: "tensor"},
}
_DATA_TYPE, _RAW_DATA, _EXTERNAL_DATA, _DATA_LOCATION = 2, 9, 13, 14  # of a tensor
_KEY, _VALUE = 1, 2  # of an entry of external_data
_EXTERNAL = 1  # of data_location
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5  # wire types


class _Field(NamedTuple):
    """Places in the file: a field begins at `key`, its value at `start`."""

    number: int
    key: int
    start: int
    end: int


def name_weights(path: Path) -> bytes:
    """The model of a file, with the large one-byte weights of its sub-graphs as external data of that file.

    Raises ValueError for a file that is not a protocol buffer.
    """
    with path.open("rb") as file:
        model = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    return b"".join(_rewritten(model, 0, len(model), "model", path.name))


def _rewritten(model: memoryview, start: int, end: int, kind: str, location: str) -> list[bytes | memoryview]:
    """The message of this kind in model[start:end], in pieces."""
    pieces: list[bytes | memoryview] = []
    written = start
    for field in _fields(model, start, end):
        child = _CHILDREN[kind].get(field.number)
        if child is None or field.end - field.start < MIN_BYTES:
            continue
        rewrite = _tensor if child == "tensor" else _rewritten
        inner = rewrite(model, field.start, field.end, child, location)
        pieces += [model[written : field.key], _header(field.number, sum(map(len, inner))), *inner]
        written = field.end
    return [*pieces, model[written:end]]


def _tensor(model: memoryview, start: int, end: int, kind: str, location: str) -> list[bytes | memoryview]:
    """As `_rewritten`: a tensor, without its data if that is large and of one-byte values."""
    fields = {field.number: field for field in _fields(model, start, end) if field.number in (_DATA_TYPE, _RAW_DATA)}
    raw = fields.get(_RAW_DATA)
    if raw is None or raw.end - raw.start < MIN_BYTES or _varint(model, fields[_DATA_TYPE].start)[0] not in _ONE_BYTE:
        return [model[start:end]]
    entries = {"location": location, "offset": str(raw.start), "length": str(raw.end - raw.start)}
    named = [
        _message(_EXTERNAL_DATA, _message(_KEY, key.encode()) + _message(_VALUE, value.encode()))
        for key, value in entries.items()
    ]
    return [model[start : raw.key], model[raw.end : end], *named, _encoded(_DATA_LOCATION << 3 | _VARINT), _encoded(_EXTERNAL)]


def _fields(model: memoryview, start: int, end: int) -> Iterator[_Field]:
    place = start
    while place < end:
        key = place
        tag, place = _varint(model, place)
        wire_type, value = tag & 7, place
        if wire_type == _VARINT:
            _, place = _varint(model, place)
        elif wire_type == _LENGTH:
            size, value = _varint(model, place)
            place = value + size
        elif wire_type in (_FIXED32, _FIXED64):
            place += 4 if wire_type == _FIXED32 else 8
        else:
            raise ValueError(f"expected a protocol buffer, found wire type {wire_type} at byte {key}")
        if place > end:
            raise ValueError(f"expected a protocol buffer, found a field that ends after its message at byte {key}")
        yield _Field(tag >> 3, key, value, place)


def _varint(model: memoryview, place: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and the place behind it."""
    value = shift = 0
    for byte in model[place : place + 10]:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, place + shift // 7
    raise ValueError(f"expected a protocol buffer, found a number without an end at byte {place}")


def _encoded(value: int) -> bytes:
    """The inverse of `_varint`."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])


def _header(number: int, size: int) -> bytes:
    return _encoded(number << 3 | _LENGTH) + _encoded(size)


def _message(number: int, content: bytes) -> bytes:
    return _header(number, len(content)) + content
