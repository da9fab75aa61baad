"""From data sources to train, validation and test rows, with an account of every row.

Order: read -> remove duplicates -> set validation sources and reserved payloads apart -> drop what evaluation would
recognise -> cap sources -> split by hash of the group -> only then generate synthetic rows, inside each split.
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

# Families that text transforms make, by the name that `data.mixture` uses; held-out transforms are never trained on.
OBFUSCATIONS = {attack.family.name.lower(): attack.family for attack in ATTACKS.values() if not attack.held_out}
PAYLOAD_CHARS = (20, 400)  # of a validation text that is transformed
MIN_KEPT = 0.9  # share of the rows made for an entry of the mixture that must reach training
COMPOSED = ("direct_injection", "jailbreak", "optimized_suffix", "harmful_request", "padded", "hard_negatives", "lookalikes")
FRAMED_SHARE = 0.4  # of the hard negatives: harmless requests in frames; the others are documents without an attack


@dataclass(frozen=True)
class Splits:
    """What every later stage reads. `val` holds whole sources; `evaluation` maps a benchmark to its rows."""

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
    made_train = _make_synthetic(by_split["train"], "train", 1.0, cfg)
    made_test = _make_synthetic(by_split["test"], "test", test_share, cfg)
    # Two splits, or a generator and a benchmark, can come to the same sentence from different groups.
    kept_test = {name: _drop_recognised(rows, held_out, cfg) for name, rows in made_test.items()}
    test = _unique_texts([*_without_goals(by_split["test"]), *_all(kept_test)])
    kept_train = {name: _drop_shared(_drop_recognised(rows, held_out, cfg), test) for name, rows in made_train.items()}
    train = _unique_texts([*_drop_shared(_without_goals(by_split["train"]), test), *_all(kept_train)])
    val = _unique_texts([*val, *transformed])
    splits = {"train": train, "val": [replace(example, split="val") for example in val], "test": test}
    for name, rows in splits.items():
        if not rows:
            raise DataError(
                f"the {name} split is empty: data.source={cfg.data.source} has {len(data.train) + len(data.payloads)} rows in "
                "all; check data.validation_sources, data.test_fraction and the limits per source"
            )
    assert_disjoint(train, test, "train and test")
    count_train, count_test = _count_kept(kept_train, train), _count_kept(kept_test, test)
    _check_quotas(made_train, count_train)

    made = sum(map(len, [*made_train.values(), *made_test.values()]))
    manifest = {
        "data_source": cfg.data.source,
        "seed": cfg.data.seed,
        "duplicates": sets.duplicates,
        "overlap": sets.overlap.by_set,  # set -> reason -> training rows that it made drop
        "validation_overlap": sets.validation_overlap.by_set,  # the same of validation rows
        "generated_overlap_dropped": made - sum(map(len, [*kept_train.values(), *kept_test.values()])),
        "validation_sources": sorted(cfg.data.validation_sources),
        "reserved_payload_source": cfg.data.reserved_payload_source,
        "splits": {name: {"rows": len(rows), **_kinds_of(rows)} for name, rows in splits.items()},
        "mixture": _describe_mixture(cfg, count_train, count_test, kept_train),
        "sources": _describe_sources({**splits, "reserved": sets.reserved.examples}, data),
        "evaluation": {name: _describe_benchmark(name, rows, data.info) for name, rows in data.evaluation.items()},
    }
    log.info("data: %s", ", ".join(f"{name} {len(rows):,}" for name, rows in splits.items()))
    return Splits(train, splits["val"], test, sets.reserved.examples, data.evaluation, manifest)


@dataclass(frozen=True)
class ComparedSets:
    """The natural rows by role, without duplicates, and without what a set of higher rank would recognise:
    evaluation over validation and reserved payloads, those over training."""

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
    """Compare every text of the data with every other, and drop what stands twice."""

    def rows(examples: Iterable[Example], desc: str) -> Rows:
        return rows_of(examples, with_views=True, cache_dir=_cache_of(cfg), desc=desc)

    natural = [*data.train, *data.payloads]
    roles = dict.fromkeys(cfg.data.validation_sources, "validation") | {cfg.data.reserved_payload_source: "reserved"}
    evaluation = {name: rows(examples, "comparing evaluation") for name, examples in sorted(data.evaluation.items())}
    found = {
        role: deduplicate(rows((row for row in natural if roles.get(row.source, "training") == role), f"comparing {role}"))
        for role in ("training", "validation", "reserved")
    }
    # A threshold fitted on evaluation texts would be fitted on the test.
    validation, validation_overlap = drop_overlap(found["validation"].rows, evaluation)
    # Against every row of the validation sources, not only the chosen ones: validation_rows must not change training.
    held_out = evaluation | {"validation sources": found["validation"].rows, "reserved payloads": found["reserved"].rows}
    trainable, overlap = drop_overlap(found["training"].rows, held_out)
    return ComparedSets(
        trainable=trainable,
        validation=validation,
        validation_before_cap=found["validation"].rows,
        reserved=found["reserved"].rows,
        evaluation=evaluation,
        duplicates={
            role: {"exact": each.duplicates, "near": each.near_duplicates, "contradictions": each.contradictions}
            for role, each in found.items()
        },
        dropped_by_source={source: counts for each in found.values() for source, counts in each.by_source.items()},
        overlap=overlap,
        validation_overlap=validation_overlap,
    )


def check_data_config(cfg: Config) -> None:
    """What can be said about the data before any of it is read: families of the mixture, directory, names of the sources.

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
    known = [*OBFUSCATIONS, *COMPOSED]
    for name, count in cfg.data.mixture.items():
        if name not in known:
            hint = did_you_mean(name, known) or f"known: {', '.join(known)}"
            raise ConfigError(f"data.mixture has no family {name!r}; {hint}")
        if count < 0:
            raise ConfigError(f"data.mixture.{name} must be 0 or more, got {count}")


def _check_source_names(cfg: Config, names: Iterable[str]) -> None:
    """names: of the sources that there are."""
    known = sorted(set(names))
    reserved = [cfg.data.reserved_payload_source] if cfg.data.reserved_payload_source else []
    for name in [*cfg.data.validation_sources, *reserved]:
        if name not in known:
            hint = did_you_mean(name, known, most=3) or f"it has {', '.join(known)}"
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
    # data.mixture.harmful_request decides about those; a file of the corpus is no data set that could outweigh others.
    if example.family == Family.HARMFUL_REQUEST or data.info[example.source].is_corpus:
        return 0
    return cfg.data.max_benign_per_source if example.label == Label.BENIGN else cfg.data.max_attacks_per_source


def _cap_sources(examples: Iterable[Example], cap_of: Callable[[Example], int], seed: int) -> list[Example]:
    """At most `cap_of` rows of each source and kind (0 = all): those whose hash is smallest, whatever the order."""
    rows: dict[tuple[str, Kind], list[Example]] = defaultdict(list)
    for example in examples:
        rows[example.source, kind_of(example)].append(example)
    kept = []
    for key in sorted(rows):
        ranked = sorted(rows[key], key=lambda example: rank_of(example, seed))
        cap = cap_of(ranked[0])
        kept += ranked[:cap] if cap else ranked
    return kept


def _drop_recognised(rows: Sequence[Example], held_out: Rows, cfg: Config) -> list[Example]:
    """Generated rows without those that a held-out row would be recognised in.

    A transformed text is known by its payload. Its own key says little: payloads in invisible characters fold to one.
    """
    plain = [example for example in rows if example.attack is None]
    prints = fingerprint([example.text for example in plain], with_views=False, cache_dir=_cache_of(cfg))
    found = find_overlap(Rows(plain, prints), held_out)
    dropped = {id(example) for example, *is_found in zip(plain, *found.values(), strict=True) if any(is_found)}
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


def _cache_of(cfg: Config) -> Path | None:
    return Path(cfg.data.cache_dir) if cfg.data.cache_dir is not None else None


def _drop_shared(rows: Sequence[Example], others: Iterable[Example]) -> list[Example]:
    """Rows whose text or group no other row has; texts by key, transformed ones as they are."""
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


def _without_goals(natural: Sequence[Example]) -> list[Example]:
    """Of the plain harmful requests `data.mixture.harmful_request` takes its share."""
    return [example for example in natural if example.family != Family.HARMFUL_REQUEST]


def _count_kept(made: Mapping[str, Sequence[Example]], rows: Sequence[Example]) -> Counter[str]:
    """Entry of the mixture -> how many of its rows are among the rows of the split."""
    kept = set(map(id, rows))
    return Counter({name: sum(id(example) in kept for example in examples) for name, examples in made.items()})


def _describe_mixture(
    cfg: Config, train: Mapping[str, int], test: Mapping[str, int], kept: Mapping[str, Sequence[Example]]
) -> dict[str, dict[str, int]]:
    """Entry of the mixture -> rows asked for and rows that reached the splits, benign twins included."""
    return {
        name: {
            "asked": asked,
            "train": train[name],
            "test": test[name],
            "most_rows_of_one_text": _most_rows_of_one_text(kept.get(name, ())),
        }
        for name, asked in sorted(cfg.data.mixture.items())
    }


def _most_rows_of_one_text(rows: Iterable[Example]) -> int:
    """How often the text was used that occurs most: what was transformed or planted, else a text of the row's group."""

    def used(row: Example) -> str:
        if isinstance(row, GeneratedExample):
            return row.payload
        return row.text[slice(*row.span)] if row.span else row.group

    return max(Counter(map(used, rows)).values(), default=0)


def _check_quotas(made: Mapping[str, Sequence[Example]], kept: Mapping[str, int]) -> None:
    """Refuse a mixture that lost much of an entry to duplicates and to held-out rows."""
    for name, examples in made.items():
        if kept[name] < MIN_KEPT * len(examples):
            raise DataError(
                f"data.mixture.{name}: of {len(examples):,} rows that were made {kept[name]:,} are in training; the others stand "
                "in it already or would be recognised in a held-out row. Lower the count, or hold out other sources"
            )


def _all(made: Mapping[str, Sequence[Example]]) -> list[Example]:
    return [example for rows in made.values() for example in rows]


def _make_synthetic(natural: list[Example], split: str, share: float, cfg: Config) -> dict[str, list[Example]]:
    """`share` of every entry of the mixture, made from the natural rows of a split only."""
    seed = cfg.data.seed if split == "train" else cfg.data.seed + 1
    goals = [example for example in natural if example.family == Family.HARMFUL_REQUEST]
    rest = _without_goals(natural)
    benign = [example for example in rest if example.label == Label.BENIGN]
    attacks = [example for example in rest if example.label in (Label.DIRECT_INJECTION, Label.JAILBREAK)]
    # Of a longer attack the generators would take the first sentences, which may be harmless.
    payloads = [example for example in [*goals, *attacks] if len(example.text) <= MAX_PAYLOAD_CHARS]

    quotas = {name: round(count * share) for name, count in sorted(cfg.data.mixture.items()) if round(count * share)}

    def twins(quota: int) -> int:
        return round(quota * cfg.data.benign_twin_ratio)

    makers: dict[str, Callable[[int], list[Example]]] = {
        "direct_injection": lambda quota: compose_planted(quota, attacks, benign, seed),
        "jailbreak": lambda quota: compose_framed(quota, goals, seed),
        "optimized_suffix": lambda quota: [
            *compose_suffixed(quota, goals, benign, seed),
            *compose_harmless_suffixed(twins(quota), goals, benign, seed),
        ],
        "padded": lambda quota: [
            *compose_padded(quota, [*goals, *attacks], benign, seed),
            *compose_padded(twins(quota), benign, benign, seed),
        ],
        "hard_negatives": lambda quota: [
            *compose_harmless_framed(round(FRAMED_SHARE * quota), goals, benign, seed),
            *compose_clean_documents(quota - round(FRAMED_SHARE * quota), attacks, benign, seed),
        ],
        "lookalikes": lambda quota: generate_lookalikes(quota, seed, benign),
        "harmful_request": lambda quota: _take_goals(goals, quota, split, cfg),
    }
    made: dict[str, Sequence[Example]] = {name: makers[name](quota) for name, quota in quotas.items() if name in makers}
    made |= generate_families(
        {name: (quota, twins(quota)) for name, quota in quotas.items() if name in OBFUSCATIONS},
        payloads,
        benign,
        seed=seed,
        split=split,
        left_out=cfg.data.left_out,
        workers=os.cpu_count() or 1,
    )
    return {name: [replace(example, split=split) for example in made[name]] for name in quotas}


def transformable(rows: Iterable[Example]) -> tuple[list[Example], list[Example]]:
    """Attacks and benign texts of the validation sources that are whole in one window, and more than a word.

    Raises DataError when there are none of a kind.
    """
    low, high = PAYLOAD_CHARS
    fitting = [row for row in rows if low <= len(row.text) <= high and row.attack is None]
    attacks, benign = ([row for row in fitting if (row.label != Label.BENIGN) == wanted] for wanted in (True, False))
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
    made = generate_families(
        dict.fromkeys(names, (count, count)), *transformable(val), seed=cfg.data.seed + 2, split="val", left_out=cfg.data.left_out
    )
    # One source, or trained transforms would outweigh the sources that nothing was trained on in a mean over sources.
    return [
        replace(row, source="transformed_benign" if row.label == Label.BENIGN else "transformed_attacks") for row in _all(made)
    ]


def _unique_texts(rows: Sequence[Example]) -> list[Example]:
    """The first row of each text. The raw text decides: an obfuscated text and its plain form share a comparison key."""
    first: dict[str, Example] = {}
    for example in rows:
        first.setdefault(example.text, example)
    return list(first.values())


def _take_goals(goals: Sequence[Example], quota: int, split: str, cfg: Config) -> list[Example]:
    if len(goals) < quota and split == "train":
        raise DataError(
            f"data.mixture.harmful_request asks for {quota} plain harmful requests, the {split} split has {len(goals)}; "
            "lower it or add sources of such requests"
        )
    return sorted(goals, key=lambda example: unit_interval(cfg.data.seed, "goal", key_hash(example.text)))[:quota]


def _counts(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _kinds_of(rows: Sequence[Example]) -> dict[str, Any]:
    return {
        "labels": _counts(example.label.name.lower() for example in rows),
        "families": _counts(example.family.name.lower() for example in rows),
        "languages": _counts(example.lang for example in rows),
    }


def _describe_sources(splits: dict[str, list[Example]], data: SourceData) -> dict[str, dict[str, Any]]:
    """Every source with a row in some split, or in the data at all: where it is from and how its rows were used."""
    by_source: dict[str, dict[str, list[Example]]] = defaultdict(lambda: defaultdict(list))
    for split, rows in splits.items():
        for example in rows:
            by_source[example.source][split].append(example)
    read = Counter(example.source for example in [*data.train, *data.payloads])
    described = {}
    for name in sorted(by_source.keys() | read.keys()):
        info, used = data.info.get(name), by_source[name]
        rows = [example for members in used.values() for example in members]
        described[name] = {
            "licence": info.licence if info else "; ".join(sorted({example.licence for example in rows})),
            "revision": info.revision if info else "generated",
            "sha256": info.sha256 if info else None,
            "read": read[name],
            "left_out": info.left_out if info else 0,
            "passed_over": info.passed_over if info else 0,
            "splits": _counts(split for split, members in used.items() for _ in members),
            **_kinds_of(rows),
        }
    return described


def _describe_benchmark(name: str, rows: Sequence[Example], info: dict[str, SourceInfo]) -> dict[str, Any]:
    known = info.get(f"eval/{name}")
    stated = ("revision", "sha256", "licence", "eval_group")
    return {"rows": len(rows), **{key: getattr(known, key) if known else None for key in stated}}
