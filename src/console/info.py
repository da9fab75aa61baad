"""`tinyguardrail info`: the loaded model and the data on which its thresholds were fitted."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from platform import python_version
from typing import Any

from ..policy import POLICIES
from ..runtime import Guard
from ..runtime.artifact import artifact_directory, read_artifact_config
from ..runtime.cpu import has_wide_sums

PACKAGES = ("tinyguardrail", "onnxruntime", "tokenizers", "numpy")


def collect(guard: Guard, model: Any) -> dict[str, Any]:
    """Plain values for JSON. `guard` was loaded from `model`."""
    directory = artifact_directory(model)
    config, calibration = read_artifact_config(directory), guard.network.calibration
    return {
        "directory": str(directory.absolute()),
        "file": guard.file,
        "size_mb": (directory / guard.file).stat().st_size / 1e6,
        "model_id": guard.model_id,
        "commit": config.get("commit"),
        "preset": config.get("training_config", {}).get("run", {}).get("name"),
        "fpr_budget": calibration.fpr_budget,
        "thresholds": calibration.thresholds,
        "n_benign": calibration.n_benign,
        "sources": calibration.sources,
        "max_tokens": config["model"]["max_tokens"],
        "max_chars": guard.limits.max_chars,
        "max_windows": guard.limits.max_windows,
        "vnni": has_wide_sums(),
        "versions": {"python": python_version()} | {name: _version(name) for name in PACKAGES},
    }


def describe(info: dict[str, Any]) -> str:
    thresholds = [
        f"  {policy:<10}" + "  ".join(f"{budget}: {threshold:.4f}" for budget, threshold in info["thresholds"][policy].items())
        for policy in POLICIES
    ]
    sources = ", ".join(f"{name} ({count:,})" for name, count in info["sources"].items()) or "not recorded"
    versions = ", ".join(f"{name} {installed or 'not installed'}" for name, installed in info["versions"].items())
    return "\n".join(
        [
            f"model       {info['directory']}: {info['file']}, {info['size_mb']:.1f} MB, id {info['model_id']}",
            f"trained     preset {info['preset']}, exported at commit {info['commit']}",
            f"thresholds  by false-alarm budget; in force: {info['fpr_budget']:g}",
            *thresholds,
            f"fitted on   {info['n_benign']:,} benign rows; sources: {sources}",
            f"reads       windows of {info['max_tokens']} tokens; of a text at most {info['max_chars']:,} characters and "
            f"{info['max_windows']} windows",
            f"CPU         {'with' if info['vnni'] else 'not known to have'} VNNI",
            f"versions    {versions}",
        ]
    )


def _version(name: str) -> str | None:
    """None for the package itself where a checkout is run that is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None
