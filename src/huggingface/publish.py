"""Uploads to the Hugging Face Hub: a release, the form for transformers, or the corpus.

`plan` checks a directory and refuses an incomplete one; `push` uploads the planned files and nothing else. A new repository is
private, so that nobody reads it before its owner does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from huggingface_hub.utils import HfHubHTTPError

from ..cards.front_matter import check_dataset_card, check_model_card
from ..errors import ArtifactError
from ..export.release import RELEASE_FILES
from ..files import read_json
from ..runtime.artifact import CARD_FILE, CONFIG_FILE, INT8_FILE, read_artifact_config, verify_checksums
from ..runtime.calibration import Calibration, thresholds_section
from .configuration import TinyGuardrailConfig
from .directory import FILES

What = Literal["release", "transformers", "corpus"]
CORPUS_FILES = (CARD_FILE, "LICENSE", "MANIFEST.json", "probe.jsonl")


class Api(Protocol):
    """The part of huggingface_hub.HfApi that is used."""

    def create_repo(self, repo_id: str, *, repo_type: str, private: bool, exist_ok: bool) -> Any: ...
    def upload_folder(
        self, *, repo_id: str, repo_type: str, folder_path: Path, allow_patterns: list[str], commit_message: str
    ) -> Any: ...


@dataclass(frozen=True)
class Plan:
    """The files to upload: their sizes in bytes by their path in `directory`, and the declarations of their card."""

    directory: Path
    repo_type: str
    sizes: dict[str, int]
    card: list[str]


def plan(what: What, directory: Path) -> Plan:
    """Plan an upload.

    Raises ArtifactError for a directory that lacks a file, has one that is damaged, or whose card the Hub would refuse.
    """
    if not directory.is_dir():
        raise ArtifactError(f"expected a directory at {directory}, found none; {MAKERS[what]} writes it")
    names = FILE_LISTERS[what](directory)
    missing = sorted(name for name in names if not (directory / name).is_file())
    if missing:
        raise ArtifactError(f"{directory} lacks {', '.join(missing)}; {MAKERS[what]} writes them")
    check = check_dataset_card if what == "corpus" else check_model_card
    card = check((directory / CARD_FILE).read_text(encoding="utf-8"))
    sizes = {name: (directory / name).stat().st_size for name in sorted(names)}
    return Plan(directory, "dataset" if what == "corpus" else "model", sizes, card)


def push(planned: Plan, repo: str, api: Api, git: Mapping[str, Any]) -> str:
    """Upload the files; `git` is the result of `git_state`. Returns the address of the commit.

    Raises ArtifactError outside a clean checkout, whose commit could not be named, and for what the Hub refuses.
    """
    if git["dirty"] is not False:
        raise ArtifactError(
            "expected a checkout without local changes, so that the commit that made these files can be named; commit them or "
            "put them aside, then push again"
        )
    try:
        api.create_repo(repo, repo_type=planned.repo_type, private=True, exist_ok=True)
        commit = api.upload_folder(
            repo_id=repo,
            repo_type=planned.repo_type,
            folder_path=planned.directory,
            allow_patterns=list(planned.sizes),
            commit_message=f"TinyGuardrail at commit {git['commit']}",
        )
    except (HfHubHTTPError, ValueError) as error:
        raise ArtifactError(f"the Hub refused the upload to {repo}: {error}") from error
    return str(commit)


def _list_release(directory: Path) -> list[str]:
    """The files of a release, checked as for serving; its card must state the thresholds in config.json."""
    config = read_artifact_config(directory)
    if config.get("dry_run"):
        raise ArtifactError(f"{directory} is of a dry run, whose model guards nothing")
    if (directory / INT8_FILE).is_file():
        verify_checksums(directory / INT8_FILE, config)
    card = directory / CARD_FILE
    if card.is_file() and thresholds_section(Calibration.from_dict(config["calibration"])) not in card.read_text(
        encoding="utf-8"
    ):
        raise ArtifactError(f"{card} has other thresholds than {CONFIG_FILE}; scripts/create_model_card.py writes it again")
    return list(RELEASE_FILES)


def _list_transformers(directory: Path) -> list[str]:
    config = read_json(directory / CONFIG_FILE) if (directory / CONFIG_FILE).is_file() else {}
    if config.get("model_type") != TinyGuardrailConfig.model_type:
        raise ArtifactError(f"expected {directory} to hold a guard for transformers; {MAKERS['transformers']} writes one")
    return list(FILES)


def _list_corpus(directory: Path) -> list[str]:
    manifest = directory / "MANIFEST.json"
    return [*CORPUS_FILES, *(f"{name}.jsonl" for name in (read_json(manifest)["sources"] if manifest.is_file() else ()))]


FILE_LISTERS: dict[What, Callable[[Path], list[str]]] = {
    "release": _list_release,
    "transformers": _list_transformers,
    "corpus": _list_corpus,
}
MAKERS: dict[What, str] = {
    "release": "scripts/make_release.py",
    "transformers": "scripts/save_pretrained.py",
    "corpus": "the repository",
}
