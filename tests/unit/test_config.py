import json
import re
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from src.cli import FITTING_KEYS, MEASURING_KEYS, config_from_model, script_parser
from src.config import (
    BASE_CONFIG,
    CONFIG_DIR,
    NOT_PRESETS,
    REMOVED_KEYS,
    Config,
    config_keys,
    differing_keys,
    from_dict,
    load_config,
    to_dict,
    to_yaml,
)
from src.errors import ConfigError
from src.runtime.artifact import RELEASE, read_artifact_config

PRESETS = sorted(path for path in CONFIG_DIR.glob("*.yaml") if path.name not in NOT_PRESETS)


def test_base_config_names_every_field_with_its_default():
    values = OmegaConf.to_container(OmegaConf.load(BASE_CONFIG))
    mixture = values["data"].pop("mixture")
    assert sum(mixture.values()) > 80_000  # the published counts; the dataclass default is empty on purpose
    expected = to_dict(Config())
    expected["data"].pop("mixture")
    assert values == expected


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_every_preset_loads_and_reaches_every_phase(path):
    cfg = load_config([path])
    if path.stem != "dry_run":
        assert cfg.data.mixture
    first = 0 if path.stem in ("ablation", "quick_ablation") else 1  # its cells are compared without the last phases
    assert first <= cfg.adversarial.start_epoch <= cfg.train.epochs
    assert first <= cfg.quantization.start_epoch <= cfg.train.epochs


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_a_dry_run_of_every_preset_is_small(path):
    mixture = load_config([path, CONFIG_DIR / "dry_run.yaml"]).data.mixture
    assert max(mixture.values()) <= 28


def test_presets_exist():
    assert {"base_config", "dry_run", "quick", "cpu", "full"} <= {path.stem for path in PRESETS}


def test_round_trip_through_yaml_and_dict(tmp_path: Path):
    cfg = load_config([CONFIG_DIR / "quick.yaml"], ["optim.learning_rate=3e-5", "model.init_from=null"])
    (tmp_path / "saved.yaml").write_text(to_yaml(cfg))
    assert load_config([tmp_path / "saved.yaml"]) == cfg
    assert from_dict(to_dict(cfg)) == cfg


def test_precedence_is_default_then_files_then_overrides(tmp_path: Path):
    (tmp_path / "a.yaml").write_text("train: {epochs: 7, batch_size: 3}")
    (tmp_path / "b.yaml").write_text("train: {epochs: 8}")
    cfg = load_config([tmp_path / "a.yaml", tmp_path / "b.yaml"], ["train.batch_size=9"])
    assert (cfg.train.epochs, cfg.train.batch_size) == (8, 9)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("model.dmodel=3", "did you mean 'model.d_model'"),
        ("model.deep_residual=true", "model.deep_input must be fast with model.deep_residual"),
        ("model.router=early_exit", "model.deep_input must be fast with model.router=early_exit"),
        ("epochs=3", "did you mean 'train.epochs'"),
        ("trian.epochs=3", "did you mean 'train"),
        ("model.num_heads=0", "model.num_heads must be 1 or more"),
        ("model.d_model=wide", "could not be converted to Integer"),
        ("router.complexity_threshold=0.2-0.4", "router.complexity_threshold"),
        ("router.complexity_threshold=3", r"must be in \(0, 1\)"),
        ("data.source=wiki", "data.source"),
        ("optim.layer_lr_decay=0", r"optim.layer_lr_decay must be above 0 and at most 1"),
        ("optim.table_lr_multiplier=-1", r"optim.table_lr_multiplier must be >= 0; 0 freezes"),
        ("eval.max_rows_per_benchmark=-5", r"eval.max_rows_per_benchmark must be 0 \(all\) or more, got -5"),
        ("eval.batch_size=0", "eval.batch_size must be 1 or more, got 0"),
        ("adversarial.every_steps=0", "adversarial.every_steps must be at least 1, got 0"),
        ("optim.max_grad_norm=0", "optim.max_grad_norm must be above 0, got 0"),
        ("optim.warmup_ratio=2", r"optim.warmup_ratio must be in \[0, 1\], got 2"),
        ("search.evaluations_per_trial=0", "search.evaluations_per_trial must be at least 1, got 0"),
        ("train.max_steps=-1", "train.max_steps must be >= 0; 0 = all epochs, got -1"),
        ("train.epochs", "expected key=value"),
    ],
)
def test_a_bad_override_is_refused_with_advice(override, message):
    with pytest.raises(ConfigError, match=message):
        load_config([], [override])


@pytest.mark.parametrize("key", REMOVED_KEYS)
def test_a_stored_configuration_may_have_what_is_left_of_a_removed_option(key):
    section, name = key.split(".")
    stored = to_dict(load_config([], ["train.epochs=7"]))
    stored[section][name] = REMOVED_KEYS[key]
    assert from_dict(stored) == load_config([], ["train.epochs=7"]) and name in stored[section]
    assert not differing_keys(stored, to_dict(from_dict(stored)))
    stored[section][name] = "other"
    with pytest.raises(ConfigError, match=f"{key}: this option was removed, found 'other'"):
        from_dict(stored)
    assert list(differing_keys(stored, to_dict(load_config([], ["train.epochs=7"])))) == [key]


@pytest.mark.parametrize("key", REMOVED_KEYS)
def test_presets_and_words_that_name_a_removed_option_are_refused(key, tmp_path: Path):
    section, name = key.split(".")
    (tmp_path / "old.yaml").write_text(json.dumps({section: {name: REMOVED_KEYS[key]}}))
    with pytest.raises(ConfigError, match=f"{key}: this option was removed, found {re.escape(repr(REMOVED_KEYS[key]))}"):
        load_config([tmp_path / "old.yaml"])
    for word, found in (("other", "'other'"), ("null", "None")):
        with pytest.raises(ConfigError, match=f"{key}: this option was removed, found {found}"):
            load_config([], [f"{key}={word}"])


def test_the_configuration_of_the_released_guard_is_read():
    assert from_dict(read_artifact_config(RELEASE)["training_config"]).model.init_from == "release"


def test_the_word_no_is_not_read_as_false(tmp_path: Path):
    (tmp_path / "a.yaml").write_text("train: {mixed_precision: no}")
    assert load_config([], ["train.mixed_precision=no"]).train.mixed_precision == "no"
    assert load_config([tmp_path / "a.yaml"]).train.mixed_precision == "no"


def test_a_missing_or_broken_file_is_named(tmp_path: Path):
    with pytest.raises(ConfigError, match="no config file at .*absent.yaml"):
        load_config([tmp_path / "absent.yaml"])
    broken = tmp_path / "broken.yaml"
    broken.write_text("train: {epochs: 3")
    with pytest.raises(ConfigError, match="not valid YAML"):
        load_config([broken])


def test_config_keys_are_leaves_of_the_tree():
    keys = config_keys()
    assert "model.d_model" in keys and "model" not in keys
    assert len(keys) == len(set(keys))


def test_a_file_with_a_byte_order_mark_is_read_and_one_that_is_not_utf8_names_its_line(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"\xef\xbb\xbftrain:\n  epochs: 7\n")
    assert load_config([path]).train.epochs == 7
    path.write_bytes(b"train:\n  epochs: 7  # caf\xe9\n")
    with pytest.raises(ConfigError, match="mine.yaml, line 2: expected UTF-8"):
        load_config([path])


@pytest.mark.parametrize(
    "override",
    [
        *("optim.max_grad_norm=.inf", "eval.max_decision_flips=.nan", "data.benign_twin_ratio=.inf", "loss.aux_loss_weight=.nan"),
        *("data.validation_rows=-5", "data.test_fraction=1", "data.test_fraction=-0.1", "data.max_windows_per_text=0"),
        *("run.seed=-1", "run.seed=4294967296", "run.num_threads=-1", "eval.parity_rows=0", "eval.max_decision_flips=2"),
        *("model.char_filters=0", "data.exclude=[[1]]", "run.name=${oc.env:HOME}", "data.exclude=[a, '${run.name}']"),
    ],
)
def test_a_value_that_would_do_harm_later_is_refused_at_once(override):
    with pytest.raises(ConfigError, match=re.escape(override.split("=")[0])):
        load_config((), [override])


def test_a_stored_configuration_cannot_read_the_environment(monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    stored = to_dict(Config())
    stored["run"]["name"] = "${oc.env:HF_TOKEN}"
    with pytest.raises(ConfigError, match="run.name must be a plain value") as refused:
        from_dict(stored)
    assert "hf_secret" not in str(refused.value)


def test_of_a_finished_guard_only_what_measures_it_can_change():
    def read(*words: str, changeable=MEASURING_KEYS) -> Config:
        parser = script_parser("")
        return config_from_model(
            parser.parse_intermixed_args(list(words)), to_dict(load_config([CONFIG_DIR / "quick.yaml"])), changeable
        )

    assert read("data.generated_rows=3", "run.output_dir=elsewhere", "data.local_dir=/data").data.generated_rows == 3
    assert read("--config", str(CONFIG_DIR / "quick.yaml")) == load_config([CONFIG_DIR / "quick.yaml"])
    for word in (
        "data.test_fraction=0.3",
        "data.seed=7",
        "data.left_out=[flip]",
        "eval.fpr_budget=0.2",
        "model.window_overlap=1",
    ):
        with pytest.raises(ConfigError, match=rf"trained with, found others \({word.split('=')[0]}: .*Leave them out"):
            read(word)
    assert read("eval.max_segments=3", changeable=FITTING_KEYS).eval.max_segments == 3
    with pytest.raises(ConfigError, match="data.seed"):
        read("data.seed=7", changeable=FITTING_KEYS)
