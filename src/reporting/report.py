"""The report: everything that the stages wrote, rendered. Nothing is computed here.

`collect` reads the files of a run into one dict; `render_markdown` and `render_html` turn that dict into text.
A file that is not there becomes "not run: <reason>". Rates are fractions in the dict and percent in the text.
"""

from __future__ import annotations

import base64
import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from omegaconf import OmegaConf

from ..config import BASE_CONFIG, CONFIG_DIR, load_config, to_dict
from ..errors import DataError
from ..policy import POLICIES
from ..run import PROVENANCE, RunPaths
from .results import SOURCES, read_run

TEMPLATES = Path(__file__).resolve().parent / "templates"
TARGETS = CONFIG_DIR / "targets.yaml"
PUBLISHED = CONFIG_DIR / "published.yaml"
PUBLISHED_KEYS = ("system", "benchmark", "figure", "value", "harness", "source")
UNDEFINED = "n/a"
BUILTIN = (
    "Data written by the project itself (data.source=builtin): these numbers show that the pipeline works, they are no claim "
    "about real traffic."
)


@dataclass(frozen=True)
class Table:
    """Cells are final text. Columns after the first `num_text` are right-aligned."""

    headers: list[str]
    rows: list[list[str]]
    num_text: int = 1
    title: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[dict[str, str], ...] = ()  # name, path, data_uri


# ---------------------------------------------------------------------------------------------------------- reading


def collect(paths: RunPaths) -> dict[str, Any]:
    """Read what the stages of a run wrote. Missing files are listed under `missing` with the command that writes them.

    Raises DataError for a file that is there and cannot be parsed, and for benchmark results of another schema.
    """
    report: dict[str, Any] = read_run(paths, SOURCES)
    report |= {"run_dir": str(paths.root), "targets": load_targets(), "published": load_published()}
    if paths.config_yaml.is_file():
        report["config_diff"] = _config_diff(paths.config_yaml)
    else:
        report["missing"]["config_diff"] = f"{paths.config_yaml} is missing; train_production_final.py writes it"
    report["figures"] = [_figure(path, paths.report_md.parent) for path in sorted(paths.figures.glob("*.png"))]
    report["files"] = _files(paths)
    return report


def load_targets(path: Path = TARGETS) -> list[dict[str, Any]]:
    """The rows of targets.yaml. OmegaConf reads it, since plain YAML takes 5e-5 for a string."""
    return OmegaConf.to_container(OmegaConf.load(path))["targets"]  # type: ignore[index,call-overload,return-value]


def load_published(path: Path = PUBLISHED) -> list[dict[str, Any]]:
    """The rows of published.yaml. Raises DataError for a figure without its harness or its source."""
    rows = OmegaConf.to_container(OmegaConf.load(path))["figures"]  # type: ignore[index,call-overload]
    for row in rows:
        missing = [key for key in PUBLISHED_KEYS if row.get(key) in (None, "")]
        if missing:
            raise DataError(f"{path}: the figure {row} lacks {', '.join(missing)}")
    return rows  # type: ignore[return-value]


def _config_diff(path: Path) -> list[dict[str, Any]]:
    """Leaf keys whose value is not that of configs/base_config.yaml."""
    base, run = _leaves(to_dict(load_config([BASE_CONFIG]))), _leaves(to_dict(load_config([path])))
    keys = sorted(base.keys() | run.keys())
    return [{"key": key, "base": base.get(key), "run": run.get(key)} for key in keys if base.get(key) != run.get(key)]


def _leaves(node: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    leaves: dict[str, Any] = {}
    for key, value in node.items():
        name = f"{prefix}{key}"
        leaves.update(_leaves(value, f"{name}.") if isinstance(value, Mapping) else {name: value})
    return leaves


def _figure(path: Path, beside: Path) -> dict[str, str]:
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    return {
        "name": path.stem.replace("_", " "),
        "path": _relative(path, beside),
        "data_uri": f"data:image/png;base64,{data}",
    }


def _relative(path: Path, beside: Path) -> str:
    return path.relative_to(beside).as_posix() if path.is_relative_to(beside) else path.as_posix()


def _files(paths: RunPaths) -> list[dict[str, Any]]:
    """Files of the run that a reader may want, with size in bytes, without the training checkpoints."""
    directories = [paths.root, paths.optimized, paths.hpo, paths.dry_run, paths.benchmarks, paths.figures]
    found = {file for directory in directories if directory.is_dir() for file in directory.iterdir() if file.is_file()}
    visible = sorted(file for file in found if not file.name.startswith("."))
    return [{"path": file.as_posix(), "bytes": file.stat().st_size} for file in visible]


# --------------------------------------------------------------------------------------------------------- rendering


def render_markdown(report: Mapping[str, Any]) -> str:
    """The report as Markdown. Pure: the same dict gives the same text."""
    lines = ["# TinyGuardrail report", ""]
    for section in build_sections(report):
        lines += [f"## {section.title}", ""]
        for paragraph in section.paragraphs:
            lines += [markdown_text(paragraph), ""]
        for table in section.tables:
            if table.title:
                lines += [f"### {table.title}", ""]
            lines += [*markdown_table(table), ""]
        for figure in section.figures:
            lines += [f"![{figure['name']}]({figure['path']})", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def render_html(report: Mapping[str, Any]) -> str:
    """The report as one HTML file without external assets; every value is escaped. Pure."""
    return render_sections("TinyGuardrail report", build_sections(report))


def render_sections(title: str, sections: Sequence[Section]) -> str:
    """One HTML file without external assets; every value is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(title=title, sections=sections)


def markdown_text(text: str) -> str:
    """Text that Markdown shows as it is: one line, no table cell ends, no HTML."""
    flat = " ".join(text.split())
    for character in ("\\", "|", "<", "*", "`", "["):
        flat = flat.replace(character, f"\\{character}")
    return flat


def markdown_table(table: Table) -> Iterator[str]:
    yield "| " + " | ".join(map(markdown_text, table.headers)) + " |"
    yield "|" + "|".join("---" if i < table.num_text else "---:" for i in range(len(table.headers))) + "|"
    for row in table.rows:
        yield "| " + " | ".join(map(markdown_text, row)) + " |"


def percent(rate: float | None) -> str:
    """0.0123 -> "1.2%"; an undefined rate is not zero."""
    return UNDEFINED if rate is None else f"{100 * rate:.1f}%"


def rate_with_interval(rate: float | None, interval: Sequence[float] | None) -> str:
    """ "12.3% (10.1 to 14.9)"; the interval in percent as well."""
    if rate is None or interval is None:
        return percent(rate)
    return f"{percent(rate)} ({100 * interval[0]:.1f} to {100 * interval[1]:.1f})"


def rate_of(part: Mapping[str, Any], name: str) -> str:
    """With the interval that resamples groups where rows share them, else Wilson's."""
    return rate_with_interval(part[name], part.get(f"{name}_clustered_interval") or part[f"{name}_interval"])


def detection_cells(part: Mapping[str, Any]) -> list[str]:
    """Recall, n attacks, FPR, n benign."""
    return [rate_of(part, "recall"), number(part["n_attack"]), rate_of(part, "fpr"), number(part["n_benign"])]


def number(value: Any) -> str:
    """Any JSON scalar as text: counts with separators, other numbers with four digits."""
    if value is None:
        return UNDEFINED
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def build_sections(report: Mapping[str, Any]) -> list[Section]:
    """What both renderings show, in order."""
    return [
        _what_was_run(report),
        _data_manifest(report),
        _headline(report),
        _per_benchmark(report),
        _figures_with_intervals(report),
        _groups(report),
        _languages_and_lengths(report),
        _per_attack(report),
        _pairs_and_categories(report),
        _comparison(report),
        _published(report),
        _calibration(report),
        _routing(report),
        _recorded(report, "optimization", "Size, parity and latency of the exported files"),
        _training(report),
        _recorded(report, "hpo", "Hyperparameter search"),
        _recorded(report, "dry_run", "Dry run"),
        _not_run(report),
        Section("Figures", figures=tuple(report.get("figures", ())))
        if report.get("figures")
        else Section("Figures", ("not run: scripts/generate_paper_figures.py wrote no figures",)),
        _file_list(report),
    ]


def caveats(report: Mapping[str, Any]) -> list[str]:
    """What must be known before any number of the report is read."""
    sources = {report.get("manifest", {}).get("data_source"), report.get("benchmarks", {}).get("data_source")}
    return [BUILTIN] if "builtin" in sources else []


def _missing(report: Mapping[str, Any], key: str) -> str:
    return f"not run: {report['missing'][key]}"


def _what_was_run(report: Mapping[str, Any]) -> Section:
    title = "What was run"
    tables = []
    paragraphs = [*caveats(report), f"Run directory: {report['run_dir']}"]
    environment = report.get("environment")
    if environment is None:
        paragraphs.append(_missing(report, "environment"))
    else:
        tables.append(Table(["Environment", "Value"], [[k, number(v)] for k, v in _leaves(environment).items()], num_text=2))
    diff = report.get("config_diff")
    if diff is None:
        paragraphs.append(_missing(report, "config_diff"))
    elif not diff:
        paragraphs.append("Configuration: configs/base_config.yaml, unchanged.")
    else:
        rows = [[entry["key"], _plain(entry["base"]), _plain(entry["run"])] for entry in diff]
        tables.append(Table(["Key", "Base", "This run"], rows, num_text=3, title="Configuration, where it differs from the base"))
    return Section(title, tuple(paragraphs), tuple(tables))


def _plain(value: Any) -> str:
    """A config value as written in YAML: 1e-4 keeps its digits, lists their brackets."""
    return json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value


def _data_manifest(report: Mapping[str, Any]) -> Section:
    title = "Data"
    manifest = report.get("manifest")
    if manifest is None:
        return Section(title, (_missing(report, "manifest"),))
    tables = []
    scalars = {}
    for key, value in manifest.items():
        if _is_table(value):
            tables += _tables_of_records(key, value)
        else:
            scalars[key] = value
    if scalars:
        rows = [[key, number(value) if not isinstance(value, list) else _plain(value)] for key, value in _leaves(scalars).items()]
        tables.insert(0, Table(["Key", "Value"], rows, num_text=2))
    return Section(title, ("Everything: manifest.json in the run directory.",), tuple(tables))


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value) and all(isinstance(row, Mapping) for row in value.values())


def _tables_of_records(title: str, records: Mapping[str, Mapping[str, Any]]) -> list[Table]:
    """{"name": {"rows": 3, "revision": ...}} as one row per name; tables inside a record follow as tables."""
    columns = list(dict.fromkeys(column for record in records.values() for column in record))
    flat = [column for column in columns if not any(_is_table(record.get(column)) for record in records.values())]
    rows = [[name, *(_cell(record.get(column)) for column in flat)] for name, record in records.items()]
    tables = [Table([title, *flat], rows, num_text=1 + len(flat), title=title)]
    for name, record in records.items():
        for column in columns:
            if column not in flat and record.get(column):
                tables += _tables_of_records(f"{title}: {name}, {column}", record[column])
    return tables


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {number(part)}" for key, part in _leaves(value).items())
    if isinstance(value, list):
        return ", ".join(map(number, value))
    return "" if value is None else number(value)


UNITS = {
    "fraction": percent,
    "percent_points": lambda value: f"{value:.1f} points",
    "MB": lambda value: f"{value:.1f} MB",
    "ms": lambda value: f"{value:.2f} ms",
    "s": lambda value: f"{value:.0f} s",
    "min": lambda value: f"{value:.0f} min",
    "per_s": lambda value: f"{value:.0f} per s",
    "ratio": lambda value: f"{value:.2f}x",
}


def _headline(report: Mapping[str, Any]) -> Section:
    rows = []
    for target in report["targets"]:
        measured, n = _measured(report, target)
        policy = f"{target['policy']}, {_budget(report)}" if target.get("policy") else "no threshold"
        rows.append([target["name"], measured, _bound(target, "goal"), _bound(target, "brief"), n, policy])
    return Section(
        "Headline",
        (
            *caveats(report),
            "Target: configs/targets.yaml, with the first plan's beside it. Rates come with 95% intervals.",
            *(_off_traffic(report["benchmarks"]) if "benchmarks" in report else ()),
        ),
        (Table(["What", "Measured", "Target", "Target (first plan)", "n", "Threshold policy"], rows, num_text=4),),
    )


def _budget(report: Mapping[str, Any]) -> str:
    budget = report.get("benchmarks", {}).get("fpr_budget")
    return "threshold not recorded" if budget is None else f"threshold at {percent(budget)} FPR on validation sources"


def _bound(target: Mapping[str, Any], column: str) -> str:
    bound = target.get(column)
    if bound is None:
        return "none"
    show = UNITS[target["unit"]]
    if {"min", "max"} <= set(bound):
        return show(bound["min"]) if bound["min"] == bound["max"] else f"{show(bound['min'])} to {show(bound['max'])}"
    return f"at least {show(bound['min'])}" if "min" in bound else f"at most {show(bound['max'])}"


def _measured(report: Mapping[str, Any], target: Mapping[str, Any]) -> tuple[str, str]:
    """The measured value as text and its n as text."""
    if "measured" not in target:
        return "not run: no stage of the pipeline measures this", ""
    source = target["measured"][0]
    if source not in report:
        return _missing(report, source), ""
    value = _lookup(report, target["measured"])
    if value is None:
        return f"not run: not in the {source} results", ""
    n = _lookup(report, target["n"]) if "n" in target else None
    interval = _interval_of(report, target["interval"]) if "interval" in target else None
    shown = rate_with_interval(value, interval) if interval else UNITS[target["unit"]](value)
    return shown, "" if n is None else number(n)


def _interval_of(report: Mapping[str, Any], path: Sequence[str]) -> Any:
    """As `rate_of`: of two intervals the one that resamples groups."""
    clustered = path[-1].replace("_interval", "_clustered_interval")
    return _lookup(report, [*path[:-1], clustered]) or _lookup(report, path)


def _lookup(report: Mapping[str, Any], path: Sequence[str]) -> Any:
    """The value at a path of keys; None where a key is missing."""
    node: Any = report
    for key in path:
        name = report["benchmarks"]["subject"] if key == "{subject}" else key
        if not isinstance(node, Mapping) or name not in node:
            return None
        node = node[name]
    return node


def _per_benchmark(report: Mapping[str, Any]) -> Section:
    title = "Benchmarks"
    if "benchmarks" not in report:
        return Section(title, (_missing(report, "benchmarks"),))
    results = report["benchmarks"]
    tables = []
    for predictor in [results["subject"], *results["baselines"]]:
        rows = []
        for name, record in results["benchmarks"].items():
            if record["status"] != "run":
                rows.append([name, record["revision"], record["policy"], f"not run: {record['reason']}", *[""] * 9])
                continue
            result = record["results"][predictor]
            other = [result["policies"][policy] for policy in POLICIES]
            rows.append(
                [
                    name,
                    record["revision"],
                    record["policy"],
                    number(result["n"]),
                    rate_of(result, "recall"),
                    *(rate_of(part, "fpr") for part in other),
                    percent(result["precision"]),
                    percent(result["accuracy"]),
                    percent(result["weighted_f1"]),
                    number(result["auc"]),
                    percent(result["recall_at_budget"]),
                    percent(result["routing"]["share"]),
                ]
            )
        headers = [
            "Benchmark",
            "Revision",
            "Policy",
            "n",
            "Recall",
            *(f"FPR ({policy})" for policy in POLICIES),
            "Precision",
            "Accuracy",
            "F1 (4 classes)",
            "AUC",
            "Recall at own FPR budget",
            "Deep",
        ]
        tables.append(Table(headers, rows, num_text=3, title=predictor))
    return Section(
        title,
        (
            f"One threshold per policy for every benchmark: {_budget(report)}. Recall is under the policy that the "
            "benchmark's labels mean. Recall at own FPR budget uses a threshold set on that benchmark: it describes "
            "the ROC curve, not a product. Where rows share a payload or document, intervals resample those (bootstrap); "
            "elsewhere they are Wilson's.",
            *_batching(results),
        ),
        tuple(tables),
    )


def _batching(results: Mapping[str, Any]) -> Iterator[str]:
    """At what batch size the rows were scored, and how many decisions another one changes."""
    sizes = [f"{name} {entry['batch_size']}" for name, entry in results["predictors"].items() if entry["batch_size"]]
    if sizes:
        yield f"Texts in a forward pass: {', '.join(sizes)}."
    if found := results["batching"]:
        shares = [
            f"policy {policy} {rate_with_interval(part['share'], part['interval'])} of {number(part['n'])} texts"
            for policy, part in found["flips"].items()
        ]
        yield f"With {found['batch_size']} at a time {results['subject']} decides differently: {'; '.join(shares)}."


def _figures_with_intervals(report: Mapping[str, Any]) -> Section:
    """What is no plain rate, of the subject."""
    title = "Further figures and their intervals"
    if "benchmarks" not in report:
        return Section(title, (_missing(report, "benchmarks"),))
    rows, classes = [], []
    names = ("f1", "balanced_accuracy", "auc", "average_precision", "recall_at_budget", "recall_at_strict_fpr")
    results = report["benchmarks"]
    for name, record in results["benchmarks"].items():
        result = record["results"].get(results["subject"])
        if result is None:
            continue
        four = result["classes"]
        rows.append(
            [
                name,
                record["policy"],
                *(rate_with_interval(result[each], result["intervals"][each]) for each in names),
                rate_with_interval(four["macro_f1"], four["intervals"]["macro_f1"]),
                rate_with_interval(result["calibration_error"], four["intervals"]["calibration_error"]),
            ]
        )
        for label, part in four["per_class"].items():
            if part["n"]:
                classes.append([name, label, number(part["n"]), *(percent(part[key]) for key in ("precision", "recall", "f1"))])
    headers = ["Benchmark", "Policy", "F1", "Balanced accuracy", "AUC", "Average precision", "Recall at own FPR budget",
               "Recall at 0.1% FPR", "Macro F1 (4 classes)", "Calibration error"]  # fmt: skip
    return Section(
        title,
        (f"Predictor: {results['subject']}. In percent, with bootstrap intervals that resample payloads and documents.",),
        (
            Table(headers, rows, num_text=2),
            Table(["Benchmark", "Class", "n", "Precision", "Recall", "F1"], classes, num_text=2, title="Most probable class"),
        ),
    )


def _languages_and_lengths(report: Mapping[str, Any]) -> Section:
    title = "Languages and lengths"
    if "benchmarks" not in report:
        return Section(title, (_missing(report, "benchmarks"),))
    results = report["benchmarks"]
    pooled, single = [], []
    for predictor, summary in results["summary"].items():
        for what, key in (("language", "by_lang"), ("characters", "by_length")):
            for value, policies in summary[key].items():
                alarms = [rate_of(policies[policy], "fpr") for policy in POLICIES]
                some = policies[POLICIES[0]]
                recalls = [rate_of(policies[policy], "recall") for policy in POLICIES]
                attacks = [number(policies[policy]["n_attack"]) for policy in POLICIES]
                pooled.append([predictor, what, value, *alarms, number(some["n_benign"]), *recalls, " / ".join(attacks)])
    for name, record in results["benchmarks"].items():
        result = record["results"].get(results["subject"])
        for what, key in (("language", "by_lang"), ("characters", "by_length")):
            parts = result[key] if result else {}
            single += [[name, what, value, *detection_cells(part)] for value, part in parts.items() if len(parts) > 1]
    return Section(
        title,
        ("Counts summed over the evaluation files: how much of the harmless text in a language, or of a length, raises alarms.",),
        (
            Table(
                ["Predictor", "By", "Value", *(f"FPR ({policy})" for policy in POLICIES), "n benign",
                 *(f"Recall ({policy})" for policy in POLICIES), f"n attacks ({' / '.join(POLICIES)})"],
                pooled, num_text=3, title="Over-defence by language and length",
            ),
            Table(["Benchmark", "By", "Value", "Recall", "n attacks", "FPR", "n benign"], single, num_text=3,
                  title=f"Benchmarks with more than one, {results['subject']}"),
        ),
    )  # fmt: skip


def _groups(report: Mapping[str, Any]) -> Section:
    title = "Evaluation groups and means"
    if "benchmarks" not in report:
        return Section(title, (_missing(report, "benchmarks"),))
    results = report["benchmarks"]
    groups, means = [], []
    for predictor, summary in results["summary"].items():
        for policy in POLICIES:
            for kind, mean in summary[policy].items():
                means.append(
                    [
                        predictor,
                        policy,
                        kind,
                        number(len(mean["attack_sets"])),
                        percent(mean["macro_recall"]),
                        rate_of(mean, "pooled_recall"),
                        number(mean["n_attack"]),
                        number(len(mean["benign_sets"])),
                        percent(mean["macro_fpr"]),
                        rate_of(mean, "pooled_fpr"),
                        number(mean["n_benign"]),
                    ]
                )
        for group, policies in summary["groups"].items():
            for policy, counts in policies.items():
                groups.append(
                    [
                        predictor,
                        group,
                        policy,
                        number(counts["n_attack"]),
                        rate_of(counts, "recall"),
                        number(counts["n_benign"]),
                        rate_of(counts, "fpr"),
                    ]
                )
    return Section(
        title,
        ("Macro: unweighted mean over sets. Pooled: counts summed over sets. Unseen: file and generated benchmarks.",),
        (
            Table(
                [
                    "Predictor",
                    "Policy",
                    "Sets",
                    "Attack sets",
                    "Macro recall",
                    "Pooled recall",
                    "n attacks",
                    "Benign sets",
                    "Macro FPR",
                    "Pooled FPR",
                    "n benign",
                ],
                means,
                num_text=3,
                title="Means",
            ),
            Table(
                ["Predictor", "Group", "Policy", "n attacks", "Recall", "n benign", "FPR"],
                groups,
                num_text=3,
                title="Groups",
            ),
        ),
    )


def _per_attack(report: Mapping[str, Any]) -> Section:
    title = "Attacks and their benign twins"
    if "benchmarks" not in report:
        return Section(title, (_missing(report, "benchmarks"),))
    results = report["benchmarks"]
    subject = results["subject"]
    attacks, families, categories = [], [], []
    for name, record in results["benchmarks"].items():
        result = record["results"].get(subject)
        if result is None:
            continue
        for family, part in result["family_recall"].items():
            families.append([name, family, rate_of(part, "recall"), number(part["n"])])
        for category, part in result["by_category"].items():
            categories.append(
                [
                    name,
                    category,
                    *detection_cells(part),
                ]
            )
        for attack, part in result["by_attack"].items():
            attacks.append(
                [
                    name,
                    attack,
                    *detection_cells(part),
                    percent(part["deep_share"]),
                ]
            )
    return Section(
        title,
        (f"Predictor: {subject}. The twin of an attack is the same transformation of a benign text.",),
        (
            Table(
                ["Benchmark", "Transformation", "Recall", "n attacks", "FPR on the twin", "n twins", "Deep, both"],
                attacks,
                num_text=2,
            ),
            Table(["Benchmark", "Family", "Recall", "n"], families, num_text=2, title="Recall by family"),
            Table(
                ["Benchmark", "Category of the source", "Recall", "n attacks", "FPR", "n benign"],
                categories,
                num_text=2,
                title="By category",
            ),
        ),
    )


def _pairs_and_categories(report: Mapping[str, Any]) -> Section:
    """What some benchmarks ask beyond recall and FPR: attack and clean document as a pair, and PINT's own score."""
    title = "Pairs and scores by category"
    if "benchmarks" not in report:
        return Section(title, (_missing(report, "benchmarks"),))
    pairs, scores, cells, warnings = [], [], [], []
    for name, record in report["benchmarks"]["benchmarks"].items():
        for predictor, result in record["results"].items():
            if found := result["pairs"]:
                pairs.append(
                    [
                        name,
                        predictor,
                        number(found["n"]),
                        number(found["n_documents"]),
                        *(rate_of(found, key) for key in ("right", "recall", "clean_flagged")),
                    ]
                )
            if score := result["category_score"]:
                scores.append([name, predictor, percent(score["published"]), percent(score["pooled"])])
                for label, each in score["cells"].items():
                    cells += [[name, predictor, label, cell, percent(v["accuracy"]), number(v["n"])] for cell, v in each.items()]
                if score["small"]:
                    warnings.append(
                        f"{name}: the published formula weighs every category alike, also those with fewer than "
                        f"{score['small_below']} rows ({', '.join(score['small'])}); the pooled score does not."
                    )
    if not pairs and not scores:
        return Section(title, ("not run: no benchmark has an attack beside its own clean document, or categories of PINT",))
    return Section(
        title,
        (
            "A pair is right when the document with the attack is flagged and the same document without it is not.",
            *dict.fromkeys(warnings),
        ),
        (
            Table(["Benchmark", "Predictor", "Pairs", "Documents", "Right", "Recall", "Clean flagged"], pairs, num_text=2),
            Table(["Benchmark", "Predictor", "Published formula", "Pooled"], scores, num_text=2, title="Categories of PINT"),
            Table(["Benchmark", "Predictor", "Label", "Category", "Accuracy", "n"], cells, num_text=4),
        ),
    )


def _comparison(report: Mapping[str, Any]) -> Section:
    title = "Against the baselines"
    if "benchmarks" not in report:
        return Section(title, (_missing(report, "benchmarks"),))
    comparison = report["benchmarks"]["comparison"]
    if not comparison:
        return Section(title, ("not run: evaluate_benchmarks.py was given no baseline",))
    rows, tables = [], []
    for baseline, entry in comparison.items():
        for policy, part in entry["policies"].items():
            rows.append(
                [
                    baseline,
                    policy,
                    percent(part["guard"]["macro_recall"]),
                    percent(part["baseline"]["macro_recall"]),
                    number(part["num_attack_sets"]),
                    percent(part["guard"]["macro_fpr"]),
                    percent(part["baseline"]["macro_fpr"]),
                    number(part["num_benign_sets"]),
                    number(part["guard_wins"]),
                ]
            )
        for policy, matched in entry["matched"].items():
            sets = [
                [
                    name,
                    number(part["n"]),
                    percent(part["guard_recall"]),
                    percent(part["baseline_recall"]),
                    rate_of(part, "difference"),
                ]
                for name, part in matched["sets"].items()
            ]
            if sets:
                where = f"both at {percent(matched['fpr'])} FPR on the same {matched['n_benign']:,} benign rows"
                headers = ["Attack set", "n", "Recall, guard", "Recall, baseline", "Difference"]
                tables.append(Table(headers, sets, title=f"{baseline}, policy {policy}: {where}"))
    headers = [
        "Baseline",
        "Policy",
        "Macro recall, guard",
        "Macro recall, baseline",
        "Attack sets",
        "Macro FPR, guard",
        "Macro FPR, baseline",
        "Benign sets",
        "More recall, no more false alarms",
    ]
    return Section(
        title,
        (
            "Trained on the same rows and calibrated in the same way. The last column: a higher mean recall at a mean FPR that "
            "is no higher. The gate of evaluate_benchmarks.py compares the held-out groups, not these means.",
        ),
        (Table(headers, rows, num_text=2), *tables),
    )


def _published(report: Mapping[str, Any]) -> Section:
    rows = [[number(each[key]) for key in PUBLISHED_KEYS] for each in report["published"]]
    return Section(
        "Published figures of other systems",
        (
            "Not measured here (configs/published.yaml): other harnesses, thresholds and versions of the data. In percent unless "
            "the figure says otherwise.",
        ),
        (Table([key.capitalize() for key in PUBLISHED_KEYS], rows, num_text=3),),
    )


def benchmark_lines(results: Mapping[str, Any]) -> list[str]:
    """The subject's benchmarks as a table of at most 100 columns, for the terminal; those not run say why in the report."""
    head = f"{'benchmark':24} {'own':4} {'n':>6} {'recall %, 95%':19} {'FPR %, override':18} {'FPR %, full':18} {'deep':>4}"
    lines = [head, "-" * len(head)]
    not_run = []
    for name, record in results["benchmarks"].items():
        if record["status"] != "run":
            not_run.append(name)
            continue
        result = record["results"][results["subject"]]
        alarms = [_terminal_rate(result["policies"][policy], "fpr") for policy in POLICIES]
        deep = "" if result["routing"]["share"] is None else f"{100 * result['routing']['share']:.0f}%"
        lines.append(
            f"{name[:24]:24} {record['policy'][:4]} {result['n']:>6,} {_terminal_rate(result, 'recall'):19} "
            f"{alarms[0]:18} {alarms[1]:18} {deep:>4}"
        )
    lines.append("own: the policy that the labels mean, recall is under it (over: override)")
    lines += [line for text in (*_batching(results), *_off_traffic(results)) for line in textwrap.wrap(text, len(head))]
    if not_run:
        text = f"not run, for reasons that the report gives: {', '.join(not_run)}"
        lines += textwrap.wrap(text, len(head), break_on_hyphens=False)
    if results.get("data_source") == "builtin":  # files of an earlier version do not say
        lines += textwrap.wrap(BUILTIN, len(head), break_on_hyphens=False)
    return lines


def _terminal_rate(part: Mapping[str, Any], name: str) -> str:
    """ "12.3 [10.1, 14.9]"; empty where the benchmark has no such rows."""
    return (
        ""
        if part[name] is None
        else rate_of(part, name).replace("%", "").replace("(", "[").replace(" to ", ", ").replace(")", "]")
    )


def comparison_lines(results: Mapping[str, Any]) -> list[str]:
    """One line per baseline and policy of benchmark_results.json, for the log.

    They are about means over the sets; the gate of evaluate_benchmarks.py is about the held-out groups and says so itself.
    """
    verdicts = {
        True: "more recall at no more false alarms",
        False: "not both more recall and no more false alarms",
        None: "not decided, a mean is undefined",
    }
    return [
        f"means over benchmarks, {entry['guard']} against {baseline}, policy {policy}: "
        f"mean recall {percent(part['guard']['macro_recall'])} against {percent(part['baseline']['macro_recall'])} "
        f"over {part['num_attack_sets']} sets, "
        f"mean FPR {percent(part['guard']['macro_fpr'])} against {percent(part['baseline']['macro_fpr'])} "
        f"over {part['num_benign_sets']} sets: {verdicts[part['guard_wins']]}"
        for baseline, entry in results["comparison"].items()
        for policy, part in entry["policies"].items()
    ]


def _calibration(report: Mapping[str, Any]) -> Section:
    title = "Thresholds"
    if "benchmarks" not in report:
        return Section(title, (_missing(report, "benchmarks"),))
    rows = []
    for predictor, entry in report["benchmarks"]["predictors"].items():
        calibration = entry["calibration"]
        for policy, thresholds in calibration["thresholds"].items():
            for budget, threshold in thresholds.items():
                rows.append(
                    [
                        predictor,
                        policy,
                        percent(float(budget)),
                        f"{threshold:.6f}",
                        percent(calibration["achieved_fpr"][policy][budget]),
                        number(calibration["n_benign"]),
                        number(len(calibration["sources"])),
                        number(calibration["temperature"]),
                    ]
                )
    headers = [
        "Predictor",
        "Policy",
        "FPR budget",
        "Threshold",
        "FPR on the rows of the fit",
        "n benign",
        "Sources",
        "Temperature",
    ]
    return Section(
        title,
        ("Fitted on benign rows of the validation sources, never on a benchmark.",),
        (Table(headers, rows, num_text=2),),
    )


def _off_traffic(results: Mapping[str, Any]) -> Iterator[str]:
    """Whether the benchmarks send another share of texts deep than the router's threshold was fitted for."""
    routing = results["summary"][results["subject"]]["routing"]
    if routing.get("is_off"):  # files of an earlier version do not say
        fitted = results["predictors"][results["subject"]]["calibration"]["deep_fraction"]
        yield (
            f"Routing: {percent(routing['asked'])} of texts were asked to go deep and {percent(fitted)} of the validation rows "
            f"do, on which the threshold was fitted; of the benchmarks' texts {percent(routing['share'])} do. Mean latency on "
            "other traffic follows its own share."
        )


def _routing(report: Mapping[str, Any]) -> Section:
    title = "Routing"
    if "benchmarks" not in report:
        return Section(title, (_missing(report, "benchmarks"),))
    results = report["benchmarks"]
    rows, routes = [], []
    for predictor, summary in results["summary"].items():
        calibration = results["predictors"][predictor]["calibration"]
        if calibration["deep_fraction"] is None:
            rows.append([predictor, "no router", "", "", "", ""])
            continue
        asked = [number(calibration["complexity_threshold"]), percent(calibration["target_deep_fraction"])]
        fitted_on = number(calibration["n_benign"] + calibration["n_attack"])
        here = "validation rows, on which the threshold was fitted"
        rows.append([predictor, here, *asked, percent(calibration["deep_fraction"]), fitted_on])
        traffic = {
            name: record["results"][predictor]["routing"]
            for name, record in results["benchmarks"].items()
            if predictor in record["results"]
        }
        for name, measured in {"all benchmarks but held-out ones": summary["routing"], **traffic}.items():
            share = rate_with_interval(measured["share"], measured["interval"])
            rows.append([predictor, name, *asked, share, number(measured["n"])])
    for name, record in results["benchmarks"].items():
        for route, part in record["results"].get(results["subject"], {}).get("by_route", {}).items():
            routes.append(
                [
                    name,
                    route,
                    *detection_cells(part),
                ]
            )
    return Section(
        title,
        (
            "Share of texts with a window sent to the deep branch. It depends on the traffic, which is named.",
            *_off_traffic(results),
        ),
        (
            Table(["Predictor", "Traffic", "Router threshold", "Asked for", "Sent deep", "n"], rows, num_text=2),
            Table(["Benchmark", "Route", "Recall", "n attacks", "FPR", "n benign"], routes, num_text=2, title="By route"),
        ),
    )


def _recorded(report: Mapping[str, Any], key: str, title: str) -> Section:
    """A JSON file shown value by value, under the names that its stage gave."""
    if key not in report:
        return Section(title, (_missing(report, key),))
    recorded = report[key]
    if isinstance(recorded, list):
        recorded = {str(i + 1): value for i, value in enumerate(recorded)}
    tables, scalars = [], {}
    for name, value in recorded.items():
        if name in PROVENANCE:
            continue  # the first section has what it was run with
        if isinstance(value, list) and value and all(isinstance(row, Mapping) for row in value):
            columns = list(dict.fromkeys(column for row in value for column in row))
            rows = [[_cell(row.get(column)) for column in columns] for row in value]
            tables.append(Table(columns, rows, num_text=len(columns), title=name))
        else:
            scalars[name] = value
    rows = [[name, _cell(value)] for name, value in _leaves(scalars).items()]
    return Section(title, (), (Table(["Name", "Value"], rows, num_text=2), *tables) if rows else tuple(tables))


def _training(report: Mapping[str, Any]) -> Section:
    title = "Training and held-out rows"
    paragraphs = []
    tables = []
    if "final_metrics" not in report:
        paragraphs.append(_missing(report, "final_metrics"))
    else:
        metrics = report["final_metrics"]
        paragraphs.append(
            "Held-out rows come from training sources: they show that training worked, not how the guard generalises."
        )
        rows = [
            [
                policy,
                number(part["n"]),
                rate_of(part, "recall"),
                rate_of(part, "fpr"),
                percent(part["precision"]),
                percent(part["accuracy"]),
                number(part["auc"]),
            ]
            for policy, part in metrics["policies"].items()
        ]
        tables.append(Table(["Policy", "n", "Recall", "FPR", "Precision", "Accuracy", "AUC"], rows, title="Held-out rows"))
        classes = [
            [name, number(part["n"]), percent(part["precision"]), percent(part["recall"]), percent(part["f1"])]
            for name, part in metrics["classes"]["per_class"].items()
        ]
        tables.append(Table(["Class", "n", "Precision", "Recall", "F1"], classes, title="Most probable class"))
        names = list(metrics["classes"]["per_class"])
        matrix = metrics["classes"]["confusion_matrix"]
        rows = [[name, *map(number, row)] for name, row in zip(names, matrix, strict=True)]
        tables.append(Table(["True class", *names], rows, title="Confusion matrix"))
    if not report.get("epochs"):
        paragraphs.append(_missing(report, "epochs") if "epochs" in report["missing"] else "not run: no epoch was finished")
    else:
        columns = list(report["epochs"][0])
        rows = [[_number_in_text(row[column]) for column in columns] for row in report["epochs"]]
        tables.append(Table(columns, rows, title="Epochs"))
    return Section(title, tuple(paragraphs), tuple(tables))


def _number_in_text(cell: str | None) -> str:
    """A CSV cell: a decimal number with four digits, anything else as it is."""
    if not cell:
        return UNDEFINED
    try:
        return cell if cell.lstrip("-").isdigit() else f"{float(cell):.4g}"
    except ValueError:
        return cell


def _not_run(report: Mapping[str, Any]) -> Section:
    rows = [[key, reason] for key, reason in report["missing"].items()]
    for name, record in report.get("benchmarks", {}).get("benchmarks", {}).items():
        if record["status"] != "run":
            rows.append([f"benchmark {name}", record["reason"]])
    title = "Not run"
    return (
        Section(title, tables=(Table(["What", "Reason"], rows, num_text=2),))
        if rows
        else Section(title, ("Nothing was left out.",))
    )


def _file_list(report: Mapping[str, Any]) -> Section:
    rows = [[entry["path"], f"{entry['bytes']:,}"] for entry in report.get("files", ())]
    return (
        Section("Files", tables=(Table(["File", "Bytes"], rows),))
        if rows
        else Section("Files", ("not run: no stage wrote a file",))
    )
