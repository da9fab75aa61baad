"""The data of a configuration described in plain numbers, for scripts/data_report.py."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..config import Config
from ..text.surface import printable
from .contamination import Rows
from .label_noise import CLASSES, Suspect, find_suspects
from .mixture import ComparedSets, compare_sets
from .schema import Example
from .sources import read_data
from .splits import key_number

LENGTH_EDGES = tuple(int(edge) for edge in 2.0 ** np.arange(2, 17))  # in characters; longer texts count in the last bin
TOP_LANGUAGES = 5
SUSPECT_CHARS = 200  # excerpt of a suspect row


def describe_data(cfg: Config) -> dict[str, Any]:
    """All numbers of the report.

    sources.<name>: role, licence, revision, read, kept, left_out, passed_over, labels, families, languages, median_chars,
        p95_chars, with_view (share of the kept rows), exact, near, contradictions, overlap.<set>
    evaluation.<name>: rows, licence, labels, languages
    lengths: edges, counts.<label>; languages, families: name -> rows; suspects: list; totals
    """
    data = read_data(cfg)
    sets = compare_sets(data, cfg)
    roles = dict.fromkeys(cfg.data.validation_sources, "validation") | {cfg.data.reserved_payload_source: "reserved payloads"}
    payloads = {example.source for example in data.payloads}
    num_read = Counter(example.source for example in [*data.train, *data.payloads])
    rows_by_source = _by_source([sets.trainable, sets.validation, sets.reserved])
    sources = {}
    for name in sorted(num_read):
        info, rows = data.info[name], rows_by_source.get(name, [])
        sources[name] = {
            "role": roles.get(name, "payloads" if name in payloads else "training"),
            "licence": info.licence,
            "revision": info.revision,
            "read": num_read[name],
            "kept": len(rows),
            "left_out": info.left_out,
            "passed_over": info.passed_over,
            **_describe([example for example, _ in rows]),
            "with_view": float(np.mean([has_view for _, has_view in rows])) if rows else None,
            **{key: sets.dropped_by_source.get(name, {}).get(key, 0) for key in ("exact", "near", "contradictions")},
            "overlap": sets.overlap.by_source.get(name, {}) | sets.validation_overlap.by_source.get(name, {}),
        }
    evaluation = {
        name: {"licence": data.info[f"eval/{name}"].licence, "rows": len(rows), **_describe(rows)}
        for name, rows in sorted(data.evaluation.items())
    }
    natural = [example for rows in rows_by_source.values() for example, _ in rows]
    cache_dir = Path(cfg.data.cache_dir) if cfg.data.cache_dir else None
    suspects = find_suspects(_shuffle_trainable(sets), seed=cfg.data.seed, cache_dir=cache_dir)
    return {
        "data_source": cfg.data.source,
        "totals": {"read": sum(num_read.values()), "kept": len(natural), "evaluation": sum(map(len, data.evaluation.values()))},
        "sources": sources,
        "evaluation": evaluation,
        "overlap": sets.overlap.by_set,
        "validation_overlap": sets.validation_overlap.by_set,
        "lengths": {"edges": list(LENGTH_EDGES), "counts": _count_lengths(natural)},
        "languages": dict(Counter(example.lang for example in natural).most_common()),
        "families": dict(Counter(example.family.name.lower() for example in natural).most_common()),
        "classes": list(CLASSES),
        "suspects": [_describe_suspect(suspect) for suspect in suspects],
    }


def _by_source(parts: Iterable[Rows]) -> dict[str, list[tuple[Example, bool]]]:
    """Source -> its rows, each with whether it has a view."""
    by_source: dict[str, list[tuple[Example, bool]]] = defaultdict(list)
    for rows in parts:
        has_view = np.zeros(len(rows), dtype=bool)
        has_view[rows.prints.view_of] = True
        for example, row_has_view in zip(rows.examples, has_view.tolist(), strict=True):
            by_source[example.source].append((example, row_has_view))
    return by_source


def _shuffle_trainable(sets: ComparedSets) -> list[Example]:
    """The trainable rows in the order of a hash, so that the model does not train on one source after another."""
    return sorted(sets.trainable.examples, key=lambda example: (key_number(example.text), example.source))


def _describe(examples: Sequence[Example]) -> dict[str, Any]:
    lengths = [len(example.text) for example in examples]
    return {
        "labels": dict(Counter(example.label.name.lower() for example in examples).most_common()),
        "families": dict(Counter(example.family.name.lower() for example in examples).most_common()),
        "languages": dict(Counter(example.lang for example in examples).most_common(TOP_LANGUAGES)),
        "median_chars": float(np.median(lengths)) if lengths else None,
        "p95_chars": float(np.percentile(lengths, 95)) if lengths else None,
    }


def _count_lengths(examples: Iterable[Example]) -> dict[str, list[int]]:
    """Label -> rows in each bin of LENGTH_EDGES."""
    by_label: dict[str, list[int]] = defaultdict(list)
    for example in examples:
        by_label[example.label.name.lower()].append(min(len(example.text), LENGTH_EDGES[-1]))
    return {label: np.histogram(values, bins=[0, *LENGTH_EDGES])[0].tolist() for label, values in sorted(by_label.items())}


def _describe_suspect(suspect: Suspect) -> dict[str, Any]:
    return {
        "source": suspect.example.source,
        "label": suspect.label,
        "predicted": suspect.predicted,
        "probability": suspect.probability,
        "text": printable(" ".join(suspect.example.text.split()), SUSPECT_CHARS),
    }
