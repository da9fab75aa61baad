"""The guard says what evaluation measures, refuses what it should not serve, and survives any text."""

import base64
import dataclasses
import errno
import json
import math
import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from src.config import DRY_RUN_NAME
from src.console.main import main
from src.console.show import describe
from src.errors import ArtifactError
from src.evaluation.predictor import OnnxPredictor
from src.export.artifact import save_artifact
from src.labels import Family, Label
from src.policy import POLICIES
from src.run import RunPaths
from src.runtime import Guard, canaries
from src.runtime.artifact import Network, checksum_of, locate_model, read_artifact_config
from src.runtime.guard import SERVING_BATCH
from src.runtime.plan import MAX_WINDOWS
from src.text.views import MAX_SEARCHED_CHARS
from tests.conftest import small_guard

ATTACK, HARMLESS = canaries.ATTACKS[0], canaries.BENIGN[0]
ENCODED = base64.b64encode(ATTACK.encode()).decode()
LONG = f"{HARMLESS} {'please write the table again ' * 60}"
TEXTS = [
    *canaries.ATTACKS,
    *canaries.BENIGN,
    ENCODED,
    LONG,
    LONG + ATTACK,
    "",
    " \n\t",
    "\u200b\u200d\ufe0f",
    ATTACK[::-1],
    "".join(map(chr, range(0xE0041, 0xE0061))),
    "\ud800 lone \udfff",
    "\u0000\u0001",
]


@pytest.fixture(scope="module")
def guard(exported_dir):
    return Guard.load(exported_dir)


@pytest.fixture
def copied(exported_dir, tmp_path):
    return shutil.copytree(exported_dir, tmp_path / "copy")


def rewrite(directory, change):
    """Change config.json and make its checksum fit, as an exporter that wrote other values would."""
    config = json.loads((directory / "config.json").read_text())
    change(config)
    config["checksum"] = checksum_of(config)
    (directory / "config.json").write_text(json.dumps(config))


@pytest.mark.parametrize("policy", POLICIES)
def test_a_verdict_is_what_evaluation_measures(exported_dir, policy):
    guard, predictor = Guard.load(exported_dir, policy=policy), OnnxPredictor.from_directory(exported_dir)
    measured = predictor.predict(TEXTS)
    verdicts = guard.batch(TEXTS)
    assert measured.num_windows.max() > 5 and measured.num_views.max() > 0 and 0 < measured.is_deep.sum() < len(TEXTS)
    np.testing.assert_allclose([v.p_attack for v in verdicts], measured.p_attack[policy], atol=1e-6)
    np.testing.assert_allclose([v.confidence for v in verdicts], measured.class_probs.max(axis=1), atol=1e-6)
    assert [v.label for v in verdicts] == measured.class_probs.argmax(axis=1).tolist()
    assert [v.route == "deep" for v in verdicts] == measured.is_deep.tolist()
    assert [len(v.views) for v in verdicts] == measured.num_views.tolist()
    threshold = predictor.calibration.threshold(policy)
    assert [v.threat for v in verdicts] == (measured.p_attack[policy] >= threshold).tolist()


def test_the_two_policies_differ_by_plain_harmful_requests(exported_dir):
    by_policy = [Guard.load(exported_dir, policy=policy)(HARMLESS) for policy in POLICIES]
    assert by_policy[0].p_attack < by_policy[1].p_attack and by_policy[0].label == by_policy[1].label
    assert [verdict.policy for verdict in by_policy] == list(POLICIES)


def test_attacks_are_flagged_and_harmless_texts_are_not(guard):
    assert all(verdict.threat for verdict in guard.batch([ATTACK, ENCODED, LONG + ATTACK]))
    assert not guard(HARMLESS).threat


def test_a_view_carries_its_trace_and_its_score(guard):
    verdict, plain = guard(ENCODED), guard(ATTACK)
    (view,) = verdict.views
    assert view.text == ATTACK and view.trace == "base64" and view.plausibility > 0.5
    probs = guard._network.text_scores([ATTACK], "test").class_probs[0]
    assert view.p_attack == pytest.approx(1 - probs[Label.BENIGN]) and view.p_attack > plain.p_attack > 0.9
    assert verdict.p_attack >= view.p_attack
    assert verdict.label == Label.OBFUSCATION and verdict.family == Family.ENCODING
    assert guard(HARMLESS).views == ()


def test_the_code_says_what_the_verdict_says(guard):
    for verdict in guard.batch(TEXTS):
        code = Guard.decode(verdict.code)
        assert (code.threat, code.label, code.family) == (verdict.threat, verdict.label, verdict.family)
        assert code.route_deep == (verdict.route == "deep")
        assert code.confidence == pytest.approx(verdict.confidence, abs=0.5 / 255 + 1e-9)
    with pytest.raises(ValueError, match="16-bit"):
        Guard.decode(1 << 16)


def test_an_attack_has_a_family_even_where_the_network_says_none(guard, monkeypatch):
    run = Network.run

    def says_none(network, batch):
        logits, family_logits, *others = run(network, batch)
        family_logits = np.array(family_logits)
        family_logits[:, Family.NONE] = 50
        return logits, family_logits, *others

    expected = guard(ATTACK).family
    monkeypatch.setattr(Network, "run", says_none)
    assert expected != Family.NONE and guard(ATTACK).family == expected == Guard.decode(guard(ATTACK).code).family
    assert guard(HARMLESS).family == Family.NONE
    flagged = guard(HARMLESS, threshold=0.0)
    assert flagged.threat and flagged.label == Label.BENIGN and flagged.family != Family.NONE


def test_the_code_of_one_window_is_the_one_that_the_graph_computes(guard):
    for text in (ATTACK, HARMLESS):
        (code,) = guard._network.session.run(["response"], guard.tokenizer.encode([text]).feeds())[0]
        assert guard(text).code == code


def test_a_threshold_or_a_budget_of_one_call(guard):
    p = guard(ATTACK).p_attack
    assert guard(ATTACK, threshold=p).threat and not guard(ATTACK, threshold=math.nextafter(p, 2)).threat
    assert guard(ATTACK, fpr_budget=0.05).threshold == 0.4 and guard(ATTACK).threshold == 0.6
    assert [verdict.threshold for verdict in guard.batch([ATTACK], fpr_budget=0.05)] == [0.4]
    for bad in (-0.1, 1.1, float("nan"), "0.5", True):
        with pytest.raises(ValueError, match=r"threshold must be a number in \[0, 1\]"):
            guard(ATTACK, threshold=bad)
    with pytest.raises(ValueError, match="got both"):
        guard(ATTACK, threshold=0.5, fpr_budget=0.05)
    with pytest.raises(ArtifactError, match=r"found budgets \['0.01', '0.05'\]"):
        guard(ATTACK, fpr_budget=0.002)
    for bad in ("0.01", 1, 0, float("nan"), False):
        with pytest.raises(ValueError, match=r"fpr_budget must be a number in \(0, 1\), such as 0.01 .* got"):
            guard(ATTACK, fpr_budget=bad)


def test_a_verdict_is_plain_json(guard):
    values = json.loads(json.dumps(guard(ENCODED).to_dict()))
    assert set(values) == {field.name for field in dataclasses.fields(guard(ENCODED))}
    assert values["label"] == "obfuscation" and values["family"] == "encoding"
    assert values["views"][0]["trace"] == "base64"


@pytest.mark.parametrize(
    ("text", "found"),
    [(b"bytes", "found bytes; decode it first"), (None, "found NoneType"), (3.5, "found float"), (["a"], "found list")],
)
def test_wrong_types_are_named(guard, text, found):
    with pytest.raises(TypeError, match=found):
        guard(text)
    with pytest.raises(TypeError, match=f"a text at index 1 to be a str, {found}"):
        guard.batch(["fine", text])


def test_a_batch_is_no_single_text(guard):
    for texts in ("one text", b"bytes", 3):
        with pytest.raises(TypeError, match=r"call guard\(text\)"):
            guard.batch(texts)
    message = {"role": "user", "content": ATTACK}
    with pytest.raises(TypeError, match=r"expected a sequence of texts, found dict; .*guard.messages\(\[...\]\)"):
        guard.batch(message)
    with pytest.raises(TypeError, match=r"a text at index 0 to be a str, found dict; .*guard.messages\(\[...\]\)"):
        guard.batch([message])
    assert guard.batch([]) == []
    assert [v.p_attack for v in guard.batch(iter([ATTACK, HARMLESS]))] == [guard(ATTACK).p_attack, guard(HARMLESS).p_attack]


def test_a_batch_says_what_single_calls_say(guard):
    texts = [*TEXTS, ENCODED, LONG] * 5
    assert len(texts) > SERVING_BATCH and any(guard(text).views for text in texts)
    assert guard.batch(texts) == [guard(text) for text in texts]


@pytest.mark.parametrize(("threshold", "route"), [(-1.0, "deep"), (2.0, "fast")])
def test_a_batch_of_one_route_where_the_deep_branch_continues_the_fast_one(
    tiny_model_config, tokenizer, tmp_path, threshold, route
):
    trained = small_guard(replace(tiny_model_config, deep_input="fast"), tokenizer, steps=30)
    save_artifact(replace(trained, calibration=replace(trained.calibration, complexity_threshold=threshold)), tmp_path)
    guard = Guard.load(tmp_path)
    verdicts = guard.batch(TEXTS)
    assert {verdict.route for verdict in verdicts} == {route} and len({verdict.p_attack for verdict in verdicts}) > 10
    assert verdicts == [guard(text) for text in TEXTS]


@pytest.mark.parametrize(
    "options",
    [
        {"policy": "both"},
        {"num_threads": 0},
        {"num_threads": None},
        {"num_threads": 1.5},
        {"max_chars": 0},
        {"max_windows": 0},
        {"max_windows": True},
        {"fpr_budget": "0.01"},
        {"fpr_budget": 1},
        {"fpr_budget": True},
    ],
)
def test_arguments_out_of_range_are_refused(exported_dir, options):
    ((name, value),) = options.items()
    with pytest.raises(ValueError, match=rf"{name}.*{value}"):
        Guard.load(exported_dir, **options)


@pytest.mark.parametrize("kind", ["absolute", "in a directory"])
def test_a_file_is_named_and_no_path(exported_dir, kind):
    file = str(exported_dir / "model.onnx") if kind == "absolute" else "other/model.onnx"
    with pytest.raises(ValueError, match=rf"file must be the name of a model file .* such as 'model_int8.onnx', got '{file}'"):
        Guard.load(exported_dir, file=file)


def test_of_a_very_long_text_the_beginning_and_the_end_are_read_and_the_verdict_says_so(exported_dir):
    guard, filler = Guard.load(exported_dir, max_chars=400), "please write the table again " * 100
    verdict = guard(filler)
    assert verdict.truncated and verdict.coverage == 400 / len(filler)
    assert verdict.windows < Guard.load(exported_dir)(filler).windows
    middle = len(filler) // 2
    for text in (f"{ATTACK} {filler}", f"{filler} {ATTACK}", f"{filler[:middle]} {ATTACK} {filler[middle:]}"):
        read = [guard(part).p_attack for part in (text[:200], text[-200:])]
        assert guard(text).p_attack == max(read) and len(set(read)) == 2
    whole = Guard.load(exported_dir, max_chars=None)(filler)
    assert not whole.truncated and whole.coverage == 1.0
    assert Guard.load(exported_dir, max_chars=1)("ab").coverage == 0.5


def test_the_verdict_says_when_only_a_part_was_searched(guard):
    whole, longer = guard("the rules " * (MAX_SEARCHED_CHARS // 10)), guard("the rules " * (MAX_SEARCHED_CHARS // 10) + "b")
    assert not whole.views_truncated and not whole.truncated and whole.coverage == 1.0
    assert longer.views_truncated and longer.truncated and longer.windows_read == longer.windows
    assert longer.coverage == MAX_SEARCHED_CHARS / (MAX_SEARCHED_CHARS + 1)


def test_ten_megabytes_are_judged_in_bounded_time(guard):
    verdict = guard("the rules " * 1_000_000)
    assert verdict.truncated and verdict.coverage == MAX_SEARCHED_CHARS / 10_000_000
    assert verdict.windows_read <= MAX_WINDOWS


def test_a_character_of_every_plane(guard):
    for plane in range(17):
        text = "".join(chr(plane * 0x10000 + offset) for offset in (0x21, 0x1234, 0xABCD, 0xFFFD))
        assert 0 <= guard(text).p_attack <= 1


@pytest.mark.parametrize("name", ["model_int8.onnx", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_one_flipped_byte_is_refused(copied, name, share):
    data = bytearray((copied / name).read_bytes())
    data[int(share * len(data))] ^= 1
    (copied / name).write_bytes(data)
    with pytest.raises(ArtifactError, match=name):
        Guard.load(copied)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model_int8.onnx"])
def test_what_the_user_of_the_process_may_not_read_is_named(copied, name, monkeypatch):
    """The tests may run as root, who may read everything, so the system's refusal is imitated."""
    opened = Path.open

    def refuse(path, *args, **kwargs):
        if path.name == name:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ArtifactError, match=rf"cannot read .*{name}: Permission denied; let the user of this process read"):
        Guard.load(copied)


@pytest.mark.parametrize("name", ["model_int8.onnx", "tokenizer.json", "config.json"])
def test_a_missing_file_is_named(copied, name):
    (copied / name).unlink()
    with pytest.raises(ArtifactError, match=name):
        Guard.load(copied)
    with pytest.raises(ArtifactError, match="no exported directory"):
        Guard.load(copied / "nowhere")


@pytest.mark.parametrize("key", ["canaries", "checksum"])
def test_a_directory_of_an_earlier_version_is_to_be_exported_again(copied, key):
    config = json.loads((copied / "config.json").read_text())
    del config[key]
    if key != "checksum":
        config["checksum"] = checksum_of(config)
    (copied / "config.json").write_text(json.dumps(config))
    with pytest.raises(ArtifactError, match="export the model again with optimize_model.py"):
        Guard.load(copied)
    OnnxPredictor.from_directory(copied)  # what is measured need not be fit to serve


def test_a_directory_that_says_how_views_are_read_is_served_where_they_are_separate(copied):
    expected = Guard.load(copied)(ENCODED)
    rewrite(copied, lambda config: config["model"].update(views="separate"))
    assert Guard.load(copied)(ENCODED) == expected
    rewrite(copied, lambda config: config["model"].update(views="segment"))
    with pytest.raises(ArtifactError, match="model.views='segment' was removed"):
        Guard.load(copied)


def test_a_machine_that_computes_something_else_is_noticed(copied):
    def shift(config):
        config["canaries"]["files"]["model_int8.onnx"]["attacks"][2]["p_attack"] -= 0.06

    rewrite(copied, shift)
    with pytest.raises(ArtifactError, match=rf"canary prompt '{canaries.ATTACKS[2]}' .*\(tolerance 0.05\)"):
        Guard.load(copied)
    Guard.load(copied, file="model.onnx")  # its own canaries still hold


def test_an_untrained_model_is_refused_and_the_exporter_warns(tiny_model_config, tokenizer, tmp_path, caplog):
    save_artifact(small_guard(tiny_model_config, tokenizer, steps=0), tmp_path)
    assert "src.runtime refuses to serve it" in caplog.text
    with pytest.raises(ArtifactError, match="the model is not trained"):
        Guard.load(tmp_path)


def test_a_dry_run_is_served_only_when_asked_for(tiny_model_config, tokenizer, tmp_path, capsys):
    guard = small_guard(tiny_model_config, tokenizer, steps=30)
    save_artifact(replace(guard, cfg=replace(guard.cfg, run=replace(guard.cfg.run, name=DRY_RUN_NAME))), tmp_path)
    with pytest.raises(ArtifactError, match=f"{tmp_path} was exported by a dry run: .*Train and export one .*allow_dry_run=True"):
        Guard.load(tmp_path)
    assert Guard.load(tmp_path, allow_dry_run=True)(ATTACK).threat
    with pytest.raises(SystemExit, match="1"):
        main(["check", ATTACK, "--model", str(tmp_path), "--allow_dry_run"])
    assert capsys.readouterr().out.startswith("threat: ")


def test_the_directory_of_a_run_stands_for_the_exported_one_in_it(exported_dir, tmp_path):
    run = RunPaths(tmp_path)
    shutil.copytree(exported_dir, run.optimized)
    assert Guard.load(run.root).model_id == Guard.load(exported_dir).model_id
    shutil.rmtree(run.optimized)
    with pytest.raises(ArtifactError, match=f"no model at {tmp_path}"):
        Guard.load(run.root)


@pytest.mark.parametrize(
    ("threshold", "text", "line"),
    [
        (0.0, HARMLESS, r"most probable class benign \(confidence .*\), yet p_attack reaches the threshold"),
        (1.0, HARMLESS, r"label benign, confidence"),
        (1.0, ATTACK, r"as a threat it would be labelled direct_injection \(.*\), but it stays below the threshold"),
        (0.0, ATTACK, r"label direct_injection, confidence"),
    ],
)
def test_the_text_of_a_verdict_does_not_contradict_itself(guard, threshold, text, line):
    said = describe(guard(text, threshold=threshold)).splitlines()
    assert said[0].startswith("threat" if threshold == 0 else "no threat")
    assert re.match(line, said[1])


def test_an_old_onnx_runtime_is_named_with_the_version_that_is_needed(exported_dir, monkeypatch):
    monkeypatch.setattr("onnxruntime.__version__", "1.22.1")
    with pytest.raises(ArtifactError, match=r"expected ONNX Runtime 1.23 or newer .* found 1.22.1"):
        Guard.load(exported_dir)
    monkeypatch.setattr("onnxruntime.__version__", "2.0.0-rc1")
    Guard.load(exported_dir)


def test_config_json_may_be_laid_out_otherwise_but_not_say_something_else(copied):
    config = read_artifact_config(copied)
    (copied / "config.json").write_text(json.dumps(config, sort_keys=True))
    assert Guard.load(copied)(ATTACK).threat
    config["calibration"]["thresholds"]["override"]["0.01"] = 0.99
    (copied / "config.json").write_text(json.dumps(config))
    with pytest.raises(ArtifactError, match="damaged or was edited"):
        Guard.load(copied)
    (copied / "config.json").write_text("[]")
    with pytest.raises(ArtifactError, match="hold an object, found list"):
        Guard.load(copied)


def test_threads_share_a_guard(guard):
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(guard, TEXTS * 5)) == guard.batch(TEXTS) * 5


def test_the_model_id_is_the_beginning_of_the_checksum(guard, exported_dir):
    recorded = read_artifact_config(exported_dir)["files"][locate_model(exported_dir, "model_int8.onnx").name]
    assert recorded.startswith(guard.model_id) and len(guard.model_id) == 12
