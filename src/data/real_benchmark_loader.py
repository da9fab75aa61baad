"""`data.source=hub`: public data sets of the Hugging Face Hub, each at one commit.

hub_sources.py says what is read and how labels are mapped; this module downloads it. Files are downloaded into
the Hub client's cache (HF_HOME), whole or not at all, and read from there by `datasets`: never through `load_dataset` on
the repository's name, which falls back on whatever older copy is in its cache when the Hub refuses or cannot be reached.

    python -c "from src.data.real_benchmark_loader import verify_hf_access; verify_hf_access()"
"""

from __future__ import annotations

import errno
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from json import JSONDecodeError
from pathlib import Path
from typing import Any, TypeVar

from ..config import Config
from ..errors import ConfigError, DataError, did_you_mean
from ..hub import download_snapshot, open_api
from .hub_labels import Row, normalise_language
from .hub_sources import HUB_SOURCES, HubSource
from .local_source import SourceData, SourceInfo
from .sampling import NO_CAP, Cap, Sample
from .schema import Example
from .splits import own_group

__all__ = ["HUB_SOURCES", "HubSource", "load_hub", "load_source", "require_token", "resolve_commit", "verify_hf_access"]

log = logging.getLogger(__name__)

T = TypeVar("T")

ATTEMPTS = 5
GARBLED = (JSONDecodeError, UnicodeDecodeError)  # answers of a proxy or a failing server that the Hub client cannot read
FIRST_WAIT_S = 2.0  # doubles with every attempt

ACCESS_ADVICE = (
    "Either export HF_TOKEN=hf_... (a read token of https://huggingface.co/settings/tokens) and rerun, or choose data that "
    "needs no account: data.source=local data.local_dir=DIR, or data.source=builtin"
)


class _AccessRefused(DataError):
    """A final answer of the Hub, for which retries are useless: no access, or no such data set."""


def load_hub(cfg: Config, token: str | None = None, cap: Cap = NO_CAP) -> SourceData:
    """The data sets of `data.hub_sets`, or all of HUB_SOURCES; training sets at most up to the cap.

    `token` defaults to the environment's HF_TOKEN.

    Raises ConfigError for an unknown name, and DataError before anything is downloaded when there is no token or when sets
    are refused (all of them in one message). What was downloaded before an interruption is not downloaded again.
    """
    sources = choose_sources(cfg.data.hub_sets)
    token = require_token(token)
    _require_access(sources, token)
    data = SourceData()
    commits: dict[str, str] = {}  # repository -> commit: a set that is not pinned is resolved once for all its splits
    for source in sources:
        if source.repo not in commits:
            commits[source.repo] = resolve_commit(source, token)
        sample = Sample(NO_CAP if source.role == "benchmark" else cap)
        left_out = read_into(sample, source, token, commits[source.repo])
        examples = sample.rows
        info = SourceInfo(
            folder="eval" if source.role == "benchmark" else source.role,
            licence=source.licence,
            revision=f"{source.repo}@{commits[source.repo]}",
            left_out=left_out,
            passed_over=sample.passed_over,
        )
        data.add(source.name, examples, info)
        log.info("%s: %s rows, %s left out", source.name, f"{len(examples):,}", f"{left_out:,}")
    return data


def choose_sources(names: Sequence[str]) -> list[HubSource]:
    """The sets with these names, in the table's order; all of them for no names. Raises ConfigError for an unknown name."""
    valid_names = [source.name for source in HUB_SOURCES]
    for name in names:
        if name not in valid_names:
            hint = did_you_mean(name, valid_names)
            raise ConfigError(
                f"data.hub_sets: no data set is called {name!r}{f'; {hint}' if hint else '.'} Known: {', '.join(valid_names)}"
            )
    return [source for source in HUB_SOURCES if not names or source.name in names]


def require_token(token: str | None = None) -> str:
    """The token, or the environment's HF_TOKEN. Raises DataError with the alternatives when there is none."""
    token = token or os.environ.get("HF_TOKEN", "").strip()
    if not token:
        raise DataError(f"data.source=hub needs a Hugging Face token and HF_TOKEN is not set. {ACCESS_ADVICE}")
    return token


def resolve_commit(source: HubSource, token: str) -> str:
    """The pinned commit or, for a set without one, the newest commit: asked of the Hub, or offline of its cache."""
    if source.revision is not None:
        return source.revision
    api = open_api(token)
    commit = _with_retries(lambda: api.resolve_revision(source.repo, repo_type="dataset").resolved, source)
    log.warning("%s is not pinned: reading its newest commit, %s; the manifest records it", source.repo, commit)
    return commit


def load_source(source: HubSource, token: str, commit: str | None = None) -> tuple[list[Example], int]:
    """The rows of one data set and the number of rows outside the four classes. Errors as `read_into`."""
    sample = Sample(NO_CAP)
    left_out = read_into(sample, source, token, commit)
    return sample.rows, left_out


def read_into(sample: Sample, source: HubSource, token: str, commit: str | None = None) -> int:
    """Add the rows of one data set; returns the number of rows outside the four classes.

    Raises DataError that names the page and what to do: no access, no connection, no space, a damaged file, other columns
    than expected, a split without rows.
    """
    commit = commit or resolve_commit(source, token)
    directory = _download(source, commit, token)
    rows = left_out = 0
    for split in source.splits:
        for row in _read_split(source, split, directory, commit):
            rows += 1
            example = _to_example(source, split, row)
            if example is None:
                left_out += 1
            else:
                sample.add(example)
    if left_out == rows:
        raise DataError(f"{source.page} at {commit}: none of its {rows:,} rows can be used; correct its label_of in HUB_SOURCES")
    if source.rows is not None and rows != source.rows:
        log.warning("%s: %s rows read, %s published", source.name, f"{rows:,}", f"{source.rows:,}")
    return left_out


def _to_example(source: HubSource, split: str, row: Row) -> Example | None:
    """The row as an Example; None for a row without text or outside the four classes."""
    parts = [row[column] for column in source.text if row[column] and row[column].strip()]
    target = source.label_of(row, split)
    if target is None or not parts:
        return None
    text = "\n\n".join(parts)
    group = row[source.group] if source.group is not None else None
    has_group = group == group and group not in (None, "", -1)  # a missing value may be null, NaN or the publisher's -1
    lang = row[source.lang_column] if source.lang_column is not None else None
    kind = row[source.kind] if source.kind is not None else None
    if kind and "multilingual" in kind.casefold():
        lang = lang or "und"
    names = [split] if len(source.splits) > 1 else []
    return Example(
        text=text,
        label=target[0],
        family=target[1],
        source=source.name,
        group=f"{source.name}:{split}:{group}" if has_group else own_group(text),
        category=sys.intern("|".join([*names, *([kind] if kind else [])])) or None,
        lang=normalise_language(lang or source.lang),
        split="eval" if source.role == "benchmark" else "train",
        licence=source.licence,
    )


def _download(source: HubSource, commit: str, token: str) -> Path:
    """The directory in the Hub client's cache that holds the set's files at this commit, all of them and whole."""
    options = {"repo_type": "dataset", "revision": commit, "token": token}
    return _with_retries(lambda: download_snapshot(source.repo, source.patterns, **options), source)


def _read_split(source: HubSource, split: str, directory: Path, commit: str) -> Iterator[Row]:
    """The rows of one split of the downloaded files, with the columns that the mapping reads."""
    from datasets import load_dataset  # seconds of import that only this data source needs
    from datasets.exceptions import DatasetsError

    where = f"{source.page} at {commit}"
    try:
        table = load_dataset(str(directory), source.config, split=split, data_files=dict(source.split_files) or None)
    except (DatasetsError, ValueError, OSError) as error:
        if _is_disk_full(error):
            raise DataError(_disk_full_message(source, error)) from error
        fault = _parquet_fault(directory)
        if fault is not None:
            raise DataError(f"{where}: {fault}") from error
        raise DataError(
            f"{where}: split {split!r} of configuration {source.config!r} cannot be read: {_root_cause(error)}. If a file is "
            f"damaged, delete {directory.parents[1]} and rerun; if the data set changed, correct HUB_SOURCES"
        ) from error
    missing = [column for column in source.all_columns if column not in table.column_names]
    if missing:
        raise DataError(
            f"{where}: expected columns {source.all_columns}, found {table.column_names}; the data set changed, correct "
            "HUB_SOURCES"
        )
    return iter(table.select_columns(source.all_columns))


def _parquet_fault(directory: Path) -> str | None:
    """The fault of the first file that `datasets` cannot read: no footer, which ends every complete file, or no rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for path in sorted(directory.rglob("*.parquet")):
        try:
            rows = pq.read_metadata(path).num_rows
        except (pa.ArrowInvalid, OSError) as error:
            return (
                f"{path.relative_to(directory)} ends early or is damaged ({_root_cause(error)}). Delete the cached copy "
                f"{path.resolve()} and rerun: it is downloaded again"
            )
        if rows == 0:
            return f"{path.relative_to(directory)} has no rows; the data set changed, correct HUB_SOURCES"
    return None


def _with_retries(
    fetch: Callable[[], T], source: HubSource, attempts: int = ATTEMPTS, sleep: Callable[[float], None] | None = None
) -> T:
    """Call `fetch` until it succeeds. Transient errors are retried; any other error raises DataError at once."""
    from datasets.exceptions import DatasetsError
    from huggingface_hub.errors import HTTPError, RevisionResolutionError  # HTTPError: of whichever library the client uses

    for attempt in range(1, attempts + 1):
        try:
            return fetch()
        except (DatasetsError, HTTPError, RevisionResolutionError, OSError, RuntimeError, *GARBLED) as error:
            if _is_disk_full(error):
                raise DataError(_disk_full_message(source, error)) from error
            if not _is_transient(error):
                raise _AccessRefused(_refusal_message(source, error)) from error
            if attempt == attempts:
                raise DataError(
                    f"{source.page} could not be reached in {attempts} attempts ({_root_cause(error)}). Check the "
                    "connection and rerun: finished downloads are kept. Without the Hub: data.source=local or builtin"
                ) from error
            wait = FIRST_WAIT_S * 2 ** (attempt - 1)
            log.warning("%s: %s; next attempt in %.0f s", source.repo, _root_cause(error), wait)
            (sleep or time.sleep)(wait)
    raise AssertionError("unreachable: the last attempt returns or raises")


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _status_of(error: BaseException) -> int | None:
    """The HTTP status in the causes of an error of `datasets` or the Hub client, if there is one."""
    for cause in _causes(error):
        status = getattr(getattr(cause, "response", None), "status_code", None)
        if status is not None:
            return int(status)
    return None


def _is_offline(error: BaseException) -> bool:
    from huggingface_hub.errors import OfflineModeIsEnabled

    return any(isinstance(cause, OfflineModeIsEnabled) for cause in _causes(error))


def _is_disk_full(error: BaseException) -> bool:
    """By error number or message: `datasets` counts bytes before it writes, the Hub's storage client passes on text."""
    words = ("Not enough disk space", "No space left on device")
    return any(
        getattr(cause, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or any(word in str(cause) for word in words)
        for cause in _causes(error)
    )


def _is_transient(error: BaseException) -> bool:
    """Whether waiting can help: no connection, one that broke off, too many requests, a failing server, a garbled answer.

    The Hub's storage client (hf_xet) reports all of these as RuntimeError.
    """
    from huggingface_hub.errors import HTTPError

    if _is_offline(error):
        return False
    status = _status_of(error)
    if status is not None:
        return status in (408, 429) or status >= 500
    kinds = (ConnectionError, TimeoutError, HTTPError, RuntimeError, *GARBLED)
    return any(isinstance(cause, kinds) or "Consistency check failed" in str(cause) for cause in _causes(error))


def _disk_full_message(source: HubSource, error: BaseException) -> str:
    import datasets.config
    from huggingface_hub import constants

    return (
        f"no space left for {source.repo} ({_root_cause(error)}). Downloads go to {constants.HF_HUB_CACHE}, prepared tables to "
        f"{datasets.config.HF_DATASETS_CACHE}. Free space there, or move both with export HF_HOME=/another/disk/huggingface, "
        "and rerun: finished downloads are kept, nothing half-written is"
    )


def _refusal_message(source: HubSource, error: BaseException) -> str:
    from huggingface_hub.errors import GatedRepoError

    if _is_offline(error):
        return f"HF_HUB_OFFLINE is set and {source.repo} is not in the local cache; unset it and rerun. {ACCESS_ADVICE}"
    status = _status_of(error)
    if any(isinstance(cause, GatedRepoError) for cause in _causes(error)) or status == 403:
        return (
            f"{source.repo} is gated and this HF_TOKEN has no access to it. Open {source.page} with the account of the token, "
            "fill in the form and click 'Agree and access repository', then rerun. A fine-grained token also needs 'Read "
            "access to contents of all public gated repos you can access'"
        )
    if status == 401:
        return f"the Hub does not accept this HF_TOKEN ({source.repo}). {ACCESS_ADVICE}"
    return (
        f"{source.repo} at revision {source.revision or 'main'} cannot be read: {_root_cause(error)}. Open {source.page}: if it "
        "is gone or renamed, correct HUB_SOURCES"
    )


def _root_cause(error: BaseException) -> str:
    """Type and first line of the root cause: the wrappers of `datasets` only say that something failed."""
    *_, root = _causes(error)
    lines = str(root).strip().splitlines()
    return f"{type(root).__name__}: {lines[0] if lines else 'no message'}"


def _check_access(source: HubSource, token: str, attempts: int) -> None:
    """Raises _Refused when this token cannot read the set, DataError when the Hub cannot be reached."""
    api = open_api(token)
    _with_retries(lambda: api.auth_check(source.repo, repo_type="dataset"), source, attempts)


def _require_access(sources: Sequence[HubSource], token: str) -> None:
    """Raises one DataError for all sets that this token cannot read. Offline, or without an answer, no set counts as refused."""
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return
    refused: dict[str, str] = {}
    for repo, source in {source.repo: source for source in sources}.items():
        try:
            _check_access(source, token, attempts=1)
        except _AccessRefused as error:
            refused[repo] = str(error)
        except DataError as error:
            log.warning("%s", error)  # the download tries again, and may be in the cache
    if refused:
        readable = ",".join(source.name for source in sources if source.repo not in refused)
        raise DataError("\n".join([*refused.values(), f"To go on without: data.hub_sets=[{readable}]"]))


def verify_hf_access() -> None:
    """Print a table of every data set, whether HF_TOKEN can read it, and what to do where it cannot.

    Exits with status 1 when there is no valid token or when a required set cannot be read; others are only shown.
    """
    try:
        token = require_token()
        _check_token(token)
    except DataError as error:
        sys.stdout.write(f"{error}\n")
        raise SystemExit(1) from error
    failures = {source.repo: _access_failure(source, token) for source in {s.repo: s for s in HUB_SOURCES}.values()}
    rows = [("set", "access", "needed", "licence", "rows", "what to do")]
    for source in HUB_SOURCES:
        access, advice = failures[source.repo] or ("yes", f"nothing ({source.repo})")
        count = "unknown" if source.rows is None else f"{source.rows:,}"
        rows.append((source.name, access, "yes" if source.required else "no", source.licence, count, advice))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for row in rows:
        cells = [f"{cell:{width}}" for cell, width in zip(row[:5], widths, strict=True)]
        sys.stdout.write("  ".join([*cells, row[5]]) + "\n")
    unreadable = [source.name for source in HUB_SOURCES if source.required and failures[source.repo]]
    if unreadable:
        sys.stdout.write(f"\nrequired and not readable: {', '.join(unreadable)}\n")
        raise SystemExit(1)


def _check_token(token: str) -> None:
    """Raises DataError for a token that the Hub does not know; other errors are reported with each set."""
    from huggingface_hub.errors import HTTPError

    try:
        open_api(token).whoami()
    except (HTTPError, OSError, *GARBLED) as error:
        if _status_of(error) == 401:
            raise DataError(f"the Hub does not accept this HF_TOKEN. {ACCESS_ADVICE}") from error


def _access_failure(source: HubSource, token: str) -> tuple[str, str] | None:
    """(word for the table, advice); None when the set can be read."""
    try:
        _check_access(source, token, attempts=2)
    except _AccessRefused as error:
        cause: Any = error.__cause__
        if _is_offline(cause):
            return "offline", "unset HF_HUB_OFFLINE and rerun"
        if _status_of(cause) == 403:
            return "no", f"open {source.page} with the account of the token and click 'Agree and access repository'"
        return "missing", f"open {source.page}: it is gone or renamed ({_root_cause(cause)})"
    except DataError as error:
        return "unknown", f"check the connection and rerun ({_root_cause(error)})"
    return None
