"""Costs of the smaller vocabulary: longer texts, unknown pieces, and translations that are no longer retrieved."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from ..files import read_json
from ..progress import with_progress
from .build import CONFIG_FILE, TOKENIZER_FILE, WEIGHTS_FILE, FullEncoder, Origin, read_full

SENTENCES_PATH = Path(__file__).with_name("parallel_sentences.json")
QUERY_PREFIX = "query: "  # E5 was trained with this prefix
MAX_TEXTS_PER_LANGUAGE = 200
MAX_CHARS_PER_TEXT = 2000


def build_report(directory: Path, origin: Origin, texts: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Compare a built encoder with the whole one. texts: (language, text) pairs that lengths are measured on."""
    from safetensors.numpy import load_file

    full = read_full(origin)
    pruned = FullEncoder(
        read_json(directory / CONFIG_FILE), load_file(directory / WEIGHTS_FILE), read_json(directory / TOKENIZER_FILE), {}
    )
    tokenizers = [Tokenizer.from_str(json.dumps(encoder.tokenizer)) for encoder in (full, pruned)]
    return {
        "pieces": tokenizers[1].get_vocab_size(),
        "bytes": {name: (directory / name).stat().st_size for name in (WEIGHTS_FILE, TOKENIZER_FILE)},
        "int8_bytes": sum(weight.size if weight.ndim == 2 else 4 * weight.size for weight in pruned.weights.values()),
        "lengths": compare_lengths(tokenizers[0], tokenizers[1], texts),
        "retrieval": {
            name: count_retrieved(encode_sentences(encoder, tokenizer))
            for name, encoder, tokenizer in zip(("full", "pruned"), (full, pruned), tokenizers, strict=True)
        },
    }


def compare_lengths(full: Tokenizer, pruned: Tokenizer, texts: Iterable[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """Per language, and for "all": texts, tokens of the pruned per token of the full vocabulary, unknown pieces of both."""
    by_language: dict[str, list[str]] = defaultdict(list)
    for lang, text in texts:
        if len(by_language[lang]) < MAX_TEXTS_PER_LANGUAGE:
            by_language[lang].append(text[:MAX_CHARS_PER_TEXT])
    rows: dict[str, tuple[int, ...]] = {}
    for lang in with_progress(sorted(by_language), "lengths", "languages"):
        counts = [_count_tokens(tokenizer, by_language[lang]) for tokenizer in (full, pruned)]
        rows[lang] = (len(by_language[lang]), *counts[0], *counts[1])
    rows["all"] = tuple(int(total) for total in np.sum(list(rows.values()), axis=0))
    return {
        lang: {
            "texts": num_texts,
            "growth": tokens_pruned / max(tokens_full, 1),
            "unknown_full": unknown,
            "unknown": unknown_pruned,
        }
        for lang, (num_texts, tokens_full, unknown, tokens_pruned, unknown_pruned) in rows.items()
    }


def _count_tokens(tokenizer: Tokenizer, texts: Sequence[str]) -> tuple[int, int]:
    """Number of tokens and of unknown pieces."""
    unknown = tokenizer.token_to_id("<unk>")
    ids = [encoding.ids for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False)]
    return sum(map(len, ids)), 0 if unknown is None else sum(each.count(unknown) for each in ids)


@torch.no_grad()
def encode_sentences(encoder: FullEncoder, tokenizer: Tokenizer) -> dict[str, np.ndarray]:
    """Language -> unit vectors (S, D) of the parallel sentences: the mean of the last layer, as E5 was trained."""
    vocab_size = len(encoder.weights["embeddings.word_embeddings.weight"])
    model = BertModel(BertConfig(**{**encoder.config, "vocab_size": vocab_size}), add_pooling_layer=False).eval()
    model.load_state_dict({name: torch.from_numpy(weight) for name, weight in encoder.weights.items()})
    vectors = {}
    for lang, sentences in with_progress(list(read_json(SENTENCES_PATH).items()), "sentences", "languages"):
        means = [
            model(input_ids=torch.tensor([tokenizer.encode(QUERY_PREFIX + sentence).ids])).last_hidden_state[0].mean(dim=0)
            for sentence in sentences
        ]
        vectors[lang] = torch.nn.functional.normalize(torch.stack(means), dim=-1).numpy()
    return vectors


def count_retrieved(vectors: dict[str, np.ndarray]) -> dict[str, int]:
    """Language -> number of English sentences whose nearest sentence of that language is their translation."""
    english = vectors["en"]
    return {
        lang: int(((english @ others.T).argmax(axis=1) == np.arange(len(english))).sum())
        for lang, others in vectors.items()
        if lang != "en"
    }


def format_report(report: dict[str, Any]) -> str:
    """The report as a table of plain text."""
    weights, tokenizer, int8 = (size / 1e6 for size in (*report["bytes"].values(), report["int8_bytes"]))
    lines = [
        f"{report['pieces']:,} pieces; weights {weights:.1f} MB (INT8 {int8:.1f} MB), {TOKENIZER_FILE} {tokenizer:.1f} MB",
        "",
        f"{'language':10}{'texts':>7}{'growth':>9}{'unknown':>9}{'before':>8}",
    ]
    lines += [
        f"{lang:10}{row['texts']:7d}{row['growth']:9.3f}{row['unknown']:9d}{row['unknown_full']:8d}"
        for lang, row in report["lengths"].items()
    ]
    lines += ["", f"{'translation found':20}{'full':>6}{'pruned':>8}"]
    lines += [f"{lang:20}{report['retrieval']['full'][lang]:6d}{hits:8d}" for lang, hits in report["retrieval"]["pruned"].items()]
    return "\n".join(lines)
