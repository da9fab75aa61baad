"""The released guard: what serving needs, small enough for a repository, trained on rows whose licence lets them be passed on.

model_int8.onnx  tokenizer.json  config.json  README.md
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..cards.front_matter import check_model_card
from ..cards.model import model_card, read_card_files, trained_sources
from ..config import from_dict, to_dict
from ..data.local_source import is_closed
from ..errors import ArtifactError
from ..files import atomic_directory, read_json, sha256_of, write_json, write_text
from ..run import RunPaths
from ..runtime.artifact import (
    CARD_FILE,
    CONFIG_FILE,
    INT8_FILE,
    TOKENIZER_FILE,
    checksum_of,
    read_artifact_config,
    verify_checksums,
)

MAX_MB = 48.0
RELEASE_FILES = (INT8_FILE, TOKENIZER_FILE, CONFIG_FILE, CARD_FILE)
MAX_NAMES_SHOWN = 5  # sources or files that an error message names


def make_release(paths: RunPaths, directory: Path) -> dict[str, int]:
    """Write the release of a finished run in place of an earlier one; returns the size of its files in bytes.

    Raises ArtifactError for a run without an exported directory, a dry run, training rows whose licence does not let them be
    passed on, files above MAX_MB together and a directory that holds anything but a release.
    """
    _refuse_foreign(directory)
    config = read_artifact_config(paths.optimized)
    if config.get("dry_run"):
        raise ArtifactError(f"{paths.root} is a dry run, whose model guards nothing; train one")
    verify_checksums(paths.optimized / INT8_FILE, config)
    if not paths.manifest_json.is_file():
        raise ArtifactError(f"expected {paths.manifest_json}, which says what was trained on, found none; train again")
    check_licences(trained_sources(read_json(paths.manifest_json)))
    released = _released_config(config, sha256_of(paths.manifest_json))
    card = model_card(read_card_files(paths, paths.optimized) | {"config": released}, "runtime")
    check_model_card(card)
    with atomic_directory(directory) as partial:
        for name in (INT8_FILE, TOKENIZER_FILE):
            shutil.copy(paths.optimized / name, partial / name)
        write_json(partial / CONFIG_FILE, released | {"checksum": checksum_of(released)})
        write_text(partial / CARD_FILE, card)
        sizes = {name: (partial / name).stat().st_size for name in RELEASE_FILES}
        if sum(sizes.values()) > MAX_MB * 1e6:
            raise ArtifactError(
                f"expected at most {MAX_MB:g} MB together, found {sum(sizes.values()) / 1e6:.1f} MB; a smaller vocabulary "
                "(model.init_from=multilingual-e5-small:45000) or fewer layers make the file smaller"
            )
    return sizes


def check_licences(trained: Mapping[str, Mapping[str, Any]]) -> None:
    """`trained`: sources with their "licence". Raises ArtifactError for those whose rows may not be passed on."""
    closed = [name for name, source in trained.items() if is_closed(source["licence"])]
    if closed:
        shown = ", ".join(f"{name} ({trained[name]['licence'][:60]})" for name in closed[:MAX_NAMES_SHOWN])
        more = ", ..." if len(closed) > MAX_NAMES_SHOWN else ""
        raise ArtifactError(
            f"expected training rows whose licence lets them be passed on, found "
            f"{len(closed)} sources that do not or do not say: {shown}{more}; leave them out with data.exclude and train again"
        )


def _refuse_foreign(directory: Path) -> None:
    foreign = sorted({path.name for path in directory.iterdir()} - {*RELEASE_FILES}) if directory.is_dir() else []
    if foreign:
        raise ArtifactError(
            f"{directory} has files that are not of a release ({', '.join(foreign[:MAX_NAMES_SHOWN])}), and all of it would be "
            "replaced; choose an empty or a new directory"
        )


def _released_config(config: Mapping[str, Any], manifest_sha256: str) -> dict[str, Any]:
    """config.json without the entries of other files and the paths of the machine that trained."""
    cfg = to_dict(from_dict(config["training_config"]))
    cfg["data"]["local_dir"] = cfg["data"]["tables"] = cfg["data"]["cache_dir"] = None
    cfg["run"]["output_dir"] = "outputs/release"
    content = {key: value for key, value in config.items() if key != "checksum"}
    return content | {
        "files": {name: config["files"][name] for name in (INT8_FILE, TOKENIZER_FILE)},
        "canaries": config["canaries"] | {"files": {INT8_FILE: config["canaries"]["files"][INT8_FILE]}},
        "training_config": cfg,
        "manifest_sha256": manifest_sha256,
    }
