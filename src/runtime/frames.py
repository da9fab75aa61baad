"""Scoring in engines for large corpora: Ray Data passes dicts of arrays, Spark and Dask pass pandas frames.

Ray Data   dataset.map_batches(partial(score_batch, directory=DIR), batch_size=256)
Spark      frame.mapInPandas(lambda parts: (score_batch(part, directory=DIR) for part in parts), schema=...)

Spark's schema is that of the frame and COLUMNS, whose types are Spark's: "text string, guard_threat boolean, ...".
The guard is loaded once in each worker process and uses one thread, so give each worker one core.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Protocol, TypeVar, cast

import numpy as np

from ..policy import DEFAULT_POLICY, Policy
from .guard import Guard

# Added column -> its type in Spark's terms.
COLUMNS = {
    "threat": "boolean",
    "label": "string",
    "p_attack": "double",
    "family": "string",
    "route": "string",
    "code": "int",
    "coverage": "double",
    "unreadable": "double",
    "num_views": "int",
}
_DTYPES = {"boolean": bool, "string": object, "double": np.float64, "int": np.int32}


class Table(Protocol):
    """The common interface of a frame and a mapping of arrays."""

    def __contains__(self, name: Any, /) -> bool: ...

    def __iter__(self) -> Iterator[Any]: ...

    def __getitem__(self, name: Any, /) -> Any: ...


Batch = TypeVar("Batch", bound=Table)


def score_batch(
    batch: Batch,
    *,
    directory: str,
    column: str = "text",
    prefix: str = "guard_",
    policy: Policy = DEFAULT_POLICY,
    fpr_budget: float | None = None,
) -> Batch:
    """The batch with a column for each of COLUMNS, named with `prefix`.

    Takes and returns a pandas frame or a mapping of column names to arrays; the input is not changed.
    Raises KeyError without `column`, TypeError for a row that is not a str, ArtifactError as `Guard.load`.
    """
    if column not in batch:
        raise KeyError(f"expected a column {column!r} with the texts, found {sorted(map(str, batch))}")
    guard = _guard(str(directory), policy, fpr_budget)
    verdicts = [verdict.to_dict() | {"num_views": len(verdict.views)} for verdict in guard.batch(batch[column])]
    added: dict[str, Any] = {
        f"{prefix}{name}": np.array([verdict[name] for verdict in verdicts], dtype=_DTYPES[kind])
        for name, kind in COLUMNS.items()
    }
    if isinstance(batch, Mapping):
        return cast("Batch", {**batch, **added})
    return cast("Any", batch).assign(**added)


@lru_cache(maxsize=4)
def _guard(directory: str, policy: Policy, fpr_budget: float | None) -> Guard:
    return Guard.load(directory, policy=policy, fpr_budget=fpr_budget)
