"""Rewrites an ONNX file so that it loads with less memory: weights of sub-graphs become references into the file itself.

ONNX Runtime copies a sub-graph, weights included, for every `If` around it: three copies of an expert, besides the packed
weights that it computes with. External data is mapped and not copied. So each large weight of a sub-graph is declared as external
data, stored at its present offset in the same file.

A protocol buffer nests messages, each after its field number and length; messages without such a weight are copied unparsed.
https://protobuf.dev/programming-guides/encoding; field numbers are those of onnx.proto.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

MIN_WEIGHT_BYTES = 4096  # smaller weights stay in the graph
_ONE_BYTE_TYPES = {2, 3}  # TensorProto.DataType uint8 and int8; wider types may be at offsets that are not aligned for them
_CHILDREN = {  # message -> field number -> message that may hold a weight
    "model": {7: "graph"},
    "graph": {1: "node"},
    "node": {5: "attribute"},
    "attribute": {6: "subgraph"},
    "subgraph": {1: "node", 5: "tensor"},
}
_DATA_TYPE, _RAW_DATA, _EXTERNAL_DATA, _DATA_LOCATION = 2, 9, 13, 14  # fields of a tensor
_KEY, _VALUE = 1, 2  # fields of an entry of external_data
_EXTERNAL = 1  # value of data_location
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5  # wire types


class _Field(NamedTuple):
    """Offsets in the file: a field begins at `key`, its value is [start, end)."""

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
    return b"".join(_rewrite_message(model, 0, len(model), "model", path.name))


def _rewrite_message(model: memoryview, start: int, end: int, kind: str, location: str) -> list[bytes | memoryview]:
    """The rewritten message of this kind in model[start:end], in pieces."""
    pieces: list[bytes | memoryview] = []
    written = start
    for field in _fields(model, start, end):
        child = _CHILDREN[kind].get(field.number)
        if child is None or field.end - field.start < MIN_WEIGHT_BYTES:
            continue
        rewrite = _rewrite_tensor if child == "tensor" else _rewrite_message
        inner = rewrite(model, field.start, field.end, child, location)
        pieces += [model[written : field.key], _header(field.number, sum(map(len, inner))), *inner]
        written = field.end
    return [*pieces, model[written:end]]


def _rewrite_tensor(model: memoryview, start: int, end: int, kind: str, location: str) -> list[bytes | memoryview]:
    """The tensor in model[start:end], with large data of one-byte values replaced by a reference to the file."""
    fields = {field.number: field for field in _fields(model, start, end) if field.number in (_DATA_TYPE, _RAW_DATA)}
    raw = fields.get(_RAW_DATA)
    if (
        raw is None
        or raw.end - raw.start < MIN_WEIGHT_BYTES
        or _read_varint(model, fields[_DATA_TYPE].start)[0] not in _ONE_BYTE_TYPES
    ):
        return [model[start:end]]
    entries = {"location": location, "offset": str(raw.start), "length": str(raw.end - raw.start)}
    named = [
        _message(_EXTERNAL_DATA, _message(_KEY, key.encode()) + _message(_VALUE, value.encode()))
        for key, value in entries.items()
    ]
    return [
        model[start : raw.key],
        model[raw.end : end],
        *named,
        _encode_varint(_DATA_LOCATION << 3 | _VARINT),
        _encode_varint(_EXTERNAL),
    ]


def _fields(model: memoryview, start: int, end: int) -> Iterator[_Field]:
    place = start
    while place < end:
        key = place
        tag, place = _read_varint(model, place)
        wire_type, value = tag & 7, place
        if wire_type == _VARINT:
            _, place = _read_varint(model, place)
        elif wire_type == _LENGTH:
            size, value = _read_varint(model, place)
            place = value + size
        elif wire_type in (_FIXED32, _FIXED64):
            place += 4 if wire_type == _FIXED32 else 8
        else:
            raise ValueError(f"expected a protocol buffer, found wire type {wire_type} at byte {key}")
        if place > end:
            raise ValueError(f"expected a protocol buffer, found a field that ends after its message at byte {key}")
        yield _Field(tag >> 3, key, value, place)


def _read_varint(model: memoryview, place: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first, and the offset after it."""
    value = shift = 0
    for byte in model[place : place + 10]:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, place + shift // 7
    raise ValueError(f"expected a protocol buffer, found a number without an end at byte {place}")


def _encode_varint(value: int) -> bytes:
    """The inverse of `_read_varint`."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])


def _header(number: int, size: int) -> bytes:
    return _encode_varint(number << 3 | _LENGTH) + _encode_varint(size)


def _message(number: int, content: bytes) -> bytes:
    return _header(number, len(content)) + content
