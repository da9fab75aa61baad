"""Rows that were dropped so that no evaluation row occurs in training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..cells import number
from ..document import Block, Section, Table
from .inputs import missing_note

TITLE = "Contamination"
DROPPED = {"overlap": "Training rows dropped", "validation_overlap": "Validation rows dropped"}


def section(report: Mapping[str, Any]) -> Section:
    if "manifest" not in report:
        return Section(TITLE, (missing_note(report, "manifest"),))
    manifest = report["manifest"]
    if not set(DROPPED) & set(manifest):
        return Section(TITLE, ("not run: manifest.json names no overlap; train_production_final.py writes it",))
    blocks: list[Block] = [
        "Training rows that an evaluation set would recognise were dropped before training: equal texts, nearly equal ones "
        "(MinHash) and rows of the same group. A row that two sets recognise is counted under both."
    ]
    if "generated_overlap_dropped" in manifest:
        blocks.append(f"Generated rows dropped for the same reason: {number(manifest['generated_overlap_dropped'])}.")
    for key, title in DROPPED.items():
        counts = manifest.get(key)
        blocks.append(
            _counts_table(title, "Recognised by", counts) if counts else f"{title}: none was recognised by a held-out set."
        )
    if manifest.get("duplicates"):
        blocks.append(_counts_table("Duplicates dropped within the rows", "Role", manifest["duplicates"]))
    return Section(TITLE, tuple(blocks))


def _counts_table(title: str, first: str, records: Mapping[str, Mapping[str, int]]) -> Table:
    columns = list(dict.fromkeys(column for record in records.values() for column in record))
    rows = [[name, *(number(record.get(column, 0)) for column in columns)] for name, record in records.items()]
    return Table([first, *(column.capitalize() for column in columns)], rows, title=title)
