"""Model card, dataset card, tables and what is pushed: every number is that of a file, and what is missing says so."""

import json
import re
import shutil
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from huggingface_hub import DatasetCard, EvalResult, ModelCard, ModelCardData

from scripts import create_model_card, make_tables, push_to_hub
from src.cards.corpus import corpus_data, with_corpus_front_matter
from src.cards.front_matter import check_dataset_card, check_model_card, with_front_matter
from src.cards.model import FORMS, model_card, read_card_files
from src.config import Config, to_dict
from src.data import corpus_form
from src.data.sources import CORPUS
from src.errors import ArtifactError, ConfigError
from src.export.release import RELEASE_FILES, make_release
from src.files import read_json, write_json, write_text
from src.huggingface.publish import plan, push
from src.labels import Family, Label
from src.policy import POLICIES
from src.reporting.paper_tables import DAGGER, PEER_COLUMNS, TABLE_SOURCES, paper_tables, tables_latex, tables_markdown
from src.reporting.references import load_published
from src.reporting.results import SOURCES, STUDIES, read_run
from src.run import RunPaths
from src.runtime.artifact import SCHEMA, checksum_of
from src.runtime.calibration import thresholds_section
from tests.finished_run import CALIBRATION, HOSTILE, write_finished_run

ROOT = Path(__file__).resolve().parents[2]
CLEAN = {"commit": "abc", "dirty": False}


def share(k: int, n: int) -> dict:
    return {"share": k / n, "n": n, "interval": [0.1, 0.9]}


def measured() -> dict:
    """optimization.json with one file."""
    flips = {name: share(1, 100) for name in ("all", "near", "fast", "deep")}
    parity = {
        "flips": {policy: flips for policy in POLICIES},
        "route_flips": share(0, 100),
        "max_probability_difference": 0.01,
        "decision_flips": 0.01,
    }
    imitated = {"max_probability_difference_same_route": None, "route_flips": share(0, 9), "decision_flips": 0.0, "n": 9}
    times = {"64": {"p50_ms": 3.0, "p95_ms": 3.25}, "128": {"p50_ms": 6.0, "p95_ms": 7.125}}
    return {
        "files": {"model_int8.onnx": {"size_mb": 39.5, "precision": "int8"}},
        "rows": {
            "n": 100,
            "transformed": 9,
            "transforms": 3,
            "near": share(5, 100),
            "near_within": 0.2,
            "threshold": 0.5,
            "policy": "override",
            "near_candidates": 4,
            "candidates": 50,
        },
        "parity": {"int8": parity, "int8_imitated": imitated, "int8_batched": {"decision_flips": 0.0}, "gate": 0.005},
        "accuracy": {"int8": {policy: {"recall": 0.9, "fpr": 0.01, "auc": None} for policy in POLICIES}},
        "latency": {"int8": {"fast": times, "deep": times}, "conditions": {"cpu": "some CPU", "threads": 1}},
        "throughput": {"int8": {"requests_per_second": 123.4, "n": 9}, "conditions": {"cpu": "some CPU", "threads": 2}},
    }


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> RunPaths:
    """With an exported directory of the same thresholds, and what scripts measure beside the pipeline."""
    paths = write_finished_run(tmp_path_factory.mktemp("run"))
    config = {
        "schema": SCHEMA,
        "labels": Label.names(),
        "families": Family.names(),
        "calibration": CALIBRATION.to_dict(),
        "files": {},
        "model": {"max_tokens": 192, "chars_per_token": 20},
        "commit": "abc123",
        "training_config": to_dict(Config()),
    }
    write_json(paths.optimized / "config.json", config | {"checksum": checksum_of(config)})
    write_json(paths.optimization_json, measured())
    write_json(paths.environment_json, {"cpu": HOSTILE, "cores": 4})
    sources = {
        "written_chat": {"licence": "CC-BY-4.0", "splits": {"train": 1000}},
        "thresholds_only": {"licence": "CC-BY-NC-4.0", "splits": {"val": 9}},
    }
    split = {"rows": 1000, "languages": {"en": 800, "hi-Latn": 150, "mul": 140, "sw": 5}}
    write_json(paths.manifest_json, {"sources": sources, "splits": {"train": split}})
    write_text(paths.training_metrics_csv, "epoch,seconds\n1,5400\n2,5400\n")
    rewritings = {f"rewriting {i}": {"kept": share(i, 20), "new_alarms": share(0, 10)} for i in range(15)}
    evasion = {"policy": "override", "threshold": 0.5, "caught": 20, "harmless": 10, "rewritings": rewritings}
    write_json(paths.evasion_json, evasion)
    budgets = [{"budget": 100, "success": share(3, 10), "recall": share(6, 10)}]
    write_json(paths.attack_json, {"guards": {"guard": {"override": {"budgets": budgets}}}})
    return paths


@pytest.fixture
def changed(finished, tmp_path) -> RunPaths:
    """A copy to change."""
    return RunPaths(Path(shutil.copytree(finished.root, tmp_path / "run")))


def card_of(paths: RunPaths, form: str = "runtime") -> str:
    return model_card(read_card_files(paths, paths.optimized), form)


def edit(path: Path, change) -> None:
    value = read_json(path)
    change(value)
    write_json(path, value)


def section(card: str, title: str) -> str:
    return card.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def run(script, monkeypatch, *words) -> None:
    monkeypatch.setattr(sys, "argv", [script.__name__, *map(str, words)])
    script.main()


# ------------------------------------------------------------------------------------------------------- model card


@pytest.mark.parametrize("form", FORMS)
def test_every_result_of_the_front_matter_is_that_of_the_file(finished, form):
    card = card_of(finished, form)
    lines = check_model_card(card)
    parsed = ModelCard(card)
    benchmarks = read_json(finished.benchmarks / "benchmark_results.json")["benchmarks"]
    shown = {name for name, record in benchmarks.items() if record["status"] == "run" and record["kind"] != "heldout"}
    results = parsed.data.eval_results
    assert {result.dataset_name for result in results} == shown and f"on {len(shown)} sets" in lines[-1]
    keys = {"recall": "recall", "false_positive_rate": "fpr", "roc_auc": "auc"}
    for result in results:
        found = benchmarks[result.dataset_name]["results"]["guard"]
        assert result.metric_value == round(found[keys[result.metric_type]], 4)
        assert result.metric_args["policy"] == found["policy"]
    assert parsed.data.license == "apache-2.0" and parsed.data.language == ["en", "hi"]
    assert parsed.data.library_name == ("transformers" if form == "transformers" else None)


def test_a_complete_run_leaves_nothing_unmeasured(finished):
    card = card_of(finished)
    assert "Not measured" not in card and str(finished.root) not in card and "<script" not in card.replace("\\<script", "")
    assert thresholds_section(CALIBRATION) in card
    assert "| override | 0.01 | 0.5000 | 0.00% (0.00 to 0.43) |" in card
    assert "| written_chat | 1,000 | CC-BY-4.0 |" in card and "thresholds_only" not in card
    assert "3.0 hours for 2 epochs on a machine with 4 cores" in card and "at most 12.0 core hours" in card
    assert "39.5" in section(card, "Size, parity and latency")
    attack = section(card, "Under attack")
    assert "rewriting 9" in attack and "rewriting 10 |" not in attack and "10 of 15 rewritings" in attack
    assert "| guard | override | 100 | 30.0% (10.0 to 90.0), n=10 |" in attack


def test_a_changed_number_is_the_number_of_the_card(changed):
    def change(results):
        results["benchmarks"]["deepset_test"]["results"]["guard"]["recall"] = 0.1234

    edit(changed.benchmarks / "benchmark_results.json", change)
    card = card_of(changed)
    assert "| deepset_test | override | 12.3% (" in section(card, "Results")
    (value,) = [
        result.metric_value
        for result in ModelCard(card).data.eval_results
        if (result.dataset_name, result.metric_type) == ("deepset_test", "recall")
    ]
    assert value == 0.1234


def test_what_lowers_the_score_of_long_texts_is_said(changed):
    def penalise(config):
        config["calibration"]["window_penalty"] = 0.3
        config["checksum"] = checksum_of(config)

    assert "several windows" not in card_of(changed)
    edit(changed.optimized / "config.json", penalise)
    assert "its log-odds are lowered by 0.3 times" in card_of(changed)


def test_what_it_misses_is_chosen_by_the_rule(changed):
    """Of sets with 20 rows or more the lowest recall; the generated ones of the fixture have fewer."""
    text = section(card_of(changed), "What it misses")
    assert "Attack sets that it finds least of: generated/flip 50.0%" in text and "generated/homoglyph" not in text
    assert "deepset_test" not in text  # it misses none of it

    def enlarge(results):
        results["benchmarks"]["generated/homoglyph"]["results"]["guard"].update(recall=0.01, n_attack=20)

    edit(changed.benchmarks / "benchmark_results.json", enlarge)
    assert "finds least of: generated/homoglyph 1.0%" in section(card_of(changed), "What it misses")


def test_what_is_missing_names_the_command_that_writes_it(changed):
    for path in (
        changed.evasion_json,
        changed.attack_json,
        changed.optimization_json,
        changed.manifest_json,
        changed.training_metrics_csv,
        changed.benchmarks / "benchmark_results.json",
    ):
        path.unlink()
    card = card_of(changed)
    check_model_card(card)
    for name in ("benchmarks", "optimization", "epochs", "manifest"):
        assert SOURCES[name].command in card
    assert STUDIES["evasion"].command in card and STUDIES["attack"].command in card
    data = ModelCard(card).data
    assert data.license == "unknown" and not data.eval_results and data.language is None
    for source in (SOURCES | STUDIES).values():
        assert (ROOT / source.script).is_file()


def test_results_of_another_guard_are_refused(changed):
    edit(changed.evasion_json, lambda found: found.update(threshold=0.4))
    with pytest.raises(ArtifactError, match="evasion results were measured at other thresholds.*measure_evasion.py on it again"):
        card_of(changed)
    changed.evasion_json.unlink()

    def other(results):
        results["predictors"]["guard"]["calibration"]["thresholds"]["override"]["0.01"] = 0.7

    edit(changed.benchmarks / "benchmark_results.json", other)
    with pytest.raises(ArtifactError, match="benchmarks results were measured at other thresholds"):
        card_of(changed)


def test_terms_of_the_training_rows_are_those_of_the_card(changed):
    edit(changed.manifest_json, lambda found: found["sources"]["written_chat"].update(licence="CC-BY-NC-4.0"))
    card = card_of(changed)
    assert check_model_card(card)[0] == "license: other"
    assert "Sources whose terms do not let them be passed on, or are not known: written_chat." in card


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# No front matter\n", "expected a card that begins with front matter"),
        ("---\n[broken\n---\n# x\n", "cannot be read"),
        ("---\n- a\n---\n# x\n", "cannot be read"),
        ("---\nlicense: mit\ntags: [a]\n---\n# x\n", "lacks pipeline_tag"),
        ("---\nlicense: MIT License\ntags: [a]\npipeline_tag: text-classification\n---\n", "expected an identifier of the Hub"),
        ("---\nlicense: mit\nlanguage: english\ntags: [a]\npipeline_tag: text-classification\n---\n", "two or three letters"),
        ("---\nmodel-index: [{name: x}]\n---\n# x\n", "cannot be read"),
    ],
)
def test_front_matter_that_the_hub_would_refuse_is_refused(text, message):
    with pytest.raises(ArtifactError, match=message):
        check_model_card(text)


def test_results_that_the_hub_would_not_show_are_refused():
    def card(*values):
        results = [
            EvalResult(task_type="t", dataset_type="d", dataset_name="d", metric_type="recall", metric_value=value)
            for value in values
        ]
        data = ModelCardData(license="mit", pipeline_tag="text-classification", tags=["a"], model_name="x", eval_results=results)
        return with_front_matter(data, "# x\n")

    assert check_model_card(card(0.5))
    with pytest.raises(ArtifactError, match="expected a number"):
        check_model_card(card("90%"))
    with pytest.raises(ArtifactError, match="same set and metric"):
        check_model_card(card(0.5, 0.6))


def test_the_script_writes_a_card_beside_the_results(changed, monkeypatch, capsys):
    changed.attack_json.unlink()
    run(create_model_card, monkeypatch, "--run", changed.root)
    assert changed.model_card.read_text() == card_of(changed)
    printed = capsys.readouterr().out
    assert "license: apache-2.0" in printed and "attack.json is missing; scripts/attack_guard.py writes it" in printed


# ----------------------------------------------------------------------------------------------------------- corpus


@pytest.fixture(scope="module")
def corpus_rows():
    return corpus_form.read_corpus(CORPUS)


def test_the_card_of_the_corpus_describes_its_rows(corpus_rows):
    card = (CORPUS / "README.md").read_text(encoding="utf-8")
    assert check_dataset_card(card)[0] == "license: cc-by-4.0"
    assert DatasetCard(card).data.to_dict() == corpus_data(corpus_rows).to_dict()
    assert with_corpus_front_matter(card, corpus_rows) == card  # the text stays, the front matter is made again
    assert with_corpus_front_matter("# Text\n", corpus_rows[:5]).count("---\n") == 2
    assert corpus_data(corpus_rows[:5]).size_categories == ["n<1K"] and corpus_data(corpus_rows).size_categories == ["10K<n<100K"]


def test_every_pattern_of_the_card_finds_the_files_of_the_corpus():
    configs = DatasetCard((CORPUS / "README.md").read_text(encoding="utf-8")).data.configs
    found = {path for config in configs for part in config["data_files"] for path in CORPUS.glob(part["path"])}
    assert found == set(CORPUS.rglob("*.jsonl"))


def test_licences_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["license"] == project["license"] == "Apache-2.0" and citation["version"] == project["version"]
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert "Version 2.0, January 2004" in (ROOT / "LICENSE").read_text()
    assert (CORPUS / "LICENSE").read_text().startswith("Creative Commons Attribution 4.0 International")
    assert {source["licence"] for source in read_json(CORPUS / "MANIFEST.json")["sources"].values()} == {"CC-BY-4.0"}


# ------------------------------------------------------------------------------------------------------- pushing


class StubApi:
    """The calls that would reach the Hub."""

    def __init__(self, **options) -> None:
        self.options, self.calls = options, []

    def create_repo(self, repo_id, **options):
        self.calls.append(("create_repo", repo_id, options))

    def upload_folder(self, **options):
        self.calls.append(("upload_folder", options["repo_id"], options))
        return "https://hub/commit/1"


@pytest.fixture
def released(tmp_path, exported_dir) -> Path:
    paths = RunPaths(tmp_path / "run")
    shutil.copytree(exported_dir, paths.optimized)
    split = {"rows": 3, "languages": {"en": 3}}
    sources = {"written_chat": {"licence": "CC-BY-4.0", "splits": {"train": 3}}}
    write_json(paths.manifest_json, {"sources": sources, "splits": {"train": split}})
    make_release(paths, tmp_path / "release")
    return tmp_path / "release"


def test_the_example_of_the_card_runs(released, capsys):
    (example,) = re.findall(r"```python\n(.*?)```", (released / "README.md").read_text(), flags=re.DOTALL)
    exec(example.replace("from tinyguardrail import", "from src.runtime import"), {"DIR": released})
    threat, p_attack, family = capsys.readouterr().out.split()
    assert threat in ("True", "False") and 0 <= float(p_attack) <= 1 and family in Family.__members__


def test_a_release_is_sent_whole_private_and_with_its_commit(released):
    (released / "notes.txt").write_text("mine")  # in the directory, not of a release
    planned, api = plan("release", released), StubApi()
    assert push(planned, "me/guard", api, CLEAN) == "https://hub/commit/1"
    (_, repo, created), (_, _, sent) = api.calls
    assert repo == "me/guard" and created == {"repo_type": "model", "private": True, "exist_ok": True}
    assert sorted(sent["allow_patterns"]) == sorted(RELEASE_FILES) and sent["folder_path"] == released
    assert "commit abc" in sent["commit_message"]


def test_nothing_is_sent_from_a_checkout_with_changes_or_from_none(released):
    api = StubApi()
    for git in ({"commit": "abc", "dirty": True}, {"commit": None, "dirty": None}):
        with pytest.raises(ArtifactError, match="without local changes"):
            push(plan("release", released), "me/guard", api, git)
    assert api.calls == []


def test_an_incomplete_or_damaged_release_is_refused(released, tmp_path):
    card = (released / "README.md").read_text()
    write_text(released / "README.md", re.sub(r"\| override \| 0\.01 \| \S+", "| override | 0.01 | 0.9999", card))
    with pytest.raises(ArtifactError, match="has other thresholds than config.json"):
        plan("release", released)
    (released / "README.md").unlink()
    with pytest.raises(ArtifactError, match=r"lacks README.md; scripts/make_release.py writes them"):
        plan("release", released)
    (released / "model_int8.onnx").write_bytes(b"x")
    with pytest.raises(ArtifactError, match="SHA-256"):
        plan("release", released)
    with pytest.raises(ArtifactError, match="expected a directory"):
        plan("release", tmp_path / "none")
    with pytest.raises(ArtifactError, match="guard for transformers"):
        plan("transformers", released)


def test_the_corpus_is_a_data_set(monkeypatch):
    planned = plan("corpus", CORPUS)
    assert planned.repo_type == "dataset"
    assert set(planned.sizes) == {path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*") if path.is_file()}


def test_the_script_sends_nothing_unless_told(released, monkeypatch, capsys):
    made = []
    monkeypatch.setattr(push_to_hub, "HfApi", lambda **options: made.append(StubApi(**options)) or made[-1])
    monkeypatch.setattr(push_to_hub, "git_state", lambda: CLEAN)
    run(push_to_hub, monkeypatch, "release", "--directory", released, "--repo", "me/guard")
    assert made == [] and "nothing was sent" in capsys.readouterr().out
    monkeypatch.setattr(push_to_hub.huggingface_hub, "get_token", lambda: None)
    with pytest.raises(ConfigError, match="expected a token"):
        run(push_to_hub, monkeypatch, "release", "--directory", released, "--repo", "me/guard", "--push")
    with pytest.raises(ConfigError, match="--repo"):
        run(push_to_hub, monkeypatch, "release", "--directory", released, "--push")
    monkeypatch.setattr(push_to_hub.huggingface_hub, "get_token", lambda: "hf_x")
    run(push_to_hub, monkeypatch, "release", "--directory", released, "--repo", "me/guard", "--push")
    assert made[0].options == {"token": "hf_x"} and [call[0] for call in made[0].calls] == ["create_repo", "upload_folder"]


# ------------------------------------------------------------------------------------------------------------ tables


def tables_of(paths: RunPaths):
    return paper_tables(read_run(paths, TABLE_SOURCES), load_published())


def cells_of(paths: RunPaths, label: str, row: str) -> dict[str, str]:
    (table,) = [table for table in tables_of(paths) if table.label == label]
    (cells,) = [cells for cells in table.rows if cells[0].text == row]
    return dict(zip(table.headers, (cell.text for cell in cells), strict=True))


def test_own_numbers_are_those_of_the_files(finished):
    results = read_json(finished.benchmarks / "benchmark_results.json")
    flip = results["benchmarks"]["generated/flip"]["results"]
    ours = cells_of(finished, "systems", "TinyGuardrail")
    assert ours["Size, MB"] == "39.5" and ours["Latency, ms"] == "7.12"
    assert ours["FlipAttack found"].startswith(f"{100 * flip['guard']['recall']:.1f}% (")
    assert ours["PINT score"] == "not measured" and ours["FPR, NotInject"] == "not measured"
    assert cells_of(finished, "systems", "tfidf")["FlipAttack found"].startswith(f"{100 * flip['tfidf']['recall']:.1f}% (")
    fcw = cells_of(finished, "attacks", "FlipAttack FCW")
    assert fcw["Found"].startswith(f"{100 * flip['guard']['by_attack']['flip/fcw bare']['recall']:.1f}% (")
    assert fcw["Most that others published"] == "no figure"
    everything = cells_of(finished, "attacks", "FlipAttack, all, bare and wrapped")
    assert everything["Most that others published"] == "8.08% (Llama Guard 3 8B)"
    speed = cells_of(finished, "efficiency", "Latency P95, deep route, 128 tokens, ms")
    assert speed["TinyGuardrail"] == "7.12"
    assert cells_of(finished, "efficiency", "Texts a second")["TinyGuardrail"] == "123"


def test_every_number_says_where_it_is_from(finished, tmp_path):
    for paths in (finished, RunPaths(tmp_path)):
        published = {f"{row['source']}" for row in load_published()}
        for table in tables_of(paths):
            for row in table.rows:
                assert len(row) == len(table.headers)
                for cell in row[1:]:
                    if any(character.isdigit() for character in cell.text) and cell.text != "1":
                        assert cell.note, (table.label, row[0].text, cell.text)
                    if cell.is_foreign:
                        assert any(source in cell.note for source in published)
                    if cell.text == "not measured":
                        assert " measures it" in cell.note and ".py" in cell.note


def test_the_peers_network_is_the_faster_of_its_two_runs(changed):
    times = {"deberta_xsmall": {"p50_ms": 9.0, "p95_ms": 9.9}, "deberta_xsmall without fusion": {"p50_ms": 8.0, "p95_ms": 8.8}}
    lengths = {"64": {"times": times, "ratios": {"deberta_xsmall": {"fast": 0.1, "deep": 0.3, "mix": 0.16}}}}
    write_json(changed.latency_json, {"lengths": lengths, "conditions": {"cpu": "x", "threads": 1}})
    row = cells_of(changed, "efficiency", "Latency P95, fast route, 64 tokens, ms")
    assert row["Network of Llama Prompt Guard 2 22M, same machine"] == "8.80"
    assert cells_of(changed, "efficiency", "Mean latency against that network, 64 tokens")["TinyGuardrail"] == "0.16x"


def test_peers_have_a_measured_row_beside_the_guard(finished):
    own, common, time = PEER_COLUMNS
    peer, ours = (cells_of(finished, "systems", name) for name in ("stackone 0.9.4", "TinyGuardrail"))
    assert [peer[own], peer[common], peer[time]] == ["80.0% (t), 10.0%", "50.0% (t), 1.0%", "8.7"]
    assert [ours[own], ours[common], ours[time]] == ["80.0%, 10.0%", "50.0%, 1.0%", "3.0"]  # on the same texts
    assert peer["Licence"] == "Apache-2.0" and peer["FlipAttack found"] == "no figure"
    absent = cells_of(finished, "systems", "jailguard")
    assert absent[own] == absent[time] == "not measured" and absent["Licence"] == "MIT OR Apache-2.0"
    file = cells_of(finished, "attacks", "File deepset_test")
    assert (file["Found"], file["Found by stackone"]) == ("80.0%, 50.0%, n=60", "80.0%, 50.0% (t), n=60")
    assert file["Found by tfidf"].endswith("n=30")  # of its own results
    assert "Found by jailguard" not in file
    notes = [note for table in tables_of(finished) for note, _ in table.notes()]
    assert any("documents name the source as training data: deepset_test" in note for note in notes)
    assert any(note.startswith("jailguard is not in a directory; python scripts/compare_baselines.py --peers") for note in notes)


def test_without_peers_the_tables_name_the_command(changed):
    (changed.baselines / "peers.json").unlink()
    command = "python scripts/compare_baselines.py --peers --model_path RUN/optimized measures it"
    systems, attacks, _ = tables_of(changed)
    for table in (systems, attacks):
        assert any(note.endswith(command) for note, _ in table.notes())
    assert cells_of(changed, "systems", "TinyGuardrail")[PEER_COLUMNS[0]] == "not measured"


def test_both_forms_have_the_same_rows_and_whole_columns(finished):
    tables = tables_of(finished)
    latex, markdown = tables_latex(tables), tables_markdown(tables)
    assert latex.count(r"\begin{tabular}") == latex.count(r"\end{tabular}") == latex.count(r"\toprule") == len(tables)
    assert latex.count("{") - latex.count(r"\{") == latex.count("}") - latex.count(r"\}")
    body = [line for line in latex.splitlines() if line.startswith("    ") and line.endswith(r" \\")]
    counts = [len(re.findall(r"(?<!\\)&", line)) + 1 for line in body]
    assert counts == [len(table.headers) for table in tables for _ in range(len(table.rows) + 1)]
    assert not re.search(r"(?<!\\)[%#_$]", latex.replace("{!}{%", "")) and DAGGER not in latex
    rows = [line for line in markdown.splitlines() if line.startswith("|") and not line.startswith("|---")]
    assert [len(re.findall(r"(?<!\\)\|", line)) - 1 for line in rows] == counts


def test_the_script_writes_both_forms(changed, monkeypatch, capsys):
    run(make_tables, monkeypatch, "--run", changed.root)
    assert changed.tables_md.is_file() and r"\bottomrule" in changed.tables_tex.read_text()
    assert "latency.json is missing; benchmarks/latency.py writes it" in capsys.readouterr().out
    (changed.baselines / "peers.json").unlink()
    run(make_tables, monkeypatch, "--run", changed.root)
    assert "peers.json is missing; scripts/compare_baselines.py --peers writes it" in capsys.readouterr().out
    assert json.dumps(HOSTILE) not in changed.tables_md.read_text()
