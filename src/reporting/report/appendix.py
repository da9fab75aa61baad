"""The end of the page: what was not run, and folded reference material."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ...config import flatten
from ...run import PROVENANCE
from ..cells import align_decimals, cell, fixed, number, percent, rate_of
from ..document import Block, Fold, Picture, Section, Table
from .inputs import missing_note


def not_run(report: Mapping[str, Any]) -> Section:
    rows = [[key, reason] for key, reason in report["missing"].items()]
    for name, record in report.get("benchmarks", {}).get("benchmarks", {}).items():
        if record["status"] != "run":
            rows.append([f"benchmark {name}", record["reason"]])
    rows += [[f"study {name}", reason] for name, reason in report["studies_not_run"].items()]
    table = Table(["What", "Reason"], rows, num_text=2)
    return Section("Not run", (table if rows else "Nothing was left out.",))


def section(report: Mapping[str, Any]) -> Section:
    folds = (
        _training(report),
        _json_fold(report, "hpo", "Hyperparameter search"),
        _json_fold(report, "dry_run", "Dry run"),
        _figures(report),
        _data_manifest(report),
        _configuration(report),
        _environment(report),
        _file_list(report),
    )
    return Section("Training, data, configuration and environment", folds)


# ----------------------------------------------------------------------------------------------------------- training


def _training(report: Mapping[str, Any]) -> Fold:
    blocks: list[Block] = []
    if "final_metrics" in report:
        blocks.append("Held-out rows come from training sources: they show that training worked, not how the guard generalises.")
        blocks += _heldout_tables(report["final_metrics"])
    else:
        blocks.append(missing_note(report, "final_metrics"))
    if report.get("epochs"):
        columns = list(report["epochs"][0])
        text_columns = [align_decimals([_csv_value(row[name]) for row in report["epochs"]]) for name in columns]
        blocks.append(Table(columns, [list(row) for row in zip(*text_columns, strict=True)], title="Epochs"))
    else:
        blocks.append(missing_note(report, "epochs") if "epochs" in report["missing"] else "not run: no epoch was finished")
    return Fold("Training and held-out rows", tuple(blocks))


def _heldout_tables(metrics: Mapping[str, Any]) -> list[Table]:
    rows = [
        [
            policy,
            number(part["n"]),
            rate_of(part, "recall"),
            rate_of(part, "fpr"),
            percent(part["precision"]),
            percent(part["accuracy"]),
            fixed(part["auc"]),
        ]
        for policy, part in metrics["policies"].items()
    ]
    per_class = metrics["classes"]["per_class"]
    classes = [
        [name, number(part["n"]), percent(part["precision"]), percent(part["recall"]), percent(part["f1"])]
        for name, part in per_class.items()
    ]
    matrix = [[name, *map(number, row)] for name, row in zip(per_class, metrics["classes"]["confusion_matrix"], strict=True)]
    return [
        Table(["Policy", "n", "Recall", "FPR", "Precision", "Accuracy", "AUC"], rows, title="Held-out rows"),
        Table(["Class", "n", "Precision", "Recall", "F1"], classes, title="Most probable class"),
        Table(["True class", *per_class], matrix, title="Confusion matrix"),
    ]


def _csv_value(text: str | None) -> Any:
    """A CSV cell: a float if it is a decimal number, None if it is empty (undefined, not 0), else its text."""
    if not text:
        return None
    if text.lstrip("-").isdigit():
        return text
    try:
        return float(text)
    except ValueError:
        return text


def _json_fold(report: Mapping[str, Any], key: str, title: str) -> Fold:
    """A JSON file value by value, under its own keys."""
    if key not in report:
        return Fold(title, (missing_note(report, key),))
    record = report[key]
    if isinstance(record, list):
        record = {str(i + 1): value for i, value in enumerate(record)}
    tables, scalars = [], {}
    for name, value in record.items():
        if name in PROVENANCE:
            continue  # shown in the section on the environment
        if isinstance(value, list) and value and all(isinstance(row, Mapping) for row in value):
            columns = list(dict.fromkeys(column for row in value for column in row))
            rows = [[cell(row.get(column)) for column in columns] for row in value]
            tables.append(Table(columns, rows, num_text=len(columns), title=name))
        else:
            scalars[name] = value
    rows = [[name, cell(value)] for name, value in flatten(scalars).items()]
    return Fold(title, (Table(["Name", "Value"], rows, num_text=2), *tables) if rows else tuple(tables))


def _figures(report: Mapping[str, Any]) -> Fold:
    figures = tuple(Picture(**each) for each in report.get("figures", ()))
    return Fold("Figures", figures or ("not run: scripts/generate_paper_figures.py wrote no figures",))


# --------------------------------------------------------------------------------------------------------------- data


def _data_manifest(report: Mapping[str, Any]) -> Fold:
    if "manifest" not in report:
        return Fold("Data", (missing_note(report, "manifest"),))
    tables: list[Table] = []
    scalars = {}
    for key, value in report["manifest"].items():
        if _is_table(value):
            tables += _tables_of_records(key, value)
        else:
            scalars[key] = value
    if scalars:
        rows = [
            [key, _format_config_value(value) if isinstance(value, list) else number(value)]
            for key, value in flatten(scalars).items()
        ]
        tables.insert(0, Table(["Key", "Value"], rows, num_text=2))
    return Fold("Data", ("Everything: manifest.json in the run directory.", *tables))


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value) and all(isinstance(row, Mapping) for row in value.values())


def _tables_of_records(title: str, records: Mapping[str, Mapping[str, Any]]) -> list[Table]:
    """{"name": {"rows": 3, "revision": ...}} as one row per name; tables inside a record follow as tables."""
    columns = list(dict.fromkeys(column for record in records.values() for column in record))
    flat = [column for column in columns if not any(_is_table(record.get(column)) for record in records.values())]
    rows = [[name, *(cell(record.get(column)) for column in flat)] for name, record in records.items()]
    tables = [Table([title, *flat], rows, num_text=1 + len(flat), title=title)]
    for name, record in records.items():
        for column in columns:
            if column not in flat and record.get(column):
                tables += _tables_of_records(f"{title}: {name}, {column}", record[column])
    return tables


# --------------------------------------------------------------------------------------- configuration and environment


def _configuration(report: Mapping[str, Any]) -> Fold:
    title = "Configuration, where it differs from the base"
    diff = report.get("config_diff")
    if diff is None:
        return Fold(title, (missing_note(report, "config_diff"),))
    if not diff:
        return Fold(title, ("Configuration: configs/base_config.yaml, unchanged.",))
    rows = [[entry["key"], _format_config_value(entry["base"]), _format_config_value(entry["run"])] for entry in diff]
    return Fold(title, (Table(["Key", "Base", "This run"], rows, num_text=3),))


def _format_config_value(value: Any) -> str:
    """A config value as written in YAML: 1e-4 keeps its digits, lists their brackets."""
    return json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value


def _environment(report: Mapping[str, Any]) -> Fold:
    if "environment" not in report:
        return Fold("Environment", (missing_note(report, "environment"),))
    rows = [[key, number(value)] for key, value in flatten(report["environment"]).items()]
    return Fold("Environment", (Table(["Environment", "Value"], rows, num_text=2),))


def _file_list(report: Mapping[str, Any]) -> Fold:
    rows = [[entry["path"], f"{entry['bytes']:,}"] for entry in report.get("files", ())]
    return Fold("Files", (Table(["File", "Bytes"], rows) if rows else "not run: no stage wrote a file",))
