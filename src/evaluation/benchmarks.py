"""The table of benchmarks: evaluation files, generated cells, rows held out of training, and known sets without data."""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Self, TypeVar

from ..config import Config
from ..data.attack_generators import ATTACKS, Attack, evaluation_attacks, generate_grid
from ..data.bipia import GROUP as BIPIA_GROUP
from ..data.bipia import TASKS
from ..data.hub_sources import HUB_SOURCES, Headline
from ..data.lookalikes import generate_lookalikes
from ..data.mixture import Splits
from ..data.schema import Example, families_of, labels_of
from ..data.sources import left_out_name
from ..errors import DataError
from ..labels import Label
from ..policy import Policy, is_counted

log = logging.getLogger(__name__)

HELDOUT = "heldout/test"
LOOKALIKES = "heldout/lookalikes"
LOOKALIKES_PER_GENERATED_ROW = 4  # there are so many times data.generated_rows look-alikes, since they are of many kinds

T = TypeVar("T")
Kind = Literal["file", "generated", "heldout"]


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """A named set of labelled texts. `reason` says why it cannot be run; then, and only then, there are no examples."""

    name: str
    revision: str
    kind: Kind
    policy: Policy  # by the meaning of its labels: "full" where plain harmful requests count as attacks
    headline: Headline
    eval_group: str | None = None  # benchmarks whose rows are pooled in the report
    licence: str | None = None  # of the texts; None: the data source states none
    examples: tuple[Example, ...] = ()
    reason: str | None = None

    def __post_init__(self) -> None:
        if not self.examples and self.reason is None:
            object.__setattr__(self, "reason", "the set has no rows")

    @classmethod
    def of_rows(cls, name: str, kind: Kind, examples: Sequence[Example], *, revision: str | None, group: str | None) -> Self:
        """A benchmark whose policy and headline follow from its labels. revision: None where the data source states none."""
        return cls(
            name=name,
            revision=revision or "not stated by the data source",
            kind=kind,
            policy=policy_of(examples),
            headline=headline_of(examples),
            eval_group=group,
            examples=tuple(examples),
        )


def known_benchmarks() -> list[Benchmark]:
    """Known public benchmarks, without rows: reported as not run if the data has no set of that name."""
    reason = "not among the evaluation sets of this data; run with data.source=hub and HF_TOKEN set"
    hub = [
        Benchmark(
            name=source.name,
            revision=f"{source.repo}@{source.revision}",
            kind="file",
            policy=source.policy,
            headline=source.headline,
            reason=reason,
        )
        for source in HUB_SOURCES
        if source.policy is not None and source.headline is not None
    ]
    pint = Benchmark(
        name="pint",
        revision="lakeraai/pint-benchmark",
        kind="file",
        policy="override",
        headline="both",
        reason="the data set is private; ask Lakera for it (https://github.com/lakeraai/pint-benchmark) and set data.pint_path",
    )
    bipia = [
        Benchmark(
            name=f"{BIPIA_GROUP}/{task}",
            revision="microsoft/BIPIA",
            kind="file",
            policy="override",
            headline="both",
            eval_group=BIPIA_GROUP,
            reason="set data.bipia_dir to the directory `benchmark` of github.com/microsoft/BIPIA",
        )
        for task in TASKS
    ]
    artifacts = Benchmark(
        name="jbb_artifacts",
        revision="JailbreakBench/artifacts",
        kind="file",
        policy="override",
        headline="recall",
        reason="write the prompts of github.com/JailbreakBench/artifacts to eval/jbb_artifacts.jsonl of a local directory, with "
        "METHOD|MODEL as category",
    )
    return [pint, *bipia, artifacts, *hub]


def headline_of(examples: Sequence[Example]) -> Headline:
    """What a set with these labels can measure: recall needs attacks, FPR needs benign rows."""
    attack = any(example.label != Label.BENIGN for example in examples)
    benign = any(example.label == Label.BENIGN for example in examples)
    return "both" if attack and benign else "recall" if attack else "fpr"


def policy_of(examples: Sequence[Example]) -> Policy:
    """`full` for a set whose labels count plain harmful requests as attacks, `override` otherwise."""
    counted = is_counted(labels_of(examples), families_of(examples), "override")
    return "override" if counted.all() else "full"


def build_benchmarks(splits: Splits, cfg: Config) -> list[Benchmark]:
    """Every benchmark: evaluation files, generated cells, the held-out test split, look-alikes, and known ones without data."""
    training_sources = {example.source for example in splits.train}
    benchmarks = []
    for name, examples in splits.evaluation.items():
        info = splits.manifest["evaluation"][name]
        # Rows of a source that is also trained on are not unseen data, whatever their file is called.
        kind: Kind = "heldout" if any(example.source in training_sources for example in examples) else "file"
        benchmark = Benchmark.of_rows(name, kind, examples, revision=_revision_of(info), group=info["eval_group"])
        benchmarks.append(replace(benchmark, licence=info["licence"]))
    heldout = Benchmark.of_rows(HELDOUT, "heldout", splits.test, revision=f"groups held out, seed {cfg.data.seed}", group=None)
    unavailable = [benchmark for benchmark in known_benchmarks() if benchmark.name not in splits.evaluation]
    return [*benchmarks, *_generated_benchmarks(splits, cfg), heldout, _lookalikes(splits, cfg), *unavailable]


def leave_out_trained(benchmarks: Sequence[Benchmark], moved_keys: Sequence[str]) -> list[Benchmark]:
    """The benchmarks; where there are `moved_keys`, only those are run that a guard cannot have been trained on.

    Such keys split the rows otherwise than the training did, so held-out rows, and what is generated from them, may be its own.
    """
    if not moved_keys:
        return list(benchmarks)
    reason = f"the guard may have been trained on these rows, which {', '.join(moved_keys)} split otherwise than its training"
    is_safe = [each.kind == "file" and not each.name.startswith(left_out_name("")) for each in benchmarks]
    return [
        each if safe or each.reason is not None else replace(each, examples=(), reason=reason)
        for each, safe in zip(benchmarks, is_safe, strict=True)
    ]


def _revision_of(info: Mapping[str, Any]) -> str | None:
    """The commit that the data source states and the checksum of the file, which may hold a selection of its rows."""
    stated, sha256 = info["revision"], info.get("sha256")
    checksum = f"sha256 {sha256[:12]}" if sha256 else None
    if checksum is None or (stated and checksum in stated):
        return stated
    return f"{stated}, {checksum}" if stated else checksum


def _generated_benchmarks(splits: Splits, cfg: Config) -> list[Benchmark]:
    """A benchmark per obfuscation family: reserved payloads and, as twins, benign texts that were held out.

    A cell is a transform in one form (bare, or inside a sentence), with `data.generated_rows` attacks and as many twins.
    A family with too few texts is not run, with the cause as its `reason`; the others are run.
    """
    revision = f"seed {cfg.data.seed}, payloads of {cfg.data.reserved_payload_source}"
    if not splits.reserved_payloads:
        unavailable = Benchmark.of_rows("generated", "generated", [], revision=revision, group=None)
        return [replace(unavailable, reason="data.reserved_payload_source is not set, so there are no unseen payloads")]

    benign = _held_out_benign(splits)

    def grid(name: str, family: str, attacks: Sequence[Attack]) -> Benchmark:
        rows, seed = cfg.data.generated_rows, cfg.data.seed
        examples: Sequence[Example] = []
        reason = None
        try:
            (examples,) = generate_grid({family: attacks}, splits.reserved_payloads, benign, rows=rows, seed=seed).values()
        except DataError as error:
            reason = str(error)
            log.warning("%s is not run: %s", name, error)
        return replace(Benchmark.of_rows(name, "generated", examples, revision=revision, group=None), reason=reason)

    families = [grid(f"generated/{name}", name, attacks) for name, attacks in evaluation_attacks().items()]
    left_out = [ATTACKS[name] for name in cfg.data.left_out if name in ATTACKS]
    return families + [grid(left_out_name(each.name), each.family.name.lower(), [each]) for each in left_out]


def _lookalikes(splits: Splits, cfg: Config) -> Benchmark:
    """Benign texts that hold data: the kinds and sentences are those of training, the texts are not."""
    training_texts = {example.text for example in splits.train}
    lookalikes, reason = [], None
    try:
        lookalikes = generate_lookalikes(
            LOOKALIKES_PER_GENERATED_ROW * cfg.data.generated_rows, cfg.data.seed + 1, _held_out_benign(splits)
        )
    except DataError as error:
        reason = str(error)
        log.warning("%s is not run: %s", LOOKALIKES, error)
    rows = [
        replace(example, split="test", category=example.source.removeprefix("lookalike_"))
        for example in lookalikes
        if example.text not in training_texts
    ]
    revision = f"seed {cfg.data.seed + 1}, benign texts held out"
    return replace(Benchmark.of_rows(LOOKALIKES, "heldout", rows, revision=revision, group=None), reason=reason)


def _held_out_benign(splits: Splits) -> list[Example]:
    return [example for example in splits.test if example.label == Label.BENIGN and example.attack is None]


def sample_rows(rows: Sequence[T], limit: int, key: str) -> Sequence[T]:
    """A sample of `limit` rows drawn by `key`, in their order; all of them for 0."""
    if not limit or len(rows) <= limit:
        return rows
    return [rows[i] for i in sorted(random.Random(key).sample(range(len(rows)), limit))]
