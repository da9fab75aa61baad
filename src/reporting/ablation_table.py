"""The ablation table as Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .cells import fixed, percent

SERVED = "routed"
BRANCHES = ("fast branch only", "deep branch only")  # columns: a change may help one branch and cost the other
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
            branches = " | ".join(_branch(variants.get(branch)) for branch in BRANCHES)
            for variant, found in variants.items():
                if variant in BRANCHES or (variant != SERVED and name != DEFAULT):
                    continue
                is_served = variant == SERVED
                lines.append(
                    f"| {name if is_served else f'{name}, {variant}'} | {seed} | {percent(found['recall'])} "
                    f"| {fixed(found['auc'])} | {percent(found['transform_recall'])} | {percent(found['twin_fpr'])} "
                    f"| {branches if is_served else '|'} "
                    f"| {_difference(found['against_default'], name, variant)} |\n"
                )
    changes = "".join(
        f"- {name}: {' '.join(keys) if keys else 'the preset as it is'}\n" for name, keys in record["changes"].items()
    )
    return f"{head}{''.join(lines)}\n{changes}"


def _branch(found: Mapping[str, Any] | None) -> str:
    return "" if found is None else f"{percent(found['recall'])}, {fixed(found['auc'])}"


def _difference(against: Mapping[str, Any], name: str, variant: str) -> str:
    if name == DEFAULT and variant == SERVED:
        return ""
    low, high = against["difference_interval"] or (None, None)
    points = f"{100 * against['difference']:+.1f}"
    return points if low is None or high is None else f"{points} ({100 * low:+.1f} to {100 * high:+.1f})"
