"""The ablation table as Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .cells import fixed, percent

SERVED = "routed"
BRANCHES = ("fast branch only", "deep branch only")  # columns, since a change may help one branch and harm the other
DEFAULT = "default"


def ablation_markdown(record: Mapping[str, Any]) -> str:
    """`record` is what ablations.json holds. One row per cell and seed; of the default cell one without views, too."""
    head = (
        "| cell | seed | recall, sources | AUC | recall, transforms | FPR, twins | fast alone | deep alone "
        "| recall against default (95%) |\n"
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|\n"
    )
    lines = []
    for name, seeds in record["cells"].items():
        for seed, variants in seeds.items():
            branches = " | ".join(_format_branch(variants.get(branch)) for branch in BRANCHES)
            for variant, metrics in variants.items():
                if variant in BRANCHES or (variant != SERVED and name != DEFAULT):
                    continue
                is_served = variant == SERVED
                lines.append(
                    f"| {name if is_served else f'{name}, {variant}'} | {seed} | {percent(metrics['recall'])} "
                    f"| {fixed(metrics['auc'])} | {percent(metrics['transform_recall'])} | {percent(metrics['twin_fpr'])} "
                    f"| {branches if is_served else '|'} "
                    f"| {_format_difference(metrics['against_default'], name, variant)} |\n"
                )
    changes = "".join(
        f"- {name}: {' '.join(keys) if keys else 'the preset as it is'}\n" for name, keys in record["changes"].items()
    )
    return f"{head}{''.join(lines)}\n{changes}"


def _format_branch(metrics: Mapping[str, Any] | None) -> str:
    return "" if metrics is None else f"{percent(metrics['recall'])}, {fixed(metrics['auc'])}"


def _format_difference(comparison: Mapping[str, Any], name: str, variant: str) -> str:
    if name == DEFAULT and variant == SERVED:
        return ""
    low, high = comparison["difference_interval"] or (None, None)
    points = f"{100 * comparison['difference']:+.1f}"
    return points if low is None or high is None else f"{points} ({100 * low:+.1f} to {100 * high:+.1f})"
