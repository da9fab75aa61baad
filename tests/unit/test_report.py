"""The report renders what was written, says what is missing, and computes nothing."""

import base64
import copy
import csv
import hashlib
import json
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from src.config import BASE_CONFIG, load_config, to_yaml
from src.data.attacks.generate import generated_families
from src.errors import DataError
from src.evaluation.benchmark_files import SCHEMA
from src.evaluation.curves import read_curves
from src.files import write_json, write_text
from src.policy import POLICIES
from src.reporting import cells, document
from src.reporting import report as module
from src.reporting.cells import UNIT_FORMATS, align_decimals, percent, rate_with_interval
from src.reporting.document import BarRow, Mark, Quotes, Table, Words, blocks_of, rate_bars
from src.reporting.figures import write_figures
from src.reporting.references import TARGETS, load_published, load_targets
from src.reporting.report import build_sections, caveats, collect, render_html, render_markdown
from src.reporting.report.targets import lookup
from src.reporting.results import BENCHMARK_SCHEMA, SOURCES, STUDIES
from src.reporting.terminal import benchmark_lines, comparison_lines
from src.reporting.training_figures import draw_routing, read_epochs
from src.run import RunPaths
from tests.finished_run import HOSTILE, write_finished_run
from tests.unit.test_architecture import modules_of


@pytest.fixture(scope="module")
def full_run(tmp_path_factory) -> RunPaths:
    return write_finished_run(tmp_path_factory.mktemp("run"))


class Cells(HTMLParser):
    """Table cells, tags and links of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.scripts: list[str] = []
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.links += [value for key, value in attributes if key in ("src", "href") and value]
        if tag == "script":
            self.scripts.append("")
        if tag == "td":
            self._inside = True
            self.cells.append("")

    def handle_endtag(self, tag):
        if tag == "td":
            self._inside = False

    def handle_data(self, data):
        if self._inside:
            self.cells[-1] += data
        elif self.lasttag == "script" and not self.scripts[-1]:
            self.scripts[-1] = data


def test_an_empty_directory_gives_a_report_that_says_what_was_not_run(tmp_path):
    report = collect(RunPaths(tmp_path))
    text = render_markdown(report)
    assert set(report["missing"]) == {*SOURCES, "config_diff"}
    for script in (
        "train_production_final.py",
        "evaluate_benchmarks.py",
        "optimize_model.py",
        "dry_run.py",
        "hyperparameter_optimization.py",
    ):
        assert f"{script} writes it" in text
    assert text.count("not run: ") > 10
    rows = [line for line in text.splitlines() if line.startswith("| INT8 size, base model |")]
    assert "not run" in rows[0] and "at most 66.0 MB" in rows[0]  # the target stays in its own column
    assert "not run: " in render_html(report)


def test_the_full_report_shows_the_measured_values(full_run):
    text = render_markdown(collect(full_run))
    assert "| INT8 size, base model | 65.0 MB | at most 66.0 MB | 66.0 MB to 80.0 MB |" in text
    results = json.loads((full_run.benchmarks / "benchmark_results.json").read_text(encoding="utf-8"))
    recall = results["benchmarks"]["deepset_test"]["results"]["guard"]["recall"]
    low, high = results["benchmarks"]["deepset_test"]["results"]["guard"]["recall_interval"]
    assert f"{percent(recall)} ({100 * low:.1f} to {100 * high:.1f})" in text
    assert "abc123" in text and "| dirty | yes |" in text
    assert "| eval.fpr_budget | 0.01 | 0.02 |" in text
    assert "| train | 1,234 | en 1,234 |" in text
    assert "### splits: train, sources" in text and "| 1,234 | benign 1,234 |  |" in text
    assert "| 1 | focal | 0.5123 | 0.0120 | n/a | 0.3000 |" in text  # an empty cell of the CSV is undefined, not 0
    assert "| generated/flip | flip/fcs bare |" in text
    assert "| benchmark pint |" in text


def test_sections_are_in_order(full_run):
    text = render_markdown(collect(full_run))
    titles = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert titles == [
        "Verdict",
        "What was run",
        "Headline in words",
        "Benchmarks",
        "Attacks and their benign twins",
        "Against the baselines",
        "Routing",
        "Latency, size and parity",
        "Calibration",
        "Contamination",
        "Errors worth reading",
        "Not run",
        "Training, data, configuration and environment",
    ]
    assert 1 < text.index("### Environment") < text.index("### Files")


def test_markdown_tables_keep_their_columns(full_run):
    width = None
    for line in render_markdown(collect(full_run)).splitlines():
        if not line.startswith("|"):
            width = None
            continue
        columns = line.replace("\\|", "").count("|")
        width = width or columns
        assert columns == width, line


def test_html_escapes_every_text_and_loads_nothing(full_run):
    html = render_html(collect(full_run))
    page = Cells(html)
    assert html.count("<script") == 1 and page.scripts == [(document.TEMPLATES / "page.js").read_text(encoding="utf-8")]
    checksum = base64.b64encode(hashlib.sha256(page.scripts[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{checksum}'" in html and "default-src 'none'" in html  # no other script would run
    assert HOSTILE in page.cells  # shown as text
    assert all(link.startswith(("#", "data:image/png;base64,")) for link in page.links)
    assert any(link.startswith("data:") for link in page.links)


def test_markdown_escapes_html(full_run):
    assert "<script" not in render_markdown(collect(full_run)).replace("\\<script", "")


def test_both_renderings_show_the_same_cells(full_run):
    report = collect(full_run)
    cells = Cells(render_html(report)).cells
    tables = [block for section in build_sections(report) for block in blocks_of(section.blocks) if isinstance(block, Table)]
    expected = [str(cell) for table in tables for row in table.rows for cell in row]
    assert cells == expected


def test_the_page_begins_with_three_sentences_five_figures_and_three_charts(full_run):
    report = collect(full_run)
    verdict = build_sections(report)[0]
    sentences = [block for block in verdict.blocks if isinstance(block, str)]
    tables = [block for block in verdict.blocks if isinstance(block, Table)]
    assert len(sentences) == 3 and [len(table.rows) for table in tables] == [5]
    mean = report["benchmarks"]["summary"]["guard"]["override"]["file"]
    assert f"guard finds {percent(mean['pooled_recall'])}" in sentences[0] and "of 30 harmless texts" in sentences[0]
    assert "Against tfidf" in sentences[1] and "takes 2.00 ms on the fast route and 5.00 ms on the deep route" in sentences[2]
    assert len(verdict.blocks[-1].charts) == 3


def test_a_goal_is_met_at_its_bound_and_missed_beyond_it(full_run):
    report = collect(full_run)
    file = report["optimization"]["files"]["model_int8.onnx"]
    for size, word in ((66.0, "met"), (66.1, "missed")):
        file["size_mb"] = size
        row = build_sections(report)[0].blocks[3].rows[0]
        assert row[:2] == ["INT8 size, base model", word]


def test_what_a_file_was_measured_with_is_no_figure_of_it(full_run):
    report = collect(full_run)
    report["optimization"] |= {"environment": {"cpu": "of the export"}, "config": {"seed": 1}, "manifest_sha256": "0f"}
    text = render_markdown(report)
    assert "| files.model_int8.onnx.size_mb | 64.96 |" in text
    assert not any(f"| {name}" in text for name in ("environment.cpu", "config.seed", "manifest_sha256"))


def test_studies_that_were_not_run_are_listed_with_their_commands(tmp_path):
    paths = write_finished_run(tmp_path / "run")
    assert {"baselines", "peers", "evasion", "attack", "latency", "leave_one_out"} == set(STUDIES)
    for study in STUDIES.values():
        study.path(paths).unlink(missing_ok=True)
    write_json(paths.attack_json, {"guards": {}})
    (table,) = next(section for section in build_sections(collect(paths)) if section.title == "Not run").blocks
    reasons = {what: reason for what, reason in table.rows if what.startswith("study ")}
    assert set(reasons) == {f"study {name}" for name in STUDIES if name != "attack"}
    for name, command in {
        "baselines": f"scripts/compare_baselines.py --model_path {paths.optimized} --output_dir {paths.baselines}",
        "peers": f"scripts/compare_baselines.py --peers --model_path {paths.optimized} --output_dir {paths.baselines}",
        "evasion": f"scripts/measure_evasion.py --attacks JSONL --harmless JSONL --model_path {paths.optimized}",
        "latency": f"benchmarks/latency.py --model_path {paths.optimized} --output {paths.latency_json}",
        "leave_one_out": f"scripts/leave_one_out.py --names SOURCE_OR_TRANSFORM --config {paths.config_yaml}",
    }.items():
        file = STUDIES[name].path(paths)
        assert reasons[f"study {name}"] == f"{file} is missing; python {command} writes it"
        write_json(file, {})
    (table,) = next(section for section in build_sections(collect(paths)) if section.title == "Not run").blocks
    assert not [what for what, _ in table.rows if what.startswith("study ")] and len(table.rows) > 0


def test_errors_are_shown_as_text_with_score_and_threshold(full_run):
    report = collect(full_run)
    assert "Texts not shown, as their licence is not an open one: deepset_test." in render_markdown(report)
    error = {
        "benchmark": "b",
        "policy": "full",
        "score": 0.9,
        "threshold": 0.5,
        "label": "benign",
        "family": "none",
        "lang": "en",
        "group": "1",
        "chars": 300,
        "text": HOSTILE,
    }
    report["errors"]["false_alarms"] = {"n": 7, "shown": [error]}
    html = render_html(report)
    assert "False alarms: 1 of 7" in html and "&lt;script&gt;alert" in html and html.count("<script") == 1
    line = next(line for line in render_markdown(report).splitlines() if line.startswith("- 0.900, threshold 0.500, b,"))
    assert line.endswith("\\`code\\` ...") and "300 characters" in line
    del report["errors"]
    report["missing"]["errors"] = "errors.json is missing; evaluate_benchmarks.py writes it"
    section = next(each for each in build_sections(report) if each.title == "Errors worth reading")
    assert section.blocks == ("not run: errors.json is missing; evaluate_benchmarks.py writes it",)
    assert not any(isinstance(block, Quotes) for block in section.blocks)


def test_bars_are_as_long_as_their_values_say():
    rows = (BarRow("a<b", (Mark(0.04, "4.0%", (0.02, 0.09)),), goal=0.05), BarRow("none", (Mark(None, "n/a"),)))
    chart = rate_bars("Rates", ("x",), rows)
    assert chart.end == 0.1 and chart.ticks == ("0%", "5%", "10%")
    html = document.render_page("t", [document.Section("s", (chart,))])
    assert "width:40.00%" in html and "left:20.00%;right:calc(100% - 90.00%)" in html and "left:50.00%" in html
    assert "a&lt;b" in html and html.count('class="bar s0"') == 1  # an undefined rate is no bar of length 0


def test_numbers_of_a_column_have_as_many_decimals():
    assert align_decimals([0.5, 0.25, None, "x"]) == ["0.5000", "0.2500", "n/a", "x"]
    assert align_decimals([1234.5, 2.0]) == ["1234", "2"]
    assert align_decimals([0.5, 2e-6, 0.0]) == ["0.5000", "2.0e-06", "0.0000"]  # a small number is not shown as 0


def test_rendering_is_pure(full_run):
    report = collect(full_run)
    before = copy.deepcopy(report)
    assert render_markdown(report) == render_markdown(report)
    assert render_html(report) == render_html(report)
    assert report == before


def test_undefined_is_not_zero():
    assert percent(None) == "n/a"
    assert percent(0.0) == "0.0%"


def test_the_terminal_table_fits_and_shows_both_policies_and_what_was_not_run(full_run):
    results = collect(full_run)["benchmarks"]
    lines = benchmark_lines(results)
    assert max(map(len, lines)) <= 100
    alarms = results["benchmarks"]["deepset_test"]["results"]["guard"]["policies"]
    row = next(line for line in lines if line.startswith("deepset_test"))
    for policy in POLICIES:
        assert f"{100 * alarms[policy]['fpr']:.1f} [" in row
    assert any(line.startswith("not run") and "pint" in line for line in lines)
    assert sum(line.startswith("generated/") for line in lines) == len(generated_families())


def test_the_interval_that_resamples_groups_is_the_one_that_is_shown(full_run):
    results = collect(full_run)["benchmarks"]["benchmarks"]["generated/flip"]["results"]["guard"]
    low, high = results["recall_clustered_interval"]  # three groups, in every cell
    assert results["recall_interval"] != [low, high]
    row = next(line for line in render_markdown(collect(full_run)).splitlines() if line.startswith("| generated/flip | r1 |"))
    assert f"({100 * low:.1f} to {100 * high:.1f})" in row


def test_decisions_of_other_batches_are_told(full_run):
    report = collect(full_run)
    assert "decides differently" not in render_markdown(report)  # not measured here
    part = {"n": 400, "share": 0.01, "interval": [0.004, 0.026]}
    report["benchmarks"]["batching"] = {"batch_size": 32, "flips": dict.fromkeys(POLICIES, part)}
    report["benchmarks"]["predictors"]["guard"]["batch_size"] = 1
    text = "With 32 at a time guard decides differently: policy override 1.0% (0.4 to 2.6) of 400 texts"
    assert text in render_markdown(report) and "Texts in a forward pass: guard 1." in render_markdown(report)
    assert "With 32 at a time" in " ".join(benchmark_lines(report["benchmarks"]))


def test_results_of_another_schema_are_refused(full_run, tmp_path):
    assert BENCHMARK_SCHEMA == SCHEMA
    path = RunPaths(tmp_path / "run").benchmarks / "benchmark_results.json"
    write_json(path, {"schema": SCHEMA - 1})
    with pytest.raises(DataError, match=f"expected benchmark results of schema {SCHEMA}, found {SCHEMA - 1}"):
        collect(RunPaths(tmp_path / "run"))
    with pytest.raises(DataError, match=f"expected benchmark results of schema {SCHEMA}, found {SCHEMA - 1}"):
        write_figures(full_run.training_metrics_csv, path, tmp_path / "figures", read_curves)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match="benchmark_results.json is not valid JSON"):
        write_figures(full_run.training_metrics_csv, path, tmp_path / "figures", read_curves)


def test_comparison_lines_name_both_sides(full_run):
    results = collect(full_run)["benchmarks"]
    lines = comparison_lines(results)
    assert len(lines) == len(POLICIES)
    assert "guard against tfidf, policy override: mean recall " in lines[0]
    assert lines[0].endswith("not both more recall and no more false alarms")
    assert lines[0].startswith("means over benchmarks, ")  # the gate beside it is about something else


def test_a_changed_number_in_the_file_is_the_number_in_the_report(full_run):
    """The report repeats what the stage wrote, even where other fields of the file would give another value."""
    report = collect(full_run)
    report["benchmarks"]["benchmarks"]["deepset_test"]["results"]["guard"]["recall"] = 0.12345
    report["benchmarks"]["benchmarks"]["deepset_test"]["results"]["guard"]["recall_interval"] = None
    assert "| deepset_test | r1 | override | 60 | 12.3% |" in render_markdown(report)


def test_reporting_imports_nothing_that_computes():
    parts = [*Path(module.__file__).parent.glob("*.py"), Path(cells.__file__), Path(document.__file__)]
    assert len(parts) > 10
    names = {name for part in parts for name in modules_of(part)}
    forbidden = {"numpy", "pandas", "scipy", "sklearn", "torch", "statistics", "math", "src.evaluation"}
    assert not {name for name in names if any(name == bad or name.startswith(f"{bad}.") for bad in forbidden)}


def test_broken_json_is_named(tmp_path):
    paths = RunPaths(tmp_path)
    paths.manifest_json.write_text('{"sources": ', encoding="utf-8")
    with pytest.raises(DataError, match="manifest.json is not valid JSON"):
        collect(paths)


def test_targets_are_well_formed():
    targets = load_targets(TARGETS)
    assert len({target["name"] for target in targets}) == len(targets) > 10
    for target in targets:
        assert set(target) <= {"name", "unit", "goal", "brief", "policy", "measured", "interval", "n", "headline"}
        assert target["unit"] in UNIT_FORMATS
        assert "goal" in target or "brief" in target
        for column in ("goal", "brief"):
            assert set(target.get(column, {"min": 0})) <= {"min", "max"}
        assert target.get("measured", ["benchmarks"])[0] in SOURCES
        assert ("interval" in target) <= ("n" in target)  # a rate with an interval shows its n


def test_target_paths_lead_to_values(full_run):
    """Paths into results that every run has must not rot."""
    report = collect(full_run)
    for target in load_targets(TARGETS):
        path = target.get("measured")
        if path and path[0] in ("benchmarks", "final_metrics") and "notinject" not in path:
            for key in ("measured", "interval", "n"):
                assert key not in target or lookup(report, target[key]) is not None, (target["name"], key)


FIGURES = {
    "training_curves",
    "routing_by_epoch",
    "recall_by_benchmark",
    "fpr_by_benchmark",
    "recall_by_attack",
    "confusion_matrix",
    "rates_by_language",
    "rates_by_length",
    "roc_and_precision_recall",
    "reliability",
    "recall_by_size_and_latency",
    "peers",
    "latency_distribution",
    "left_out_sources",
}
STARTS = {".png": b"\x89PNG", ".pdf": b"%PDF", ".svg": b"<?xml"}


def test_figures_are_drawn_from_the_files(full_run):
    for suffix in (*STARTS, ".csv", ".txt"):
        assert {path.stem for path in full_run.figures.glob(f"*{suffix}")} == FIGURES, suffix
    for path in full_run.figures.iterdir():
        assert path.read_bytes().startswith(STARTS.get(path.suffix, b"")), path
        if path.suffix == ".txt":
            assert "ommit " in path.read_text(encoding="utf-8")
            assert path.stem == "training_curves" or "n " in path.read_text(encoding="utf-8")


def table_of(full_run, name: str) -> list[dict[str, str]]:
    with (full_run.figures / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_curves_go_through_the_operating_point(full_run):
    result = collect(full_run)["benchmarks"]["benchmarks"]["deepset_test"]["results"]["guard"]  # the one file benchmark
    rows = [row for row in table_of(full_run, "roc_and_precision_recall") if row["predictor"] == "guard"]
    (point,) = (row for row in rows if row["curve"] == "operating_point")
    assert (float(point["recall"]), float(point["fpr"])) == (result["recall"], result["fpr"])
    roc = [(float(row["fpr"]), float(row["recall"])) for row in rows if row["curve"] == "roc"]
    assert roc[0] == (0, 0) and roc[-1] == (1, 1) and roc == sorted(roc)
    bins = table_of(full_run, "reliability")
    assert sum(int(row["n"]) for row in bins) == 60
    assert all(float(row["low"]) <= float(row["mean_score"]) <= float(row["high"]) for row in bins)


def test_published_figures_are_marked_beside_measured_ones(full_run):
    rows = {row["system"]: row for row in table_of(full_run, "recall_by_size_and_latency")}
    assert rows["guard"]["source"] == "measured" and float(rows["guard"]["size"]) == 64.96
    assert 2.0 < float(rows["guard"]["latency_ms"]) < 5.0
    peer = rows["Llama Prompt Guard 2 22M"]
    assert (peer["source"], float(peer["recall"]), peer["latency_ms"], peer["size"]) == ("published", 0.887, "19.3", "22")
    assert "no comparison" in (full_run.figures / "recall_by_size_and_latency.txt").read_text(encoding="utf-8")


def test_peers_that_were_not_run_are_left_out(full_run):
    rows = table_of(full_run, "peers")
    assert [(row["guard"], row["ms"], row["recall_matched"]) for row in rows] == [
        ("guard", "3.0", "0.5"),
        ("stackone", "8.7", "0.5"),
    ]


def test_the_same_files_give_the_same_figures(full_run, tmp_path):
    results = full_run.benchmarks / "benchmark_results.json"
    again = write_figures(full_run.training_metrics_csv, results, tmp_path, read_curves)
    assert all(path.read_bytes() == (full_run.figures / path.name).read_bytes() for path in again)


def test_figures_without_inputs(tmp_path, full_run, caplog):
    with pytest.raises(DataError, match="nothing to draw"):
        write_figures(tmp_path / "no.csv", tmp_path / "no.json", tmp_path, read_curves)
    drawn = write_figures(full_run.training_metrics_csv, tmp_path / "no.json", tmp_path / "figures", read_curves)
    assert {path.stem for path in drawn} == {"training_curves", "routing_by_epoch", "latency_distribution"}
    assert f"no benchmark figures: {tmp_path / 'no.json'} is missing; python evaluate_benchmarks.py writes it" in caplog.text
    assert "no recall against deep share: " in caplog.text and "python scripts/measure_routing.py --model_path" in caplog.text
    assert "no rates of left-out sources: " in caplog.text and "python scripts/leave_one_out.py --names" in caplog.text


def test_the_distribution_of_latency_is_that_of_the_timed_runs(full_run):
    rows = table_of(full_run, "latency_distribution")
    assert {(row["route"], row["tokens"]) for row in rows} == {(route, n) for route in ("fast", "deep") for n in ("32", "64")}
    percents = [int(row["percent"]) for row in rows if (row["route"], row["tokens"]) == ("deep", "64")]
    assert percents == list(range(1, 100))
    measured = json.loads(full_run.optimization_json.read_text(encoding="utf-8"))["latency"]["int8"]
    for row in rows:
        times = measured[row["route"]][row["tokens"]]
        if row["percent"] in ("50", "95", "99"):
            assert float(row["ms"]) == times[f"p{row['percent']}_ms"]
        assert row["n"] == "101"
    assert "n = 101 runs" in (full_run.figures / "latency_distribution.txt").read_text(encoding="utf-8")
    assert "quantiles_ms" not in render_markdown(collect(full_run))  # 99 numbers are no row of a table


def test_left_out_sources_stand_beside_the_same_rows_after_training_on_them(full_run):
    rows = {(row["left_out"], row["guard"], row["figure"]): row for row in table_of(full_run, "left_out_sources")}
    assert {key[0] for key in rows if key[2] == "recall"} == {"both"}  # the other has no attack
    for guard, recall, alarms in (("left_out", 0.25, 0.05), ("trained_on", 0.75, 0.025)):
        found, false = rows["both", guard, "recall"], rows["both", guard, "fpr"]
        assert (float(found["rate"]), found["n"]) == (recall, "40") and (float(false["rate"]), false["n"]) == (alarms, "80")
        assert float(found["low"]) < recall < float(found["high"])
    clustered = rows["harmless", "left_out", "fpr"]
    assert (clustered["low"], clustered["high"], clustered["n"]) == ("0.01", "0.3", "50")


def test_files_of_earlier_versions_name_what_they_lack_and_the_command(full_run, tmp_path, caplog):
    paths = RunPaths(Path(shutil.copytree(full_run.root, tmp_path / "run")))
    optimization = json.loads(paths.optimization_json.read_text(encoding="utf-8"))
    del optimization["latency"]["int8"]["deep"]["64"]["quantiles_ms"]
    write_json(paths.optimization_json, optimization)
    left_out = json.loads((paths.results / "leave_one_out.json").read_text(encoding="utf-8"))
    del left_out["cells"]["both"]["trained_on"]["fpr_interval"]
    write_json(paths.results / "leave_one_out.json", left_out)
    drawn = write_figures(
        paths.training_metrics_csv, paths.benchmarks / "benchmark_results.json", tmp_path / "figures", read_curves
    )
    assert {path.stem for path in drawn} == FIGURES - {"latency_distribution", "left_out_sources"}
    lacking = f"no latency distribution: quantiles_ms of the served file in {paths.optimization_json} is missing; "
    assert f"{lacking}python optimize_model.py --model_path {paths.best_model} --output_dir {paths.optimized}" in caplog.text
    assert f"an interval in {paths.results / 'leave_one_out.json'} is missing; python scripts/leave_one_out.py" in caplog.text


def test_the_routing_figure_shows_what_training_did_to_the_router(full_run):
    epochs = read_epochs(full_run.training_metrics_csv)
    lines = {line.get_label(): list(line.get_ydata()) for line in draw_routing(epochs).figure.axes[0].lines}
    assert lines["at router.complexity_threshold, fixed"] == [0.9, 0.45]
    del epochs["val_deep_share_fixed"]
    assert draw_routing(epochs) is None  # a flat line would be all there is to draw


def test_the_deep_share_of_every_benchmark_stands_beside_the_traffic_of_the_fit(full_run):
    report = collect(full_run)
    text = render_markdown(report)
    assert "| guard | validation rows, on which the threshold was fitted | 0.300 | 30.0% | 29.0% | 900 |" in text
    share = rate_with_interval(
        *(report["benchmarks"]["benchmarks"]["deepset_test"]["results"]["guard"]["routing"][key] for key in ("share", "interval"))
    )
    assert f"| guard | deepset_test | 0.300 | 30.0% | {share} | 60 |" in text
    assert "were asked to go deep" not in text  # a third does, 30% were asked for
    report["benchmarks"]["summary"]["guard"]["routing"] |= {"share": 0.906, "is_off": True}
    said = "30.0% of texts were asked to go deep and 29.0% of the validation rows"
    headline = next(section for section in build_sections(report) if section.title == "Headline in words")
    assert said in " ".join(item for block in headline.blocks if isinstance(block, Words) for item in block.items)
    assert said in " ".join(benchmark_lines(report["benchmarks"]))


def test_numbers_on_data_of_the_project_are_said_to_be_no_claim(full_run):
    report = collect(full_run)
    said = "no claim about real traffic"
    assert report["benchmarks"]["data_source"] == "hub" and said not in render_markdown(report)
    report["benchmarks"]["data_source"] = "builtin"
    assert said in render_markdown(report) and said in " ".join(benchmark_lines(report["benchmarks"])[-2:])
    assert said in " ".join(caveats(report))


def test_the_base_config_differs_from_itself_in_nothing(tmp_path):
    paths = RunPaths(tmp_path)
    write_text(paths.config_yaml, to_yaml(load_config([BASE_CONFIG])))
    report = collect(paths)
    assert report["config_diff"] == []
    assert "configs/base_config.yaml, unchanged" in render_markdown(report)


def test_published_figures_name_their_harness_and_stand_apart(full_run, tmp_path):
    rows = load_published()
    assert len({(row["system"], row["benchmark"], row["figure"]) for row in rows}) == len(rows)
    text = render_markdown(collect(full_run))
    start = text.index("### Published figures of other systems")
    end = text.index("\n## ", start)
    assert "Lakera Guard" in text[start:end] and "Lakera Guard" not in text[:start] + text[end:]
    (tmp_path / "published.yaml").write_text("figures:\n  - {system: X, benchmark: Y, figure: F1, value: 1, source: Z}\n")
    with pytest.raises(DataError, match="lacks harness"):
        load_published(tmp_path / "published.yaml")
