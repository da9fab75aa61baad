"""Builds the train, validation and test rows from the data sources, and the manifest that accounts for every row.

Order: read -> remove duplicates -> separate validation sources and reserved payloads -> drop overlap with evaluation
-> cap sources -> split by hash of the group -> only then generate synthetic rows, inside each split.
"""

from __future__ import annotations

import logging
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..config import Config
from ..errors import ConfigError, DataError, did_you_mean
from ..labels import Family, Label
from .attack_generators import ATTACKS, GeneratedExample, generate_families
from .attacks.pools import MAX_PAYLOAD_CHARS
from .composition import (
    compose_clean_documents,
    compose_framed,
    compose_harmless_framed,
    compose_harmless_suffixed,
    compose_padded,
    compose_planted,
    compose_suffixed,
)
from .contamination import Overlap, Rows, deduplicate, drop_overlap, find_overlap, join, rows_of
from .fingerprints import fingerprint
from .local_source import SourceData, SourceInfo, local_files
from .lookalikes import generate_lookalikes
from .real_benchmark_loader import choose_sources, require_token
from .sampling import Kind, kind_of, rank_of
from .schema import Example
from .sources import CORPUS, check_names, read_data
from .splits import assert_disjoint, comparison_key, key_hash, key_number, split_of, unit_interval
from .tables import table_sources

log = logging.getLogger(__name__)

# Families of the text transforms, by the name that `data.mixture` uses; held-out transforms are never trained on.
OBFUSCATIONS = {attack.family.name.lower(): attack.family for attack in ATTACKS.values() if not attack.held_out}
VALIDATION_PAYLOAD_CHARS = (20, 400)  # least and most of a validation text that is transformed
MIN_SURVIVING_SHARE = 0.9  # share of the rows generated for an entry of the mixture that must reach training
COMPOSED = ("direct_injection", "jailbreak", "optimized_suffix", "harmful_request", "padded", "hard_negatives", "lookalikes")
FRAMED_SHARE_OF_HARD_NEGATIVES = 0.4  # harmless requests in frames; the others are documents without an attack


@dataclass(frozen=True)
class Splits:
    """The rows that every later stage reads. `val` holds whole sources; `evaluation` maps a benchmark to its rows."""

    train: list[Example]
    val: list[Example]
    test: list[Example]
    reserved_payloads: list[Example]
    evaluation: dict[str, list[Example]]
    manifest: dict[str, Any]


def build_splits(cfg: Config) -> Splits:
    """All splits of the configured data source: a pure function of the configuration and the files.

    Raises DataError for a source that cannot be read, an unknown validation source, an empty split, or a quota of
    `data.mixture` that cannot be filled.
    """
    check_data_config(cfg)
    data = read_data(cfg)
    _check_sources(cfg, data)
    sets = compare_sets(data, cfg)
    val = _cap_sources(sets.validation.examples, lambda _: cfg.data.validation_rows, cfg.data.seed)
    trainable = _cap_sources(sets.trainable.examples, lambda example: _source_cap(example, data, cfg), cfg.data.seed)
    by_split: dict[str, list[Example]] = {"train": [], "test": []}
    transformed = _transform_validation(val, cfg)
    for example in trainable:
        split = split_of(example.group, seed=cfg.data.seed, test_fraction=cfg.data.test_fraction)
        by_split[split].append(replace(example, split=split))

    held_out = join([sets.validation_before_cap, sets.reserved, *sets.evaluation.values()])
    test_share = cfg.data.test_fraction / (1 - cfg.data.test_fraction)
    generated_train = _make_synthetic(by_split["train"], "train", 1.0, cfg)
    generated_test = _make_synthetic(by_split["test"], "test", test_share, cfg)
    # Two splits, or a generator and a benchmark, can produce the same sentence from different groups.
    filtered_test = {name: _drop_recognised(rows, held_out, cfg) for name, rows in generated_test.items()}
    test = _unique_texts([*_drop_goals(by_split["test"]), *_flatten(filtered_test)])
    filtered_train = {name: _drop_shared(_drop_recognised(rows, held_out, cfg), test) for name, rows in generated_train.items()}
    train = _unique_texts([*_drop_shared(_drop_goals(by_split["train"]), test), *_flatten(filtered_train)])
    val = _unique_texts([*val, *transformed])
    splits = {"train": train, "val": [replace(example, split="val") for example in val], "test": test}
    for name, rows in splits.items():
        if not rows:
            raise DataError(
                f"the {name} split is empty: data.source={cfg.data.source} has {len(data.train) + len(data.payloads)} rows in "
                "all; check data.validation_sources, data.test_fraction and the limits per source"
            )
    assert_disjoint(train, test, "train and test")
    count_train, count_test = _count_surviving(filtered_train, train), _count_surviving(filtered_test, test)
    _check_quotas(generated_train, count_train)

    num_generated = sum(map(len, [*generated_train.values(), *generated_test.values()]))
    manifest = {
        "data_source": cfg.data.source,
        "seed": cfg.data.seed,
        "duplicates": sets.duplicates,
        "overlap": sets.overlap.by_set,  # set -> reason -> training rows that were dropped
        "validation_overlap": sets.validation_overlap.by_set,  # the same for validation rows
        "generated_overlap_dropped": num_generated - sum(map(len, [*filtered_train.values(), *filtered_test.values()])),
        "validation_sources": sorted(cfg.data.validation_sources),
        "reserved_payload_source": cfg.data.reserved_payload_source,
        "splits": {name: {"rows": len(rows), **_count_kinds(rows)} for name, rows in splits.items()},
        "mixture": _describe_mixture(cfg, count_train, count_test, filtered_train),
        "sources": _describe_sources({**splits, "reserved": sets.reserved.examples}, data),
        "evaluation": {name: _describe_benchmark(name, rows, data.info) for name, rows in data.evaluation.items()},
    }
    log.info("data: %s", ", ".join(f"{name} {len(rows):,}" for name, rows in splits.items()))
    return Splits(train, splits["val"], test, sets.reserved.examples, data.evaluation, manifest)


@dataclass(frozen=True)
class ComparedSets:
    """The natural rows by role, without duplicates, and without rows that a set of higher rank recognises: evaluation ranks
    above validation and reserved payloads, and those above training."""

    trainable: Rows
    validation: Rows
    validation_before_cap: Rows  # with the rows that evaluation recognises: training must not have them either
    reserved: Rows
    evaluation: dict[str, Rows]
    duplicates: dict[str, dict[str, int]]
    dropped_by_source: dict[str, dict[str, int]]  # source -> exact, near, contradictions -> rows
    overlap: Overlap
    validation_overlap: Overlap


def compare_sets(data: SourceData, cfg: Config) -> ComparedSets:
    """Compare all texts of the data, and drop duplicates and overlap."""

    def fingerprint_rows(examples: Iterable[Example], desc: str) -> Rows:
        return rows_of(examples, with_views=True, cache_dir=_cache_dir(cfg), desc=desc)

    natural = [*data.train, *data.payloads]
    roles = dict.fromkeys(cfg.data.validation_sources, "validation") | {cfg.data.reserved_payload_source: "reserved"}
    evaluation = {name: fingerprint_rows(examples, "comparing evaluation") for name, examples in sorted(data.evaluation.items())}
    deduplicated = {
        role: deduplicate(
            fingerprint_rows((row for row in natural if roles.get(row.source, "training") == role), f"comparing {role}")
        )
        for role in ("training", "validation", "reserved")
    }
    # A threshold fitted on evaluation texts would be fitted on the test.
    validation, validation_overlap = drop_overlap(deduplicated["validation"].rows, evaluation)
    # Against every row of the validation sources, not only the sampled ones: validation_rows must not change training.
    held_out = evaluation | {
        "validation sources": deduplicated["validation"].rows,
        "reserved payloads": deduplicated["reserved"].rows,
    }
    trainable, overlap = drop_overlap(deduplicated["training"].rows, held_out)
    return ComparedSets(
        trainable=trainable,
        validation=validation,
        validation_before_cap=deduplicated["validation"].rows,
        reserved=deduplicated["reserved"].rows,
        evaluation=evaluation,
        duplicates={
            role: {"exact": each.duplicates, "near": each.near_duplicates, "contradictions": each.contradictions}
            for role, each in deduplicated.items()
        },
        dropped_by_source={source: counts for each in deduplicated.values() for source, counts in each.by_source.items()},
        overlap=overlap,
        validation_overlap=validation_overlap,
    )


def check_data_config(cfg: Config) -> None:
    """Check the data settings before any data is read: families of the mixture, directory, names of the sources.

    Raises ConfigError or DataError, as `build_splits` does.
    """
    _check_mixture(cfg)
    names = table_sources(cfg.data.tables) if cfg.data.tables else []
    if cfg.data.source == "hub":
        require_token()
        choose_sources(cfg.data.hub_sets)
        return
    directories: list[str | Path | None] = [cfg.data.local_dir] if cfg.data.source == "local" else [CORPUS]
    if cfg.data.corpus.use != "none" and CORPUS not in directories:
        directories.append(CORPUS)
    for directory in directories:
        names += [path.stem for path in local_files(directory) if path.parent.name != "eval"]
    _check_source_names(cfg, names)
    check_names("data.exclude", cfg.data.exclude, names)


def _check_mixture(cfg: Config) -> None:
    entries = [*OBFUSCATIONS, *COMPOSED]
    for name, count in cfg.data.mixture.items():
        if name not in entries:
            hint = did_you_mean(name, entries) or f"known: {', '.join(entries)}"
            raise ConfigError(f"data.mixture has no family {name!r}; {hint}")
        if count < 0:
            raise ConfigError(f"data.mixture.{name} must be 0 or more, got {count}")


def _check_source_names(cfg: Config, names: Iterable[str]) -> None:
    """names: the existing sources."""
    sources = sorted(set(names))
    reserved = [cfg.data.reserved_payload_source] if cfg.data.reserved_payload_source else []
    for name in [*cfg.data.validation_sources, *reserved]:
        if name not in sources:
            hint = did_you_mean(name, sources, most=3) or f"it has {', '.join(sources)}"
            raise DataError(f"data.source={cfg.data.source} has no source {name!r}; {hint}")
    if not cfg.data.validation_sources:
        raise DataError("data.validation_sources is empty: thresholds need whole sources that are never trained on; list some")


def _check_sources(cfg: Config, data: SourceData) -> None:
    examples = [*data.train, *data.payloads]
    _check_source_names(cfg, (example.source for example in examples))
    for example in examples:
        if example.source == cfg.data.reserved_payload_source and example.family != Family.HARMFUL_REQUEST:
            raise DataError(
                f"data.reserved_payload_source={example.source} must hold plain harmful requests only, found a row of "
                f"family {example.family.name.lower()}; choose a source of payloads/"
            )


def _source_cap(example: Example, data: SourceData, cfg: Config) -> int:
    # data.mixture.harmful_request limits plain harmful requests; a corpus file is no data set that could outweigh others.
    if example.family == Family.HARMFUL_REQUEST or data.info[example.source].is_corpus:
        return 0
    return cfg.data.max_benign_per_source if example.label == Label.BENIGN else cfg.data.max_attacks_per_source


def _cap_sources(examples: Iterable[Example], cap_of: Callable[[Example], int], seed: int) -> list[Example]:
    """At most `cap_of` rows of each source and kind (0 = all): those whose hash is smallest, whatever the order."""
    rows: dict[tuple[str, Kind], list[Example]] = defaultdict(list)
    for example in examples:
        rows[example.source, kind_of(example)].append(example)
    capped = []
    for key in sorted(rows):
        ranked = sorted(rows[key], key=lambda example: rank_of(example, seed))
        cap = cap_of(ranked[0])
        capped += ranked[:cap] if cap else ranked
    return capped


def _drop_recognised(rows: Sequence[Example], held_out: Rows, cfg: Config) -> list[Example]:
    """Generated rows without those in which a held-out row would be recognised.

    A transformed text is compared by its payload, not by its own key: payloads in invisible characters all share one key.
    """
    plain = [example for example in rows if example.attack is None]
    prints = fingerprint([example.text for example in plain], with_views=False, cache_dir=_cache_dir(cfg))
    overlap = find_overlap(Rows(plain, prints), held_out)
    dropped = {id(example) for example, *matches in zip(plain, *overlap.values(), strict=True) if any(matches)}
    texts = {example.text for example in held_out.examples}
    groups = {example.group for example in held_out.examples}
    keys = set(np.concatenate([held_out.prints.keys, held_out.prints.view_keys]).tolist())
    return [
        example
        for example in rows
        if id(example) not in dropped
        and example.text not in texts
        and example.group not in groups
        and (not isinstance(example, GeneratedExample) or key_number(comparison_key(example.payload)) not in keys)
    ]


def _cache_dir(cfg: Config) -> Path | None:
    return Path(cfg.data.cache_dir) if cfg.data.cache_dir is not None else None


def _drop_shared(rows: Sequence[Example], others: Iterable[Example]) -> list[Example]:
    """The rows that share no text or group with the others; texts are compared by key, transformed texts exactly."""
    keys, texts, groups = set(), set(), set()
    for example in others:
        texts.add(example.text)
        groups.add(example.group)
        if example.attack is None:
            keys.add(key_hash(example.text))
    return [
        example
        for example in rows
        if example.group not in groups
        and example.text not in texts
        and (example.attack is not None or key_hash(example.text) not in keys)
    ]


def _drop_goals(natural: Sequence[Example]) -> list[Example]:
    """The rows without plain harmful requests, which are added by the entry `data.mixture.harmful_request`."""
    return [example for example in natural if example.family != Family.HARMFUL_REQUEST]


def _count_surviving(generated: Mapping[str, Sequence[Example]], rows: Sequence[Example]) -> Counter[str]:
    """Entry of the mixture -> number of its rows that are in the split."""
    surviving = set(map(id, rows))
    return Counter({name: sum(id(example) in surviving for example in examples) for name, examples in generated.items()})


def _describe_mixture(
    cfg: Config, train: Mapping[str, int], test: Mapping[str, int], generated: Mapping[str, Sequence[Example]]
) -> dict[str, dict[str, int]]:
    """Entry of the mixture -> rows asked for and rows that reached the splits, benign twins included."""
    return {
        name: {
            "asked": quota,
            "train": train[name],
            "test": test[name],
            "most_rows_of_one_text": _most_rows_of_one_text(generated.get(name, ())),
        }
        for name, quota in sorted(cfg.data.mixture.items())
    }


def _most_rows_of_one_text(rows: Iterable[Example]) -> int:
    """How often the most used origin occurs: the transformed or planted text, else the row's group."""

    def origin_of(row: Example) -> str:
        if isinstance(row, GeneratedExample):
            return row.payload
        return row.text[slice(*row.span)] if row.span else row.group

    return max(Counter(map(origin_of, rows)).values(), default=0)


def _check_quotas(generated: Mapping[str, Sequence[Example]], surviving: Mapping[str, int]) -> None:
    """Refuse a mixture that lost much of an entry to duplicates and to held-out rows."""
    for name, examples in generated.items():
        if surviving[name] < MIN_SURVIVING_SHARE * len(examples):
            raise DataError(
                f"data.mixture.{name}: of {len(examples):,} rows that were made {surviving[name]:,} are in training; the others "
                "stand in it already or would be recognised in a held-out row. Lower the count, or hold out other sources"
            )


def _flatten(rows_by_entry: Mapping[str, Sequence[Example]]) -> list[Example]:
    return [example for rows in rows_by_entry.values() for example in rows]


def _make_synthetic(natural: list[Example], split: str, share: float, cfg: Config) -> dict[str, list[Example]]:
    """`share` of every entry of the mixture, generated from the natural rows of one split only."""
    seed = cfg.data.seed if split == "train" else cfg.data.seed + 1
    goals = [example for example in natural if example.family == Family.HARMFUL_REQUEST]
    others = _drop_goals(natural)
    benign = [example for example in others if example.label == Label.BENIGN]
    attacks = [example for example in others if example.label in (Label.DIRECT_INJECTION, Label.JAILBREAK)]
    # Of a longer attack the generators would take the first sentences, which may be harmless.
    payloads = [example for example in [*goals, *attacks] if len(example.text) <= MAX_PAYLOAD_CHARS]

    quotas = {name: round(count * share) for name, count in sorted(cfg.data.mixture.items()) if round(count * share)}

    def twin_count(quota: int) -> int:
        return round(quota * cfg.data.benign_twin_ratio)

    makers: dict[str, Callable[[int], list[Example]]] = {
        "direct_injection": lambda quota: compose_planted(quota, attacks, benign, seed),
        "jailbreak": lambda quota: compose_framed(quota, goals, seed),
        "optimized_suffix": lambda quota: [
            *compose_suffixed(quota, goals, benign, seed),
            *compose_harmless_suffixed(twin_count(quota), goals, benign, seed),
        ],
        "padded": lambda quota: [
            *compose_padded(quota, [*goals, *attacks], benign, seed),
            *compose_padded(twin_count(quota), benign, benign, seed),
        ],
        "hard_negatives": lambda quota: [
            *compose_harmless_framed(round(FRAMED_SHARE_OF_HARD_NEGATIVES * quota), goals, benign, seed),
            *compose_clean_documents(quota - round(FRAMED_SHARE_OF_HARD_NEGATIVES * quota), attacks, benign, seed),
        ],
        "lookalikes": lambda quota: generate_lookalikes(quota, seed, benign),
        "harmful_request": lambda quota: _select_goals(goals, quota, split, cfg),
    }
    rows_by_entry: dict[str, Sequence[Example]] = {name: makers[name](quota) for name, quota in quotas.items() if name in makers}
    rows_by_entry |= generate_families(
        {name: (quota, twin_count(quota)) for name, quota in quotas.items() if name in OBFUSCATIONS},
        payloads,
        benign,
        seed=seed,
        split=split,
        left_out=cfg.data.left_out,
        workers=os.cpu_count() or 1,
    )
    return {name: [replace(example, split=split) for example in rows_by_entry[name]] for name in quotas}


def select_transformable(rows: Iterable[Example]) -> tuple[list[Example], list[Example]]:
    """Attacks and benign texts of the validation sources that fit into one window and are longer than a word.

    Raises DataError when there are none of a kind.
    """
    low, high = VALIDATION_PAYLOAD_CHARS
    candidates = [row for row in rows if low <= len(row.text) <= high and row.attack is None]
    attacks, benign = ([row for row in candidates if (row.label != Label.BENIGN) == is_attack] for is_attack in (True, False))
    if not attacks or not benign:
        raise DataError(
            f"expected attacks and benign texts of {low} to {high} characters in the validation sources, found "
            f"{len(attacks)} and {len(benign)}; add sources to data.validation_sources"
        )
    return attacks, benign


def _transform_validation(val: Sequence[Example], cfg: Config) -> list[Example]:
    """`data.validation_transformed` attacks and as many twins of each family, from validation rows and by trained transforms."""
    count = cfg.data.validation_transformed
    if not count:
        return []
    names = [name for name in sorted(OBFUSCATIONS) if cfg.data.mixture.get(name)]
    rows_by_family = generate_families(
        dict.fromkeys(names, (count, count)),
        *select_transformable(val),
        seed=cfg.data.seed + 2,
        split="val",
        left_out=cfg.data.left_out,
    )
    # One source for all: otherwise trained transforms would outweigh the untrained sources in a mean over sources.
    return [
        replace(row, source="transformed_benign" if row.label == Label.BENIGN else "transformed_attacks")
        for row in _flatten(rows_by_family)
    ]


def _unique_texts(rows: Sequence[Example]) -> list[Example]:
    """The first row of each text. The raw text decides: an obfuscated text and its plain form share a comparison key."""
    by_text: dict[str, Example] = {}
    for example in rows:
        by_text.setdefault(example.text, example)
    return list(by_text.values())


def _select_goals(goals: Sequence[Example], quota: int, split: str, cfg: Config) -> list[Example]:
    if len(goals) < quota and split == "train":
        raise DataError(
            f"data.mixture.harmful_request asks for {quota} plain harmful requests, the {split} split has {len(goals)}; "
            "lower it or add sources of such requests"
        )
    return sorted(goals, key=lambda example: unit_interval(cfg.data.seed, "goal", key_hash(example.text)))[:quota]


def _count_values(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _count_kinds(rows: Sequence[Example]) -> dict[str, Any]:
    return {
        "labels": _count_values(example.label.name.lower() for example in rows),
        "families": _count_values(example.family.name.lower() for example in rows),
        "languages": _count_values(example.lang for example in rows),
    }


def _describe_sources(splits: dict[str, list[Example]], data: SourceData) -> dict[str, dict[str, Any]]:
    """Every source with rows in the data or in a split: where it is from and how its rows were used."""
    by_source: dict[str, dict[str, list[Example]]] = defaultdict(lambda: defaultdict(list))
    for split, rows in splits.items():
        for example in rows:
            by_source[example.source][split].append(example)
    num_read = Counter(example.source for example in [*data.train, *data.payloads])
    described = {}
    for name in sorted(by_source.keys() | num_read.keys()):
        info, by_split = data.info.get(name), by_source[name]
        rows = [example for members in by_split.values() for example in members]
        described[name] = {
            "licence": info.licence if info else "; ".join(sorted({example.licence for example in rows})),
            "revision": info.revision if info else "generated",
            "sha256": info.sha256 if info else None,
            "read": num_read[name],
            "left_out": info.left_out if info else 0,
            "passed_over": info.passed_over if info else 0,
            "splits": _count_values(split for split, members in by_split.items() for _ in members),
            **_count_kinds(rows),
        }
    return described


def _describe_benchmark(name: str, rows: Sequence[Example], info: dict[str, SourceInfo]) -> dict[str, Any]:
    source = info.get(f"eval/{name}")
    keys = ("revision", "sha256", "licence", "eval_group")
    return {"rows": len(rows), **{key: getattr(source, key) if source else None for key in keys}}
