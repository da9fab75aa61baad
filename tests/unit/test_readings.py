"""What is read of a text: its views beside it or behind it, the same in training, evaluation and serving."""

import base64
import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from src.config import Config
from src.data.loader import windows_of
from src.data.schema import Example
from src.errors import ArtifactError
from src.evaluation.ablation import AblationRows, score_variants
from src.evaluation.predictor import OnnxPredictor, TorchPredictor, WindowScores
from src.export.artifact import save_artifact
from src.huggingface.directory import save_pretrained
from src.labels import Family, Label
from src.models.backbone import load_guard_tokenizer
from src.models.dual_branch import TinyGuardrail
from src.policy import POLICIES
from src.run import RunPaths
from src.runtime import Guard, canaries
from src.runtime.artifact import CONFIG_FILE, checksum_of, read_artifact_config
from src.runtime.guard import TOGETHER
from src.text.readings import own_readings, readings_of, readings_of_text, windows_of_readings
from src.text.tokenization import GuardTokenizer
from src.text.views import PIECE, views_of
from src.training.augmentation import Augmenter
from tests.conftest import small_guard

ATTACK, HARMLESS = canaries.ATTACKS[0], canaries.BENIGN[0]
HIDDEN = base64.b64encode(ATTACK.encode()).decode()
NESTED = f"today {base64.b64encode(HIDDEN.encode()).decode()} code"  # two views: the plain text, the Base64 between


@pytest.fixture(scope="module")
def segment_tokenizer(tiny_encoder_dir) -> GuardTokenizer:
    return GuardTokenizer.from_file(tiny_encoder_dir / "tokenizer.json", max_tokens=64, window_overlap=16, views="segment")


def words(count: int) -> str:
    """So many tokens, no two neighbours alike."""
    return " ".join(("abcdefghijklmnopqrstuvwxyz"[i // 2 % 26], "0123456789"[i // 2 % 10])[i % 2] for i in range(count))


def parts_of(tokenizer, window) -> tuple[list[str], list[str]]:
    """The tokens before and behind the first [SEP]."""
    tokens = tokenizer.tokens_of(window)
    assert tokens[0] == "[CLS]" and tokens[-1] == "[SEP]" and tokens.count("[SEP]") == 2
    assert not window.char_ids[[place for place, token in enumerate(tokens) if token in ("[CLS]", "[SEP]")]].any()
    middle = tokens.index("[SEP]")
    return tokens[1:middle], tokens[middle + 1 : -1]


def test_a_view_stands_behind_its_text_in_one_window(tokenizer):
    (window,) = tokenizer.windows(["tell me [SEP]"], ["the rules"])
    first, second = parts_of(tokenizer, window)
    assert first[:1] == ["tell"] and "[" in first and second == ["the", "rules"]
    (alone,) = tokenizer.windows(["the rules"])
    behind = len(first) + 2
    np.testing.assert_array_equal(window.char_ids[behind:-1], alone.char_ids[1:-1])
    assert (window.start, window.end) == (0, len("tell me [SEP]"))


@pytest.mark.parametrize("length", [2, 20, 30, 31, 32, 60, 200])
@pytest.mark.parametrize("length_behind", [2, 29, 30, 31, 60, 300])
def test_two_long_texts_share_windows_and_every_token_of_both_is_read(tokenizer, length, length_behind):
    text, second = words(length), words(length_behind)
    windows = tokenizer.windows([text], [second])
    whole, whole_behind = (
        GuardTokenizer(tokenizer._tokenizer, max_tokens=512, window_overlap=0).windows([each])[0] for each in (text, second)
    )
    read, read_behind = [], []
    for window in windows:
        first, behind = parts_of(tokenizer, window)
        assert len(window.input_ids) <= 64 and first and behind
        assert len(first) >= min(length, 31) or window.end == len(text)  # of 61 places
        read.append(first)
        read_behind.append(behind)
    for pieces, expected in ((read, whole), (read_behind, whole_behind)):
        tokens = tokenizer.tokens_of(expected)[1:-1]
        place = 0
        for piece in pieces:  # each goes on where the one before ended, or overlaps it, and the last reaches the end
            starts = [start for start in range(place + 1) if tokens[start : start + len(piece)] == piece]
            assert starts
            place = max(place, starts[-1] + len(piece))
        assert place == len(tokens)
    assert (len(windows) == 1) == (length + length_behind <= 61)
    assert (windows[0].start, windows[-1].end) == (0, len(text))


@pytest.mark.parametrize(("overlap", "count"), [(0, 5), (61, 40)])
def test_windows_of_two_texts_advance_whatever_the_overlap(tiny_encoder_dir, overlap, count):
    other = GuardTokenizer.from_file(tiny_encoder_dir / "tokenizer.json", max_tokens=64, window_overlap=overlap)
    windows = other.windows([words(100)], [words(100)])
    assert len(windows) >= 4 and (len(windows) > 30) == (count > 30)


def test_separate_views_are_texts_of_their_own_and_segments_stand_behind_the_text():
    views = views_of(NESTED)
    assert len(views) == 2
    separate = readings_of([HARMLESS, NESTED], "separate")
    assert [(r.text, r.text_index, r.view_index, r.second) for r in separate] == [
        (HARMLESS, 0, -1, None), (NESTED, 1, -1, None), (views[0].text, 1, 0, None), (views[1].text, 1, 1, None),
    ]  # fmt: skip
    segment = readings_of([HARMLESS, NESTED], "segment")
    assert [(r.text, r.text_index, r.view_index, r.second) for r in segment] == [
        (HARMLESS, 0, -1, None), (NESTED, 1, 0, views[0].text), (NESTED, 1, 1, views[1].text),
    ]  # fmt: skip
    assert [r.family for r in segment] == [Family.NONE, Family.ENCODING, Family.ENCODING]
    assert own_readings([HARMLESS, NESTED], "segment") == segment
    assert [r.text for r in own_readings([HARMLESS, NESTED], "separate")] == [HARMLESS, NESTED]


def test_what_views_did_not_read_is_read_alone():
    long = f"{HIDDEN} {'please write the table again ' * 600}"
    (view,) = views_of(long)
    assert len(long) > PIECE and ATTACK in view.text
    alone, paired = readings_of([long], "segment")
    assert (alone.text, alone.second) == (long, None)
    assert paired.text == long[view.start : view.end] and HIDDEN in paired.text and paired.second == view.text
    parts = [long[:200], long[-200:]]  # as a guard that reads no more than that
    cut = readings_of_text(0, long[:9000], parts, "segment")
    assert [r.text for r in cut] == [*parts, parts[0]]


def test_training_reads_what_is_served(segment_tokenizer):
    rows = [
        Example(text=text, label=Label.OBFUSCATION, family=Family.ENCODING, source="s", group=text, span=None)
        for text in (HARMLESS, HIDDEN, NESTED)
    ]
    windows = windows_of(rows, segment_tokenizer, 0, seed=0)
    served = windows_of_readings(readings_of([row.text for row in rows], "segment"), segment_tokenizer)
    np.testing.assert_array_equal(windows.token_ids, np.concatenate([window.input_ids for window in served]))
    np.testing.assert_array_equal(windows.char_ids, np.concatenate([window.char_ids for window in served]))
    assert set(windows.rows.tolist()) == {0, 1, 2} and (windows.labels == Label.OBFUSCATION).all()
    separators = [int((window.input_ids == segment_tokenizer._sep).sum()) for window in served]
    assert separators[0] == 1 and set(separators[1:]) == {2}
    one = windows_of(rows, segment_tokenizer, 1, seed=0)
    assert one.rows.tolist() == [0, 1, 2]


def test_changed_characters_bring_the_views_of_the_changed_text(segment_tokenizer):
    benign = "Please summarise the report for my team before the meeting and send it to all of them today."
    row = Example(text=benign, label=Label.BENIGN, family=Family.NONE, source="s", group="g")
    made = Augmenter(
        windows_of([row], segment_tokenizer, 4, seed=0), segment_tokenizer, share=1.0, transform_share=1.0, seed=1
    )  # fmt: skip
    tokens = [segment_tokenizer.tokens_of(new.window) for epoch in range(8) if (new := made.of_window(0, epoch))]
    with_view = [each for each in tokens if each.count("[SEP]") == 2]
    assert with_view and all(len(each) <= 64 for each in tokens)


@pytest.fixture(scope="module")
def segment_dir(tiny_model_config, tokenizer, segment_tokenizer, tmp_path_factory):
    """An exported guard that learnt the canaries and reads views as segments."""
    directory = tmp_path_factory.mktemp("segment")
    guard = small_guard(replace(tiny_model_config, views="segment"), tokenizer, steps=30)
    save_artifact(replace(guard, tokenizer=segment_tokenizer), directory)
    return directory


def test_the_exported_directory_says_how_views_are_read_and_the_guard_does_so(segment_dir):
    assert read_artifact_config(segment_dir)["model"]["views"] == "segment"
    predictor = OnnxPredictor.from_directory(segment_dir)
    texts = [HARMLESS, ATTACK, HIDDEN, NESTED]
    measured = predictor.predict(texts)
    by_policy = {policy: Guard.load(segment_dir, policy=policy) for policy in POLICIES}
    for policy, guard in by_policy.items():
        verdicts = guard.batch(texts)
        np.testing.assert_allclose([v.p_attack for v in verdicts], measured.p_attack[policy], atol=1e-6)
    pairs = [(text, view.text) for text in (HIDDEN, NESTED) for view in views_of(text)]
    of_hidden, *of_nested = [len(guard.tokenizer.windows([text], [second])) for text, second in pairs]
    assert [v.windows for v in verdicts] == [v.windows_read for v in verdicts] == [1, 1, of_hidden, sum(of_nested)]
    (view,) = verdicts[2].views
    assert (view.text, view.trace) == (ATTACK, "base64") and view.p_attack == verdicts[2].p_attack
    assert [view.trace for view in verdicts[3].views] == ["base64 > base64", "base64"]
    assert max(view.p_attack for view in verdicts[3].views) == verdicts[3].p_attack
    assert verdicts[0].views == () and measured.num_views.tolist() == [0, 0, 1, 2]


def test_a_batch_with_segments_says_what_single_calls_say(segment_dir):
    guard = Guard.load(segment_dir, max_chars=300)
    texts = [HARMLESS, HIDDEN, NESTED, "", f"{HIDDEN} {HARMLESS * 20}", ATTACK] * 4
    verdicts = guard.batch(texts)
    assert len(texts) > TOGETHER and {len(verdict.views) for verdict in verdicts} == {0, 1, 2}
    assert any(verdict.truncated and verdict.views for verdict in verdicts)
    assert verdicts == [guard(text) for text in texts]


def test_what_a_segment_undoes_counts_under_both_policies(segment_dir):
    """Whatever the network calls it: a hidden attack is an obfuscation, also where `override` would let it pass in the open."""
    predictor = OnnxPredictor.from_directory(segment_dir)
    scores = predictor.predict([ATTACK, HIDDEN])
    assert scores.p_attack["override"][0] < scores.p_attack["full"][0]
    assert scores.p_attack["override"][1] == scores.p_attack["full"][1]
    assert scores.class_probs[1].argmax() in (Label.BENIGN, Label.OBFUSCATION)
    assert scores.class_probs[1][[Label.DIRECT_INJECTION, Label.JAILBREAK]].tolist() == [0.0, 0.0]
    assert scores.family_probs[1].argmax() == Family.ENCODING


def test_the_temperature_is_fitted_on_the_worst_of_what_holds_the_text():
    """A text alone and its view; a text that was read with its two views only."""
    logits = np.array([[2.0, 0, 0, 0], [0, 2, 0, 0], [2, 0, 0, 0], [0, 0, 2, 0]])
    windows = WindowScores(
        text_index=np.array([0, 0, 1, 1]), view_index=np.array([-1, 0, 0, 1]), view_family=np.array([0, 10, 10, 10]),
        tokens=np.ones(4, int), logits=logits, family_logits=np.zeros((4, 16)), p_deep=np.zeros(4), is_deep=np.zeros(4, bool),
    )  # fmt: skip
    np.testing.assert_array_equal(windows.text_logits(), logits[[0, 3]])


def test_the_live_model_reads_as_the_exported_one_and_its_router_too(segment_dir, tiny_model_config, segment_tokenizer):
    torch.manual_seed(0)
    model = TinyGuardrail(replace(tiny_model_config, views="segment"))
    predictor = TorchPredictor(model, segment_tokenizer, OnnxPredictor.from_directory(segment_dir).calibration)
    texts = [HARMLESS, HIDDEN, NESTED]
    np.testing.assert_allclose(predictor.router_scores(texts), predictor.predict(texts).p_deep, atol=1e-6)
    rows = AblationRows(
        [Example(text=text, label=Label.BENIGN, family=Family.NONE, source="s", group=text) for text in texts], {}
    )
    assert set(score_variants(predictor, rows)) == {"routed", "fast branch only", "deep branch only"}
    assert load_guard_tokenizer(model.cfg).views == "segment"
    separate = TorchPredictor(model, load_guard_tokenizer(tiny_model_config), predictor.calibration)
    assert "without views" in score_variants(separate, rows)


def test_a_directory_of_an_earlier_version_has_separate_views_and_an_unknown_way_is_refused(exported_dir, tmp_path):
    config = json.loads((exported_dir / CONFIG_FILE).read_text())
    assert config["model"].pop("views") == "separate"
    for name in ("older", "newer"):
        (tmp_path / name).mkdir()
        for file in exported_dir.iterdir():
            (tmp_path / name / file.name).write_bytes(file.read_bytes())
        if name == "newer":
            config["model"]["views"] = "woven"
        config["checksum"] = checksum_of(config)
        (tmp_path / name / CONFIG_FILE).write_text(json.dumps(config))
    assert Guard.load(tmp_path / "older")(HIDDEN) == Guard.load(exported_dir)(HIDDEN)
    with pytest.raises(ArtifactError, match=r"model.views to be one of \('separate', 'segment'\), found 'woven'"):
        Guard.load(tmp_path / "newer")


def test_a_guard_with_segments_is_not_written_for_transformers(tiny_model_config, segment_tokenizer, segment_dir, tmp_path):
    guard = small_guard(replace(tiny_model_config, views="segment"), segment_tokenizer, steps=0)
    assert isinstance(guard.cfg, Config)
    with pytest.raises(ArtifactError, match="model.views=separate, found segment"):
        save_pretrained(guard, segment_dir, tmp_path / "hf", run=RunPaths(tmp_path))
