"""From a data source to train, validation and test rows, with an account of every row.

Order: read -> remove duplicates -> set validation sources and reserved payloads apart -> cap sources -> drop what overlaps
with evaluation -> split by hash of the group -> only then generate synthetic rows, inside each split.
"""

from __future__ import annotations

import difflib
import logging
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from src.config import Config
from src.data.attack_generators import ATTACKS, generate_families
from src.data.attacks.pools import MAX_PAYLOAD_CHARS
from src.data.builtin_corpus import build_builtin_corpus
from src.data.composition import compose_benign_mirrors, compose_injections, compose_jailbreaks
from src.data.hard_negatives import generate_hard_negatives
from src.data.local_source import SourceData, SourceInfo, load_local
from src.data.lookalikes import generate_lookalikes
from src.data.real_benchmark_loader import load_hub
from src.data.schema import Example
from src.data.splits import assert_disjoint, deduplicate, key_hash, split_of, unit_interval
from src.errors import ConfigError, DataError
from src.labels import Family, Label

log = logging.getLogger(__name__)

# Families that text transforms make, by the name that `data.mixture` uses; held-out transforms are never trained on.
OBFUSCATIONS = {attack.family.name.lower(): attack.family for attack in ATTACKS.values() if not attack.held_out}
BARE_INJECTIONS = (Family.DIRECT_INJECTION, Family.PROMPT_EXTRACTION)
COMPOSED = ("direct_injection", "jailbreak", "harmful_request", "benign_mirrors", "hard_negatives", "lookalikes")


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
    _check_mixture(cfg)
    data = _load_source(cfg)
    natural = deduplicate([*data.train, *data.payloads])
    _check_sources(cfg, natural.examples)
    evaluation = [example for rows in data.evaluation.values() for example in rows]

    reserved_name, validation = cfg.data.reserved_payload_source, set(cfg.data.validation_sources)
    reserved = [example for example in natural.examples if example.source == reserved_name]
    # A threshold fitted on evaluation texts would be fitted on the test.
    all_val, val_overlap = _drop_overlap([example for example in natural.examples if example.source in validation], evaluation)
    val = _cap_sources(all_val, lambda _: cfg.data.validation_rows, cfg.run.seed)
    # Against every row of the validation sources, not only the chosen ones: validation_rows must not change training.
    held_out = [*all_val, *reserved, *evaluation]
    trainable = [example for example in natural.examples if example.source not in validation | {reserved_name}]
    trainable, overlap = _drop_overlap(trainable, held_out)
    trainable = _cap_sources(trainable, lambda example: _source_cap(example, cfg), cfg.run.seed)
    by_split: dict[str, list[Example]] = {"train": [], "test": []}
    for example in trainable:
        split = split_of(example.group, seed=cfg.run.seed, test_fraction=cfg.data.test_fraction)
        by_split[split].append(replace(example, split=split))

    test_share = cfg.data.test_fraction / (1 - cfg.data.test_fraction)
    train, made_train = _with_synthetic(by_split["train"], "train", 1.0, cfg)
    test, made_test = _with_synthetic(by_split["test"], "test", test_share, cfg)
    # Two splits, or a generator and a benchmark, can come to the same sentence from different groups.
    test, late_test = _drop_overlap(test, held_out)
    train, late_train = _drop_overlap(train, [*test, *held_out])
    splits = {"train": train, "val": [replace(example, split="val") for example in val], "test": test}
    for name, rows in splits.items():
        if not rows:
            raise DataError(
                f"the {name} split is empty: data.source={cfg.data.source} has {len(natural.examples)} rows in all; "
                "check data.validation_sources, data.test_fraction and the limits per source"
            )
    assert_disjoint(train, test, "train and test")

    manifest = {
        "data_source": cfg.data.source,
        "seed": cfg.run.seed,
        "duplicates_dropped": natural.duplicates,
        "contradictions_dropped": natural.contradictions,
        "overlap_with_evaluation_dropped": overlap,
        "validation_overlap_with_evaluation_dropped": val_overlap,
        "generated_overlap_dropped": late_train + late_test,
        "validation_sources": sorted(validation),
        "reserved_payload_source": reserved_name,
        "splits": {name: _describe_split(rows) for name, rows in splits.items()},
        "mixture": {  # rows made, benign twins included
            name: {"asked": asked, "train": made_train.get(name, 0), "test": made_test.get(name, 0)}
            for name, asked in sorted(cfg.data.mixture.items())
        },
        "sources": _describe_sources({**splits, "reserved": reserved}, data),
        "evaluation": {name: _describe_benchmark(name, rows, data.info) for name, rows in data.evaluation.items()},
    }
    log.info("data: %s", ", ".join(f"{name} {len(rows):,}" for name, rows in splits.items()))
    return Splits(train, splits["val"], test, reserved, data.evaluation, manifest)


def _load_source(cfg: Config) -> SourceData:
    if cfg.data.source == "local":
        return load_local(cfg.data.local_dir)
    if cfg.data.source == "hub":
        return load_hub(cfg)
    corpus = build_builtin_corpus(cfg.run.seed, cfg.data.max_builtin_rows)
    goals = [example for example in corpus if example.family == Family.HARMFUL_REQUEST]
    others = [example for example in corpus if example.family != Family.HARMFUL_REQUEST]
    sources = {example.source: example.licence for example in corpus}
    info = {name: SourceInfo(folder="builtin", licence=licence) for name, licence in sources.items()}
    return SourceData(train=others, payloads=goals, evaluation={}, info=info)


def _check_mixture(cfg: Config) -> None:
    known = [*OBFUSCATIONS, *COMPOSED]
    for name, count in cfg.data.mixture.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {known}"
            raise ConfigError(f"data.mixture has no family {name!r}; {hint}")
        if count < 0:
            raise ConfigError(f"data.mixture.{name} must be 0 or more, got {count}")


def _check_sources(cfg: Config, examples: Sequence[Example]) -> None:
    found = sorted({example.source for example in examples})
    reserved = [cfg.data.reserved_payload_source] if cfg.data.reserved_payload_source else []
    for name in [*cfg.data.validation_sources, *reserved]:
        if name not in found:
            near = difflib.get_close_matches(name, found, n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else f"it has {', '.join(found)}"
            raise DataError(f"data.source={cfg.data.source} has no source {name!r}; {hint}")
    for example in examples:
        if example.source in reserved and example.family != Family.HARMFUL_REQUEST:
            raise DataError(
                f"data.reserved_payload_source={example.source} must hold plain harmful requests only, found a row of "
                f"family {example.family.name.lower()}; choose a source of payloads/"
            )
    if not cfg.data.validation_sources:
        raise DataError("data.validation_sources is empty: thresholds need whole sources that are never trained on; list some")


def _source_cap(example: Example, cfg: Config) -> int:
    if example.family == Family.HARMFUL_REQUEST:
        return 0  # data.mixture.harmful_request decides
    return cfg.data.max_benign_per_source if example.label == Label.BENIGN else cfg.data.max_attacks_per_source


def _cap_sources(examples: Iterable[Example], cap_of: Callable[[Example], int], seed: int) -> list[Example]:
    """At most `cap_of` rows of each source and kind (0 = all): those whose hash is smallest, whatever the order.

    Kinds: benign, plain harmful request, attack. So the few attacks of a mostly benign source are not thinned out.
    """
    rows: dict[tuple[str, bool, bool], list[Example]] = defaultdict(list)
    for example in examples:
        rows[example.source, example.label == Label.BENIGN, example.family == Family.HARMFUL_REQUEST].append(example)
    kept = []
    for key in sorted(rows):
        ranked = sorted(rows[key], key=lambda example: unit_interval(seed, "cap", key_hash(example.text)))
        cap = cap_of(ranked[0])
        kept += ranked[:cap] if cap else ranked
    return kept


def _drop_overlap(examples: Sequence[Example], held_out: Iterable[Example]) -> tuple[list[Example], int]:
    """Without the rows whose text or group is among the held-out rows, and how many those were.

    Texts are compared by key, generated obfuscations as they are: payloads in invisible characters all fold to one key.
    """
    keys, texts, groups = set(), set(), set()
    for example in held_out:
        texts.add(example.text)
        groups.add(example.group)
        if example.attack is None:
            keys.add(key_hash(example.text))
    kept = [
        example
        for example in examples
        if example.group not in groups
        and example.text not in texts
        and (example.attack is not None or key_hash(example.text) not in keys)
    ]
    return kept, len(examples) - len(kept)


def _with_synthetic(natural: list[Example], split: str, share: float, cfg: Config) -> tuple[list[Example], dict[str, int]]:
    """The natural rows of a split with `share` of the mixture, made from those rows only, and how many rows each entry gave."""
    seed = cfg.run.seed if split == "train" else cfg.run.seed + 1
    goals = [example for example in natural if example.family == Family.HARMFUL_REQUEST]
    rest = [example for example in natural if example.family != Family.HARMFUL_REQUEST]
    benign = [example for example in rest if example.label == Label.BENIGN]
    attacks = [example for example in rest if example.label in (Label.DIRECT_INJECTION, Label.JAILBREAK)]
    # Of a longer attack the generators would take the first sentences, which may be harmless.
    payloads = [example for example in [*goals, *attacks] if len(example.text) <= MAX_PAYLOAD_CHARS]

    quotas = {name: round(count * share) for name, count in sorted(cfg.data.mixture.items()) if round(count * share)}
    makers: dict[str, Callable[[int], list[Example]]] = {
        "direct_injection": lambda quota: compose_injections(quota, benign, seed),
        "jailbreak": lambda quota: compose_jailbreaks(quota, goals, seed),
        "benign_mirrors": lambda quota: compose_benign_mirrors(quota, benign, seed),
        "hard_negatives": lambda quota: generate_hard_negatives(quota, seed),
        "lookalikes": lambda quota: generate_lookalikes(quota, seed, benign),
        "harmful_request": lambda quota: _take_goals(goals, quota, split, cfg),
    }
    made: dict[str, Sequence[Example]] = {name: makers[name](quota) for name, quota in quotas.items() if name in makers}
    # Composed injections without a carrier are payloads too: with the natural ones alone every payload would recur.
    # Their groups are split by hash like all others, or one sentence could be obfuscated in train and in test.
    composed = [
        example
        for example in made.get("direct_injection", ())
        if example.family in BARE_INJECTIONS
        and len(example.text) <= MAX_PAYLOAD_CHARS
        and split_of(example.group, seed=cfg.run.seed, test_fraction=cfg.data.test_fraction) == split
    ]
    made |= generate_families(
        {name: (quota, round(quota * cfg.data.benign_twin_ratio)) for name, quota in quotas.items() if name in OBFUSCATIONS},
        [*payloads, *composed], benign, seed=seed, split=split, workers=os.cpu_count() or 1,
    )  # fmt: skip
    rows = [*rest, *(replace(example, split=split) for name in quotas for example in made[name])]
    return _unique_texts(rows), {name: len(made[name]) for name in quotas}


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
    return sorted(goals, key=lambda example: unit_interval(cfg.run.seed, "goal", key_hash(example.text)))[:quota]


def _counts(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _describe_split(rows: Sequence[Example]) -> dict[str, Any]:
    return {
        "rows": len(rows),
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
            "splits": _counts(split for split, members in used.items() for _ in members),
            "labels": _counts(example.label.name.lower() for example in rows),
            "families": _counts(example.family.name.lower() for example in rows),
            "languages": _counts(example.lang for example in rows),
        }
    return described


def _describe_benchmark(name: str, rows: Sequence[Example], info: dict[str, SourceInfo]) -> dict[str, Any]:
    known = info.get(f"eval/{name}")
    return {
        "rows": len(rows),
        "revision": known.revision if known else None,
        "sha256": known.sha256 if known else None,
        "licence": known.licence if known else None,
        "eval_group": known.eval_group if known else None,
    }
