"""How the times of a text are distributed, by route and length."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .cost_figures import ROUTE_PRECISION
from .plotting import PAGE, Drawing, commit_of, new_figure, scale_by_ratio, series_style
from .results import QUANTILES_KEY

MARKED_PERCENT = (50, 95, 99)


def draw_latency(optimization: Mapping[str, Any]) -> Drawing | None:
    """Share of timed runs of at most so many milliseconds, a panel per route and a line per length, of the served file.

    `optimization` is what optimization.json holds. None without times of that file, or where a length lacks its quantiles, as
    in files of earlier versions.
    """
    routes = optimization.get("latency", {}).get(ROUTE_PRECISION, {})
    if not routes or any(QUANTILES_KEY not in times for lengths in routes.values() for times in lengths.values()):
        return None
    figure, axes = new_figure(PAGE, 2.9, len(routes))
    rows: list[dict[str, Any]] = []
    for axis, (route, lengths) in zip(axes if len(routes) > 1 else [axes], routes.items(), strict=True):
        for i, (tokens, times) in enumerate(lengths.items()):
            quantiles = times[QUANTILES_KEY]
            percents = range(1, len(quantiles) + 1)
            marked = [percent - 1 for percent in MARKED_PERCENT]
            axis.plot(quantiles, percents, **series_style(i), markevery=marked, label=f"{tokens} tokens")
            rows += [
                {"precision": ROUTE_PRECISION, "route": route, "tokens": tokens, "percent": percent, "ms": ms, "n": times["n"]}
                for percent, ms in zip(percents, quantiles, strict=True)
            ]
        axis.set(title=f"{route} route", xlabel="latency of a text in ms", ylabel="percent of runs", ylim=(0, 102))
        scale_by_ratio(axis)
    axis = figure.axes[0]
    figure.legend(*axis.get_legend_handles_labels(), loc="outside upper center", ncols=4)
    counts = sorted({row["n"] for row in rows})
    conditions = optimization["latency"].get("conditions", {})
    caption = (
        f"{ROUTE_PRECISION.upper()} file, n = {' to '.join(f'{count:,}' for count in dict.fromkeys((counts[0], counts[-1])))} "
        f"runs a line, quantiles 1% to 99%; marked: {', '.join(f'P{percent}' for percent in MARKED_PERCENT)}. "
        f"Threads: {conditions.get('threads', '?')}, {conditions.get('cpu', 'CPU not recorded')}; "
        f"{conditions.get('input', 'input not recorded')}. {commit_of(optimization)}"
    )
    return Drawing(figure, caption, rows)
