"""The model card: README.md of a release and of the Hugging Face form, from the files of one run.

No number is hard-coded in code or template. Where a run lacks a file, the card has a sentence with the command that writes it.
`tinyguardrail calibrate` replaces the section on thresholds together with the thresholds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from huggingface_hub import EvalResult, ModelCardData
from jinja2 import Environment, StrictUndefined

from ..data.local_source import is_closed
from ..errors import ArtifactError
from ..policy import DEFAULT_POLICY, POLICIES
from ..rates import wilson_interval
from ..reporting.cells import detection_cells, number, percent, rate_of, rate_with_interval
from ..reporting.document import Table, markdown_table, markdown_text
from ..reporting.export_table import table as export_table
from ..reporting.results import SOURCES, STUDIES, read_results, read_run
from ..run import RunPaths
from ..runtime.artifact import read_artifact_config
from ..runtime.calibration import Calibration, budget_key, thresholds_section
from .front_matter import with_front_matter

Form = Literal["runtime", "transformers"]  # the exported files that Guard.load() serves; the layout of the Hub
FORMS: tuple[Form, ...] = ("runtime", "transformers")
TEMPLATE = Path(__file__).resolve().parent / "templates" / "model_card.md.j2"
NAME = "TinyGuardrail"
LICENCE = "apache-2.0"  # Hub identifier of the file LICENSE
OPTIMIZATION_FILE = "optimization.json"  # beside the exported files
RELEASED_GUARD = "release"  # value of model.init_from for the guard in release/
# Name in model.init_from -> Hub id of the encoder; training of the guard in release/ began with multilingual-e5-small.
ENCODERS = dict.fromkeys(("multilingual-e5-small", RELEASED_GUARD), "intfloat/multilingual-e5-small")
HUB_PREFIXES = ("sentence-transformers/", "intfloat/", "microsoft/", "google-bert/")
MIN_LANGUAGE_ROWS = 100  # training rows that a language needs to be named in the card
UNSEEN_KINDS = ("file", "generated")  # kinds of benchmarks whose sources were not trained on
HELDOUT_PREFIX = "heldout"  # prefix of the names of benchmarks that are cut from the training data
SEEN_SOURCE_MARK = "(s)"
MAX_WORST, MIN_ROWS = 5, 20  # "What it misses" shows the 5 worst parts with at least 20 rows
MAX_REWRITINGS = 10
TAGS = ["prompt-injection", "jailbreak", "guardrail", "safety", "onnx"]


def read_card_files(paths: RunPaths, artifact: Path) -> dict[str, Any]:
    """Read the inputs of a card: the files of a run, and config.json and optimization.json of the exported directory `artifact`.

    Raises ArtifactError for a directory that is not an exported one and for results that were measured at other thresholds;
    DataError for files that cannot be read.
    """
    source_names = ("environment", "manifest", "epochs", "benchmarks")
    files = read_run(
        paths, {name: SOURCES[name] for name in source_names} | {name: STUDIES[name] for name in ("evasion", "attack")}
    )
    files["config"] = read_artifact_config(artifact)
    if (artifact / OPTIMIZATION_FILE).is_file():
        files["optimization"] = read_results(artifact / OPTIMIZATION_FILE)
    _check_same_thresholds(files, Calibration.from_dict(files["config"]["calibration"]))
    return files


def _check_same_thresholds(files: Mapping[str, Any], calibration: Calibration) -> None:
    """Raise ArtifactError for results of another guard, which is recognised by its thresholds."""
    measured: dict[str, Any] = {}
    if results := files.get("benchmarks"):
        measured["benchmarks"] = results["predictors"][results["subject"]]["calibration"]["thresholds"]
    if evasion := files.get("evasion", {}):
        fitted = calibration.thresholds.get(evasion.get("policy", DEFAULT_POLICY), {}).values()
        if "threshold" in evasion and evasion["threshold"] not in fitted:
            measured["evasion"] = evasion["threshold"]
    for name, thresholds in measured.items():
        if thresholds != calibration.thresholds:
            raise ArtifactError(
                f"the {name} results were measured at other thresholds than those of the exported guard; run "
                f"{(SOURCES | STUDIES)[name].script} on it again"
            )


def trained_sources(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The sources of manifest.json with rows in the training split."""
    return {name: source for name, source in manifest["sources"].items() if source["splits"].get("train")}


def model_card(files: Mapping[str, Any], form: Form) -> str:
    """`files` is what `read_card_files` returns. Raises ArtifactError for an optimization.json of another version."""
    calibration = Calibration.from_dict(files["config"]["calibration"])
    measured = {
        "Results": _results_section(files),
        "By language": _language_section(files),
        "By attack family": _family_section(files),
        "What it misses": _misses_section(files),
        "Under attack": f"{_evasion_section(files.get('evasion'))}\n\n{_attack_section(files.get('attack'))}",
        "Size, parity and latency": _measured_section(files),
        "What it was trained on": _training_section(files),
        "Cost of training": _cost_section(files),
    }
    template = Environment(trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined).from_string(  # noqa: S701  # Markdown
        TEMPLATE.read_text(encoding="utf-8")
    )
    text = template.render(
        name=NAME,
        form=form,
        config=files["config"],
        calibration=calibration,
        thresholds=thresholds_section(calibration),
        measured=measured,
    )
    return with_front_matter(_build_metadata(files, form), f"{text.rstrip()}\n")


def _markdown(*tables: Table) -> str:
    return "\n\n".join("\n".join(markdown_table(table)) for table in tables)


def _not_measured_note(name: str) -> str:
    return f"Not measured: `{(SOURCES | STUDIES)[name].command}` does."


# ------------------------------------------------------------------------------------------------------ front matter


def _build_metadata(files: Mapping[str, Any], form: Form) -> ModelCardData:
    manifest = files.get("manifest")
    licence = "unknown"
    if manifest is not None:
        licence = "other" if any(is_closed(source["licence"]) for source in trained_sources(manifest).values()) else LICENCE
    results = list(_eval_results(files))
    return ModelCardData(
        language=_languages(manifest) or None,
        license=licence,
        license_name="terms-of-the-training-data" if licence == "other" else None,
        library_name="transformers" if form == "transformers" else None,
        pipeline_tag="text-classification",
        tags=TAGS,
        base_model=_base_model(files["config"]),
        metrics=list(dict.fromkeys(result.metric_type for result in results)) or None,
        model_name=NAME if results else None,
        eval_results=results or None,
    )


def _languages(manifest: Mapping[str, Any] | None) -> list[str]:
    """Language codes without script, which the Hub does not accept. Texts in several languages (`mul`) are not counted."""
    rows: dict[str, int] = {}
    for lang, count in (manifest["splits"]["train"]["languages"] if manifest else {}).items():
        code = lang.partition("-")[0]
        rows[code] = rows.get(code, 0) + count
    return sorted(code for code, count in rows.items() if count >= MIN_LANGUAGE_ROWS and code not in ("mul", "und", "None"))


def _base_model(config: Mapping[str, Any]) -> str | None:
    """The Hub id of the encoder that training began with; None for an encoder without one (a directory, a package)."""
    name = (config["training_config"]["model"]["init_from"] or "").partition(":")[0]
    return ENCODERS.get(name, name if name.startswith(HUB_PREFIXES) else None)


def _eval_results(files: Mapping[str, Any]) -> Iterator[EvalResult]:
    for name, record, result in _subject_results(files):
        if record["kind"] not in UNSEEN_KINDS:
            continue
        budget = float(result["budget"])
        about = {"policy": result["policy"], "fpr_budget": budget, "threshold": round(result["threshold"], 4)}
        at = f"at a budget of {percent(budget)} false alarms, policy {result['policy']}"
        metrics = (
            ("recall", result["recall"], f"Recall {at}", result["n_attack"]),
            ("false_positive_rate", result["fpr"], f"False positive rate {at}", result["n_benign"]),
            ("roc_auc", result["auc"], "AUC", result["n"]),
        )
        for metric, value, title, n in metrics:
            if value is not None:
                yield EvalResult(
                    task_type="text-classification",
                    task_name="Detection of prompt attacks",
                    dataset_type=name,
                    dataset_name=name,
                    dataset_revision=record["revision"],
                    metric_type=metric,
                    metric_name=title,
                    metric_value=round(value, 4),
                    metric_args=(about if metric != "roc_auc" else {"policy": result["policy"]}) | {"n": n},
                )


# --------------------------------------------------------------------------------------------------------- sections


def _subject_results(files: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Name, record and result of the guard for the benchmarks that were run, except those cut from the training data."""
    if results := files.get("benchmarks"):
        for name, record in results["benchmarks"].items():
            if record["status"] == "run" and not name.startswith(HELDOUT_PREFIX):
                yield name, record, record["results"][results["subject"]]


def _seen_mark(record: Mapping[str, Any]) -> str:
    return "" if record["kind"] in UNSEEN_KINDS else f" {SEEN_SOURCE_MARK}"


def _results_section(files: Mapping[str, Any]) -> str:
    if "benchmarks" not in files:
        return _not_measured_note("benchmarks")
    results = files["benchmarks"]
    thresholds = results["predictors"][results["subject"]]["calibration"]["thresholds"]
    budget = budget_key(results["fpr_budget"])
    shown = ", ".join(f"`{policy}` {thresholds[policy][budget]:.4f}" for policy in POLICIES)
    rows = [
        [name + _seen_mark(record), result["policy"], *detection_cells(result), number(result["auc"])]
        for name, record, result in _subject_results(files)
    ]
    not_run = [name for name, record in results["benchmarks"].items() if record["status"] != "run"]
    parts = [
        f"One threshold per policy for every set, of a budget of {percent(results['fpr_budget'])} false alarms: {shown}. A set "
        "is judged under the policy that its labels mean. Intervals are 95%. No row of these sets was trained on, but of those "
        f"marked with {SEEN_SOURCE_MARK} other rows of the same source were. Sets whose name begins with `generated/` have "
        "new payloads in disguises that training has as well, but for `generated/never_trained`.",
        _markdown(Table(["Set", "Policy", "Recall", "n attacks", "FPR", "n benign", "AUC"], rows, num_text=2)),
    ]
    if results.get("data_source") == "builtin":
        parts.insert(0, "Measured on data that the project wrote itself: no claim about real traffic.")
    if not_run:
        parts.append(f"Not run: {', '.join(not_run)}. `{SOURCES['benchmarks'].command}` says what each needs.")
    return "\n\n".join(parts)


def _language_section(files: Mapping[str, Any]) -> str:
    if "benchmarks" not in files:
        return _not_measured_note("benchmarks")
    rows = []
    for lang, policies in _languages_of(files):
        alarms = [rate_of(policies[policy], "fpr") for policy in POLICIES]
        own = policies[DEFAULT_POLICY]
        rows.append([lang, *alarms, number(own["n_benign"]), rate_of(own, "recall"), number(own["n_attack"])])
    headers = ["Language", *(f"FPR ({each})" for each in POLICIES), "n benign", f"Recall ({DEFAULT_POLICY})", "n attacks"]
    text = "Counts summed over all sets that are files. A language that is not here was not measured."
    return f"{text}\n\n{_markdown(Table(headers, rows))}"


def _languages_of(files: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    results = files["benchmarks"]
    by_lang = results["summary"][results["subject"]]["by_lang"]
    return sorted(by_lang.items(), key=lambda item: -item[1][DEFAULT_POLICY]["n_benign"])


def _families_of(files: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Recall by family, summed over sets, each under its own policy."""
    counts: dict[str, list[int]] = {}
    for _, _, result in _subject_results(files):
        for family, part in result["family_recall"].items():
            num_flagged, n = counts.setdefault(family, [0, 0])
            counts[family] = [num_flagged + round(part["recall"] * part["n"]), n + part["n"]]
    families = [
        {"name": family, "n": n, "recall": num_flagged / n, "recall_interval": wilson_interval(num_flagged, n)}
        for family, (num_flagged, n) in counts.items()
        if n
    ]
    return sorted(families, key=lambda part: part["recall"])


def _family_section(files: Mapping[str, Any]) -> str:
    if "benchmarks" not in files:
        return _not_measured_note("benchmarks")
    rows = [[part["name"], rate_of(part, "recall"), number(part["n"])] for part in _families_of(files)]
    text = "Attacks of all sets above, each at the threshold of its set's policy; the weakest first."
    return f"{text}\n\n{_markdown(Table(['Family', 'Recall', 'n'], rows))}"


def _misses_section(files: Mapping[str, Any]) -> str:
    if "benchmarks" not in files:
        return _not_measured_note("benchmarks")
    sets = [{"name": name + _seen_mark(record), **result} for name, record, result in _subject_results(files)]
    languages = [{"name": lang, **policies[DEFAULT_POLICY]} for lang, policies in _languages_of(files)]
    lines = [
        f"Of those with at least {MIN_ROWS} rows the {MAX_WORST} with the most errors, where there are any: a rule, "
        "not a choice.",
        f"- Attack sets that it finds least of: {_list_worst(sets, 'recall', 'n_attack', lowest=True)}",
        f"- Attack families that it finds least of: {_list_worst(_families_of(files), 'recall', 'n', lowest=True)}",
        f"- Harmless sets with the most false alarms: {_list_worst(sets, 'fpr', 'n_benign', lowest=False)}",
        f"- Languages with the most false alarms: {_list_worst(languages, 'fpr', 'n_benign', lowest=False)}",
    ]
    return f"{lines[0]}\n\n" + "\n".join(lines[1:])


def _list_worst(parts: Iterable[Mapping[str, Any]], rate: str, count: str, *, lowest: bool) -> str:
    perfect = 1.0 if lowest else 0.0
    enough = [part for part in parts if part[count] >= MIN_ROWS and part[rate] not in (None, perfect)]
    ranked = sorted(enough, key=lambda part: part[rate] if lowest else -part[rate])[:MAX_WORST]
    return "; ".join(f"{part['name']} {rate_of(part, rate)}" for part in ranked) + "." if ranked else "none of that size."


def _evasion_section(results: Mapping[str, Any] | None) -> str:
    if results is None or "rewritings" not in results:
        return f"Rewritings that people try. {_not_measured_note('evasion')}"
    ranked = sorted(
        ((name, row) for name, row in results["rewritings"].items() if row["kept"]["share"] is not None),
        key=lambda item: item[1]["kept"]["share"],
    )
    rows = [[name, *map(_format_share, (row["kept"], row["new_alarms"]))] for name, row in ranked[:MAX_REWRITINGS]]
    text = (
        f"Of {results['caught']} attacks that it catches as they stand (policy {results['policy']}) and {results['harmless']} "
        f"harmless texts: what rewriting costs. The {len(rows)} of {len(results['rewritings'])} rewritings that keep the least."
    )
    return f"{text}\n\n{_markdown(Table(['Rewriting', 'Recall kept', 'New false alarms'], rows))}"


def _attack_section(results: Mapping[str, Any] | None) -> str:
    if results is None:
        return f"An attacker who adapts to the scores. {_not_measured_note('attack')}"
    rows = [
        [guard, policy, number(row["budget"]), _format_share(row["success"]), _format_share(row["recall"])]
        for guard, policies in results["guards"].items()
        for policy, part in policies.items()
        for row in part["budgets"]
    ]
    seen = "verdicts alone" if results.get("verdicts_only") else "the score"
    text = f"An attacker who sees {seen} and adapts, within a number of queries, payloads kept recoverable."
    headers = ["Guard", "Policy", "Queries", "Attack success", "Recall under attack"]
    return f"{text}\n\n{_markdown(Table(headers, rows, num_text=2))}"


def _format_share(part: Mapping[str, Any]) -> str:
    return f"{rate_with_interval(part['share'], part['interval'])}, n={part['n']}" if part["n"] else "n/a"


def _measured_section(files: Mapping[str, Any]) -> str:
    if "optimization" not in files:
        return _not_measured_note("optimization")
    try:
        text_table = export_table(files["optimization"])
    except KeyError as error:
        raise ArtifactError(
            f"{OPTIMIZATION_FILE} lacks {error}: it is of another version; run optimize_model.py again"
        ) from error
    return f"By `optimize_model.py`, on the ONNX files and on validation texts.\n\n```\n{text_table}\n```"


def _training_section(files: Mapping[str, Any]) -> str:
    config = files["config"]
    training = config["training_config"]
    encoder = _base_model(config)
    lines = [
        f"- Preset `{training['run']['name']}`, `data.source={training['data']['source']}`, seed {training['run']['seed']}.",
        f"- Exported at commit {config['commit']}.",
        f"- Encoder: `{encoder}`." if encoder else "- Encoder: not one of the Hub.",
    ]
    if training["model"]["init_from"] == RELEASED_GUARD:
        lines.append("- Training began with the weights of an exported guard; docs/results.md says what that had seen.")
    if "manifest_sha256" in config:
        lines.append(f"- SHA-256 of the run's manifest.json: `{config['manifest_sha256']}`.")
    manifest = files.get("manifest")
    if manifest is None:
        sources = f"Rows and licences are not recorded: `{SOURCES['manifest'].command}` writes manifest.json."
        return "\n".join([*lines, "", sources])
    split, trained = manifest["splits"]["train"], trained_sources(manifest)
    windows = training["train"]["epochs"] * training["train"]["windows_per_epoch"] or split["rows"]
    lines.append(f"- {windows:,} windows drawn from {split['rows']:,} rows in {len(split['languages'])} languages.")
    closed_sources = sorted(name for name, source in trained.items() if is_closed(source["licence"]))
    if closed_sources:
        lines.append(f"- Sources whose terms do not let them be passed on, or are not known: {', '.join(closed_sources)}.")
    rows = [[name, number(source["splits"]["train"]), source["licence"]] for name, source in sorted(trained.items())]
    head = "Rows of the training split; those with several licences are made of texts of several sources."
    return "\n".join([*lines, "", head, "", _markdown(Table(["Source", "Rows", "Licence"], rows, num_text=3))])


def _cost_section(files: Mapping[str, Any]) -> str:
    """Time of the epochs times the cores of the machine; neither their utilisation nor their power is recorded."""
    if "epochs" not in files or "environment" not in files:
        return _not_measured_note("epochs")
    seconds = [float(row["seconds"]) for row in files["epochs"] if row.get("seconds")]
    environment = files["environment"]
    if not seconds:
        return "Not recorded: no epoch of the run was finished."
    hours, cpu = sum(seconds) / 3600, markdown_text(str(environment["cpu"]))
    epochs = f"{len(seconds)} epoch" + "s" * (len(seconds) != 1)
    return (
        f"{hours:.1f} hours for {epochs} on a machine with {environment['cores']} cores ({cpu}), so "
        f"at most {hours * environment['cores']:.1f} core hours: the time of the epochs in training_metrics.csv times all cores. "
        "Preparation of data, search and evaluation are not in it, nor is an accelerator. Energy was not measured, so no "
        "emissions are stated."
    )
