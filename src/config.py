"""The whole configuration: one tree of frozen dataclasses, in pipeline order.

Precedence: dataclass default < YAML preset < documented flag < `key=value` on the command line. The defaults here
equal `configs/base_config.yaml` (a test compares them); a preset names only the keys that it changes.
Secrets (HF_TOKEN, WANDB_API_KEY) are never config.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, cast

import yaml
from omegaconf import OmegaConf
from omegaconf.errors import ConfigKeyError, OmegaConfBaseException

from .config_sections import (
    AdversarialConfig,
    DataConfig,
    DistillConfig,
    EvalConfig,
    ExportConfig,
    LoggingConfig,
    LossConfig,
    ModelConfig,
    OptimConfig,
    QuantizationConfig,
    RouterConfig,
    RunConfig,
    SearchConfig,
    TrainConfig,
    require,
)
from .errors import ConfigError, did_you_mean
from .files import not_utf8_message

CONFIG_DIR = Path(__file__).resolve().parents[1] / "configs"
NOT_PRESETS = ("targets.yaml", "published.yaml")  # files in configs/ that only the report reads
BASE_CONFIG = CONFIG_DIR / "base_config.yaml"
DRY_RUN_NAME = "dry_run"  # run.name of DRY_RUN_PRESET
DRY_RUN_PRESET = CONFIG_DIR / "dry_run.yaml"  # small sizes, applied on top of another preset
NO_RESULT_KEYS = ("logging.", "data.cache_dir", "run.output_dir")  # keys that cannot change a result
# Removed options -> the only value that a stored configuration may have for them.
REMOVED_KEYS: dict[str, Any] = {
    "model.views": "separate",
    "model.moe_routing": "sequence",
    "loss.source_balance": 0.0,
    "loss.class_weights": "alpha",
    "loss.class_alpha": [],
    "loss.label_smoothing": 0.0,
}


@dataclass(frozen=True, kw_only=True)
class Config:
    run: RunConfig = field(default_factory=RunConfig)
    data: DataConfig = field(default_factory=DataConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    router: RouterConfig = field(default_factory=RouterConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    optim: OptimConfig = field(default_factory=OptimConfig)
    train: TrainConfig = field(default_factory=TrainConfig)
    adversarial: AdversarialConfig = field(default_factory=AdversarialConfig)
    distill: DistillConfig = field(default_factory=DistillConfig)
    quantization: QuantizationConfig = field(default_factory=QuantizationConfig)
    search: SearchConfig = field(default_factory=SearchConfig)
    eval: EvalConfig = field(default_factory=EvalConfig)
    export: ExportConfig = field(default_factory=ExportConfig)
    logging: LoggingConfig = field(default_factory=LoggingConfig)


def load_config(paths: Sequence[Path] = (), overrides: Sequence[str] = ()) -> Config:
    """Dataclass defaults, then the YAML files in order, then `a.b=value` from the command line.

    Raises ConfigError for a missing file, broken YAML, an unknown key (with the nearest valid one), a removed key or a bad value.
    """
    return override_config({}, paths, overrides)


def override_config(stored: dict[str, Any], paths: Sequence[Path] = (), overrides: Sequence[str] = ()) -> Config:
    """As `load_config`, starting from `stored`, an earlier result of `to_dict`, without its REMOVED_KEYS."""
    try:
        layers = [OmegaConf.structured(Config), OmegaConf.create(_drop_removed(stored))]
        layers += [_load_yaml(Path(path)) for path in paths]
        for override in overrides:
            if "=" not in override:
                raise ConfigError(f"expected key=value, got {override!r}; for example train.epochs=3")
        layers.append(_read_overrides(overrides))
        for layer in layers[1:]:
            _refuse_interpolations(layer)
        for layer in layers[2:]:
            for key in REMOVED_KEYS:
                if (value := OmegaConf.select(layer, key, default=...)) is not ...:
                    raise _removed_key_error(key, value)
        for layer in layers[1:]:
            if OmegaConf.select(layer, "train.mixed_precision") is False:  # YAML reads the word `no` as false
                OmegaConf.update(layer, "train.mixed_precision", "no")
        merged = _merge(layers)
        for key, value in _leaves(merged).items():
            require(not isinstance(value, float) or math.isfinite(value), key, "a finite number", value)
        cfg = cast("Config", OmegaConf.to_object(merged))
        OmegaConf.structured(cfg)  # checks the items of lists, which the merge does not
        return cfg
    except ConfigKeyError as error:
        raise ConfigError(_unknown_key_message(error)) from error
    except OmegaConfBaseException as error:
        raise ConfigError(f"{error.full_key or 'config'}: {str(error).splitlines()[0]}") from error


def _refuse_interpolations(layer: Any) -> None:
    """Raise ConfigError for "${...}": a configuration from elsewhere could read variables of the environment with it."""
    for key, value in _leaves(layer).items():
        if "${" in str(value):
            raise ConfigError(f"{key} must be a plain value, got {value!r}; write the value itself in place of ${{...}}")


def _leaves(layer: Any) -> dict[str, Any]:
    """Dotted key -> value as it is written; none for a layer that is no mapping, which the merge refuses."""
    values = OmegaConf.to_container(layer, resolve=False)
    return flatten(cast("dict[str, Any]", values)) if isinstance(values, dict) else {}


def _read_overrides(overrides: Sequence[str]) -> Any:
    try:
        return OmegaConf.from_dotlist(list(overrides))
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a number of too many digits, a lone surrogate
        raise ConfigError(f"expected key=value with a value in YAML, found one that is none: {_one_line(error)}") from error


def _merge(layers: Sequence[Any]) -> Any:
    try:
        return OmegaConf.merge(*layers)
    except (OverflowError, TypeError) as error:  # a number beyond any float, a list in place of a mapping
        raise ConfigError(
            f"expected values of the kinds in configs/base_config.yaml, found another: {_one_line(error)}"
        ) from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _drop_removed(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Stored values without REMOVED_KEYS. Raises ConfigError for another value of one."""
    remaining: dict[str, Any] = {}
    for name, value in values.items():
        key = f"{prefix}{name}"
        if key not in REMOVED_KEYS:
            remaining[name] = _drop_removed(value, f"{key}.") if isinstance(value, Mapping) else value
        elif value != REMOVED_KEYS[key]:
            raise _removed_key_error(key, value)
    return remaining


def _removed_key_error(key: str, value: Any) -> ConfigError:
    return ConfigError(
        f"{key}: this option was removed, found {value!r}; it is always {REMOVED_KEYS[key]!r} now: leave it out, or use the "
        "version that wrote it"
    )


def _load_yaml(path: Path) -> Any:
    if not path.is_file():
        presets = sorted(preset.name for preset in CONFIG_DIR.glob("*.yaml") if preset.name not in NOT_PRESETS)
        raise ConfigError(f"no config file at {path}; configs/ has {', '.join(presets)}")
    try:
        return OmegaConf.load(path)
    except UnicodeDecodeError as error:
        raise ConfigError(not_utf8_message(path, error)) from error
    except (yaml.YAMLError, ValueError, RecursionError, OSError) as error:  # OSError: a YAML file that holds one word
        raise ConfigError(f"{path} is not valid YAML: {error}") from error


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a config.yaml of any schema, unchecked. Raises ConfigError for a file that is missing or not YAML."""
    return cast("dict[str, Any]", OmegaConf.to_container(_load_yaml(path)))


def to_dict(cfg: Config) -> dict[str, Any]:
    """Plain dicts and scalars, as saved in config.yaml, in checkpoints and in result files."""
    return cast("dict[str, Any]", OmegaConf.to_container(OmegaConf.structured(cfg)))


def from_dict(values: dict[str, Any]) -> Config:
    """The inverse of `to_dict`. Raises ConfigError when the values were written by another schema."""
    return override_config(values)


def differing_keys(stored: Mapping[str, Any], current: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Dotted key -> (stored, current) for the values that differ and could change a result.

    A key that is absent from `stored` counts as its default, because that is how that version behaved; a removed key counts as
    its only remaining value.
    """
    old, new = flatten(to_dict(Config())) | REMOVED_KEYS | flatten(stored), REMOVED_KEYS | flatten(current)
    keys = [key for key in sorted(old.keys() | new.keys()) if not key.startswith(NO_RESULT_KEYS)]
    return {key: (old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)}


def describe_difference(key: str, stored: Any, current: Any) -> str:
    """One entry of `differing_keys`, worded for a message."""
    return f"{key}: {stored!r} there, {current!r} now"


def flatten(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Dotted key -> value of nested mappings."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        flat |= flatten(value, f"{prefix}{key}.") if isinstance(value, Mapping) else {f"{prefix}{key}": value}
    return flat


def to_yaml(cfg: Config) -> str:
    return OmegaConf.to_yaml(OmegaConf.structured(cfg))


def config_keys(node: Any = Config, prefix: str = "") -> list[str]:
    """Every dotted leaf key, such as `model.d_model`."""
    keys: list[str] = []
    for item in fields(node):
        nested = item.default_factory if is_dataclass(item.default_factory) else None
        keys += config_keys(nested, f"{prefix}{item.name}.") if nested else [f"{prefix}{item.name}"]
    return keys


def _unknown_key_message(error: ConfigKeyError) -> str:
    key = error.full_key or str(error.key)
    keys = config_keys()
    sections = sorted({k.split(".")[0] for k in keys})
    same_leaf = [k for k in keys if k.split(".")[-1] == key.split(".")[-1]]
    hint = did_you_mean(key, keys + sections, cutoff=0.5) or did_you_mean(key, same_leaf, cutoff=0.0)
    return f"unknown config key {key!r}; {hint or 'known sections: ' + ', '.join(sections)}"
