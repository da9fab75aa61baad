"""peers.json as Markdown; nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .cells import UNDEFINED, percent

POINTS = {"own": "own", "matched": "same FPR"}
SEEN_MARK = "†"


def peers_markdown(record: Mapping[str, Any]) -> str:
    """`record` is what peers.json holds. Two rows per guard: at its own threshold, and at the common false-alarm rate."""
    run = {name: guard for name, guard in record["guards"].items() if guard["status"] == "run"}
    not_run = {name: guard for name, guard in record["guards"].items() if guard["status"] != "run"}
    files, chat = record["files"], record["chat"]
    with_attacks = [name for name, rows in files.items() if rows["n_attack"]]
    with_benign = [name for name, rows in files.items() if rows["n_benign"]]
    sections = [
        "# Guards on the same texts\n",
        f"own: the threshold of each. same FPR: the threshold that flags at most {percent(record['chat_fpr'])} of the "
        f"{record['n_chat']:,} benign rows of {', '.join(chat)}; where scores repeat it flags fewer, see the column chat. "
        f"Number of rows in brackets. {SEEN_MARK}: the guard's own documents name the source of this file as training data.\n",
        _table("Recall", run, "recall", with_attacks, files, "n_attack", ("mean", "mean_recall")),
        _table("False-alarm rate", run, "fpr", with_benign, files, "n_benign", ("chat", "chat_fpr")),
        _about({**run, **not_run}),
    ]
    if not_run:
        reasons = "\n".join(f"- {name}: {guard['reason']}" for name, guard in not_run.items())
        sections.append(f"## Not run\n\n{reasons}\n")
    return "\n".join(sections)


def _table(
    title: str,
    run: Mapping[str, Any],
    rate: str,
    names: Sequence[str],
    files: Mapping[str, Any],
    count: str,
    over_all: tuple[str, str],
) -> str:
    """A column for all files, with `over_all` as its head and key, then one per file."""
    head, key = over_all
    columns = [head, *(f"{name} ({files[name][count]})" for name in names)]
    lines = [f"## {title}", "", _format_row(["guard", "threshold", *columns]), f"|---|---|{'---:|' * len(columns)}"]
    for name, guard in run.items():
        seen = guard["about"].get("in_distribution", ())
        for point, point_title in POINTS.items():
            cells = [percent(guard[rate][point][file]) + (SEEN_MARK if file in seen else "") for file in names]
            threshold = f"{point_title}, {_format_threshold(guard['threshold'][point])}"
            lines.append(_format_row([name, threshold, percent(guard[key][point]), *cells]))
    return "\n".join(lines) + "\n"


def _format_threshold(value: float) -> str:
    """A guard that scores nearly all texts 0 has the smallest number above 0 as its threshold."""
    return "above 0" if 0 < value < 1e-9 else f"{value:.6g}"


def _about(guards: Mapping[str, Any]) -> str:
    columns = {
        "version": "version",
        "what it is": "about",
        "licence": "licence",
        "long texts": "long_texts",
        "trained on": "trained_on",
    }
    lines = ["## What they are", "", _format_row(["guard", "ms a text", *columns]), f"|---|---:|{'---|' * len(columns)}"]
    for name, guard in guards.items():
        milliseconds = f"{guard['ms']:.1f}" if guard["status"] == "run" else UNDEFINED
        lines.append(_format_row([name, milliseconds, *(str(guard["about"].get(key, "")) for key in columns.values())]))
    return "\n".join([*lines, "", *_conditions(guards)]) + "\n"


def _conditions(guards: Mapping[str, Any]) -> Iterator[str]:
    cpus = sorted({cpu for guard in guards.values() for cpu in guard.get("ms_cpus", ())})
    yield f"ms a text: median processor time, one text at a time, one thread; on {', '.join(cpus) or 'none'}."


def _format_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
