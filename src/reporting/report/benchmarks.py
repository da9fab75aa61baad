"""The subject's metrics by benchmark; the other metrics on the same rows are folded below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...policy import POLICIES
from ..cells import Rate, detection_cells, fixed, number, percent, rate_of, rate_with_interval
from ..document import Block, Fold, Section, Table
from .inputs import missing_note
from .overview import batch_effects
from .targets import describe_budget

TITLE = "Benchmarks"
IN_PERCENT = ("f1", "balanced_accuracy", "auc", "average_precision", "recall_at_budget", "recall_at_strict_fpr")


def section(report: Mapping[str, Any]) -> Section:
    if "benchmarks" not in report:
        return Section(TITLE, (missing_note(report, "benchmarks"),))
    results = report["benchmarks"]
    folds = [_by_predictor(results), _further_metrics(results), _means(results), _languages_and_lengths(results), _pairs(results)]
    return Section(
        TITLE,
        (
            f"One threshold per policy for every benchmark: {describe_budget(report)}. Recall is under the policy that the "
            "benchmark's labels mean. Where rows share a payload or document, intervals resample those (bootstrap); "
            "elsewhere they are Wilson's.",
            *batch_effects(results),
            _subject_table(results),
            *folds,
        ),
    )


def _subject_table(results: Mapping[str, Any]) -> Table:
    rows = []
    for name, record in results["benchmarks"].items():
        if record["status"] != "run":
            continue
        result = record["results"][results["subject"]]
        alarms = [rate_of(result["policies"][policy], "fpr") for policy in POLICIES]
        recall, n_attack, _, n_benign = detection_cells(result)
        rows.append([name, record["policy"], recall, n_attack, *alarms, n_benign, fixed(result["auc"])])
    headers = ["Benchmark", "Policy", "Recall", "n attacks", *(f"FPR ({policy})" for policy in POLICIES), "n benign", "AUC"]
    return Table(headers, rows, num_text=2, title=results["subject"])


def _by_predictor(results: Mapping[str, Any]) -> Fold:
    """Every benchmark, including those not run, with more columns."""
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
    tables = []
    for predictor in [results["subject"], *results["baselines"]]:
        rows = [_full_row(name, record, predictor, len(headers)) for name, record in results["benchmarks"].items()]
        tables.append(Table(headers, rows, num_text=3, title=predictor))
    note = (
        "Recall at own FPR budget uses a threshold set on that benchmark: it describes the ROC curve, not a product. "
        "Deep: share of texts with a window sent to the deep branch."
    )
    return Fold("All figures by predictor", (note, *tables))


def _full_row(name: str, record: Mapping[str, Any], predictor: str, width: int) -> list[str]:
    identity = [name, record["revision"], record["policy"]]
    if record["status"] != "run":
        return [*identity, f"not run: {record['reason']}", *[""] * (width - 4)]
    result = record["results"][predictor]
    return [
        *identity,
        number(result["n"]),
        rate_of(result, "recall"),
        *(rate_of(result["policies"][policy], "fpr") for policy in POLICIES),
        percent(result["precision"]),
        percent(result["accuracy"]),
        percent(result["weighted_f1"]),
        fixed(result["auc"]),
        percent(result["recall_at_budget"]),
        percent(result["routing"]["share"]),
    ]


def _further_metrics(results: Mapping[str, Any]) -> Fold:
    """Metrics of the subject that are not plain rates."""
    rows, classes = [], []
    for name, record in results["benchmarks"].items():
        result = record["results"].get(results["subject"])
        if result is None:
            continue
        class_metrics = result["classes"]
        values = [rate_with_interval(result[each], result["intervals"][each]) for each in IN_PERCENT]
        macro_f1 = rate_with_interval(class_metrics["macro_f1"], class_metrics["intervals"]["macro_f1"])
        rows.append([name, record["policy"], *values, macro_f1])
        for label, part in class_metrics["per_class"].items():
            if part["n"]:
                classes.append([name, label, number(part["n"]), *(percent(part[key]) for key in ("precision", "recall", "f1"))])
    headers = [
        "Benchmark",
        "Policy",
        "F1",
        "Balanced accuracy",
        "AUC",
        "Average precision",
        "Recall at own FPR budget",
        "Recall at 0.1% FPR",
        "Macro F1 (4 classes)",
    ]
    return Fold(
        "Further figures and their intervals",
        (
            f"Predictor: {results['subject']}. In percent, with bootstrap intervals that resample payloads and documents.",
            Table(headers, rows, num_text=2),
            Table(["Benchmark", "Class", "n", "Precision", "Recall", "F1"], classes, num_text=2, title="Most probable class"),
        ),
    )


def _means(results: Mapping[str, Any]) -> Fold:
    groups, means = [], []
    for predictor, summary in results["summary"].items():
        for policy in POLICIES:
            means += [[predictor, policy, kind, *_mean_cells(mean)] for kind, mean in summary[policy].items()]
        for group, policies in summary["groups"].items():
            groups += [[predictor, group, policy, *detection_cells(counts)] for policy, counts in policies.items()]
    headers = [
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
    ]
    group_headers = ["Predictor", "Group", "Policy", "Recall", "n attacks", "FPR", "n benign"]
    return Fold(
        "Evaluation groups and means",
        (
            "Macro: unweighted mean over sets. Pooled: counts summed over sets. Unseen: file and generated benchmarks.",
            Table(headers, means, num_text=3, title="Means"),
            Table(group_headers, groups, num_text=3, title="Groups"),
        ),
    )


def _mean_cells(mean: Mapping[str, Any]) -> list[str]:
    return [
        number(len(mean["attack_sets"])),
        percent(mean["macro_recall"]),
        rate_of(mean, "pooled_recall"),
        number(mean["n_attack"]),
        number(len(mean["benign_sets"])),
        percent(mean["macro_fpr"]),
        rate_of(mean, "pooled_fpr"),
        number(mean["n_benign"]),
    ]


def _languages_and_lengths(results: Mapping[str, Any]) -> Fold:
    pooled, single = [], []
    for what, key in (("language", "by_lang"), ("characters", "by_length")):
        for predictor, summary in results["summary"].items():
            pooled += [[predictor, what, value, *_policy_cells(policies)] for value, policies in summary[key].items()]
        for name, record in results["benchmarks"].items():
            parts = record["results"].get(results["subject"], {}).get(key, {})
            single += [[name, what, value, *detection_cells(part)] for value, part in parts.items() if len(parts) > 1]
    headers = ["Predictor", "By", "Value", *(f"FPR ({policy})" for policy in POLICIES), "n benign"]
    headers += [text for policy in POLICIES for text in (f"Recall ({policy})", f"n attacks ({policy})")]
    single_headers = ["Benchmark", "By", "Value", "Recall", "n attacks", "FPR", "n benign"]
    return Fold(
        "Languages and lengths",
        (
            "Counts summed over the evaluation files: how much of the harmless text in a language, or of a "
            "length, raises alarms.",
            Table(headers, pooled, num_text=3, title="Over-defence by language and length"),
            Table(single_headers, single, num_text=3, title=f"Benchmarks with more than one, {results['subject']}"),
        ),
    )


def _policy_cells(policies: Mapping[str, Any]) -> list[str]:
    """FPR by policy, number of benign rows (the same under each), then recall and number of attacks by policy."""
    parts = [policies[policy] for policy in POLICIES]
    recalls: list[str | Rate] = [text for part in parts for text in (rate_of(part, "recall"), number(part["n_attack"]))]
    return [*(rate_of(part, "fpr") for part in parts), number(parts[0]["n_benign"]), *recalls]


def _pairs(results: Mapping[str, Any]) -> Fold:
    """Metrics of some benchmarks beyond recall and FPR: pairs of attack and clean document, and PINT's own score."""
    title = "Pairs and scores by category"
    pairs, scores, cells, warnings = [], [], [], []
    for name, record in results["benchmarks"].items():
        for predictor, result in record["results"].items():
            if pair_metrics := result["pairs"]:
                rates = [rate_of(pair_metrics, key) for key in ("right", "recall", "clean_flagged")]
                pairs.append([name, predictor, number(pair_metrics["n"]), number(pair_metrics["n_documents"]), *rates])
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
        return Fold(title, ("not run: no benchmark has an attack beside its own clean document, or categories of PINT",))
    blocks: tuple[Block, ...] = (
        "A pair is right when the document with the attack is flagged and the same document without it is not.",
        *dict.fromkeys(warnings),
        Table(["Benchmark", "Predictor", "Pairs", "Documents", "Right", "Recall", "Clean flagged"], pairs, num_text=2),
        Table(["Benchmark", "Predictor", "Published formula", "Pooled"], scores, num_text=2, title="Categories of PINT"),
        Table(["Benchmark", "Predictor", "Label", "Category", "Accuracy", "n"], cells, num_text=4),
    )
    return Fold(title, blocks)
