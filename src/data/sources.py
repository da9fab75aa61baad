"""Everything that a configuration's data consists of, before any split."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ..config import Config
from ..errors import DataError, did_you_mean
from ..files import sha256_of
from ..labels import Label
from .attack_generators import ATTACKS
from .bipia import load_bipia
from .corpus_form import load_corpus
from .local_source import SourceData, SourceInfo, load_evaluation, load_local
from .pint import load_pint
from .real_benchmark_loader import load_hub
from .sampling import Cap
from .schema import Example, without_lone_surrogates
from .splits import unit_interval
from .tables import load_tables

log = logging.getLogger(__name__)

CORPUS = Path(__file__).resolve().parents[2] / "corpus"  # the project's own corpus, in the format of data.source=local
PROBE = "probe"  # its evaluation file: attacks and harmless texts as a newcomer would type them


def read_data(cfg: Config) -> SourceData:
    """The chosen data source, the user's own tables, PINT and BIPIA, without the sources whose licence is excluded.

    Raises DataError for what cannot be read, for two sources of one name, and for a source that is trained on although it
    is also an evaluation set, by its name or by its content.
    """
    parts = [_exclude_sources(_read_source(cfg), cfg.data.exclude)]
    if cfg.data.corpus.use != "none" and cfg.data.source != "builtin":
        if cfg.data.corpus.use == "alone":
            parts = [_keep_held_out(part, cfg) for part in parts]
        parts.append(_read_corpus(cfg))
    if cfg.data.tables:
        parts.append(load_tables(cfg.data.tables, _read_cap(cfg)))
    if cfg.data.pint_path:
        rows, info = load_pint(cfg.data.pint_path)
        parts.append(SourceData(evaluation={"pint": rows}, info={"eval/pint": info}))
    if cfg.data.bipia_dir:
        sets, infos = load_bipia(cfg.data.bipia_dir, pairs=cfg.data.generated_rows, seed=cfg.data.seed)
        parts.append(SourceData(evaluation=dict(sets), info=infos))
    data = _replace_surrogates(_merge(parts))
    _check_roles(data.info)
    return _move_to_evaluation(_exclude_licences(data, cfg.data.licences.exclude), left_out_sources(cfg))


def left_out_sources(cfg: Config) -> list[str]:
    """The entries of `data.left_out` that name sources; the others are transforms."""
    return [name for name in cfg.data.left_out if name not in ATTACKS]


def left_out_name(name: str) -> str:
    """Name of the benchmark of a left-out source or transform."""
    return f"left_out/{name}"


def _read_source(cfg: Config) -> SourceData:
    if cfg.data.source == "local":
        return load_local(cfg.data.local_dir, _read_cap(cfg))
    if cfg.data.source == "hub":
        return load_hub(cfg, cap=_read_cap(cfg))
    return _read_corpus(cfg)


def _read_cap(cfg: Config) -> Cap:
    return Cap(cfg.data.read_per_source, cfg.data.seed)


def _read_corpus(cfg: Config) -> SourceData:
    """The corpus; of its training files only the rows that `data.corpus` selects."""
    data = load_corpus(CORPUS)
    probe = load_evaluation(CORPUS / f"{PROBE}.jsonl", licence="CC-BY-4.0")
    selection = cfg.data.corpus
    rows = [*data.train, *data.payloads]
    attacked = {row.group for row in rows if row.label != Label.BENIGN}
    held_out = _held_out_sources(cfg)
    check_names("data.corpus.whole", selection.whole, data.info)

    def is_kept(row: Example) -> bool:
        return row.source in held_out or (
            (not selection.languages or row.lang in selection.languages)
            and (selection.mirrors or row.label != Label.BENIGN or row.group not in attacked)
            and (row.source in selection.whole or unit_interval(cfg.data.seed, "corpus", row.group) < selection.share)
        )

    return replace(
        data,
        train=list(filter(is_kept, data.train)),
        payloads=list(filter(is_kept, data.payloads)),
        evaluation={PROBE: probe},
        info={name: replace(info, is_corpus=True) for name, info in data.info.items()}
        | {f"eval/{PROBE}": SourceInfo(folder="eval", licence=probe[0].licence, sha256=sha256_of(CORPUS / f"{PROBE}.jsonl"))},
    )


def _held_out_sources(cfg: Config) -> set[str | None]:
    return {*cfg.data.validation_sources, *left_out_sources(cfg), cfg.data.reserved_payload_source}


def _keep_held_out(data: SourceData, cfg: Config) -> SourceData:
    """The data without training sources: validation, reserved payloads and evaluation sets."""
    held_out = _held_out_sources(cfg)
    return _drop_sources(data, {name for name in data.info if name not in held_out and not name.startswith("eval/")})


def _merge(parts: Iterable[SourceData]) -> SourceData:
    merged = SourceData()
    for part in parts:
        duplicates = sorted(merged.info.keys() & part.info.keys())
        if duplicates:
            raise DataError(f"two sources are named {', '.join(duplicates)}; rename one of each in its file or in data.tables")
        merged.train.extend(part.train)
        merged.payloads.extend(part.payloads)
        merged.evaluation.update(part.evaluation)
        merged.info.update(part.info)
    return merged


def _replace_surrogates(data: SourceData) -> SourceData:
    evaluation = {name: without_lone_surrogates(rows) for name, rows in data.evaluation.items()}
    train, payloads = without_lone_surrogates(data.train), without_lone_surrogates(data.payloads)
    return replace(data, train=train, payloads=payloads, evaluation=evaluation)


def _check_roles(info: dict[str, SourceInfo]) -> None:
    """Refuse a source that is trained on and evaluated on: its training rows would be dropped as overlap, perhaps not all."""
    evaluation = {name.removeprefix("eval/"): each for name, each in info.items() if name.startswith("eval/")}
    by_content: dict[str | None, str] = {each.sha256: name for name, each in evaluation.items() if each.sha256}
    for name, each in info.items():
        if name.startswith("eval/"):
            continue
        equal_set = name if name in evaluation else by_content.get(each.sha256)
        if equal_set is not None:
            what = "name" if equal_set == name else "content"
            raise DataError(
                f"source {name!r} ({each.folder}) has the {what} of the evaluation set {equal_set!r}; "
                "a set is trained on or evaluated on, never both: remove one of them"
            )


def _exclude_licences(data: SourceData, excluded: list[str]) -> SourceData:
    """The data without the sources whose licence contains one of the excluded words, case-insensitive."""
    words = [word.casefold() for word in excluded]
    names = {name for name, info in data.info.items() if any(word in info.licence.casefold() for word in words)}
    if not names:
        return data
    log.warning("data.licences.exclude=%s leaves out %d sources: %s", excluded, len(names), ", ".join(sorted(names)))
    remaining = _drop_sources(data, names)
    if not remaining.train:
        raise DataError(f"data.licences.exclude={excluded} leaves no training source; the licences are in manifest.json")
    return remaining


def check_names(key: str, names: Iterable[str], existing: Iterable[str]) -> None:
    """Raise DataError for a name in the value of `key` that no source has."""
    valid_names = sorted(set(existing))
    for name in names:
        if name not in valid_names:
            hint = did_you_mean(name, valid_names, most=3) or f"known: {', '.join(valid_names)}"
            raise DataError(f"{key}: no source is named {name!r}; {hint}")


def _exclude_sources(data: SourceData, names: list[str]) -> SourceData:
    check_names("data.exclude", names, data.info)
    return _drop_sources(data, set(names))


def _drop_sources(data: SourceData, names: set[str]) -> SourceData:
    """The data without these sources, an evaluation set by its name "eval/NAME"."""
    return SourceData(
        train=[example for example in data.train if example.source not in names],
        payloads=[example for example in data.payloads if example.source not in names],
        evaluation={name: rows for name, rows in data.evaluation.items() if f"eval/{name}" not in names},
        info={name: info for name, info in data.info.items() if name not in names},
    )


def _move_to_evaluation(data: SourceData, names: list[str]) -> SourceData:
    """The data with these sources as evaluation sets instead of training sources."""
    if not names:
        return data
    sources = sorted(name for name in data.info if not name.startswith("eval/"))
    for name in names:
        if name not in sources:
            hint = did_you_mean(name, [*sources, *ATTACKS], most=3) or f"known: {', '.join(sources)}"
            raise DataError(f"data.left_out: no source and no transform is named {name!r}; {hint}")
    rows = [*data.train, *data.payloads]
    evaluation = {left_out_name(name): [replace(row, split="eval") for row in rows if row.source == name] for name in names}
    info = {f"eval/{left_out_name(name)}" if name in names else name: each for name, each in data.info.items()}
    return replace(_drop_sources(data, set(names)), evaluation=data.evaluation | evaluation, info=info)
