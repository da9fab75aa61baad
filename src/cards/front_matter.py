"""Front matter of the Hugging Face Hub: written and read by huggingface_hub, and checked without the network.

The Hub checks a card again when it is pushed. The checks here cover what its checks and pages need.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from huggingface_hub import DatasetCard, DatasetCardData, ModelCard, ModelCardData, RepoCard
from yaml import YAMLError

from ..errors import ArtifactError

# https://huggingface.co/docs/hub/model-cards: language codes of two or three letters, or one of these
LANGUAGE, SPECIAL_LANGUAGES = re.compile(r"[a-z]{2,3}"), ("multilingual", "code")
LICENCE = re.compile(r"[a-z0-9][a-z0-9.+-]*")
# https://huggingface.co/docs/hub/datasets-cards
SIZES = (
    "n<1K",
    "1K<n<10K",
    "10K<n<100K",
    "100K<n<1M",
    "1M<n<10M",
    "10M<n<100M",
    "100M<n<1B",
    "1B<n<10B",
    "10B<n<100B",
    "100B<n<1T",
    "n>1T",
)
MODEL_FIELDS = ("license", "pipeline_tag", "tags")
DATASET_FIELDS = ("license", "language", "pretty_name", "size_categories", "task_categories", "configs")


def with_front_matter(data: ModelCardData | DatasetCardData, text: str) -> str:
    return f"---\n{data.to_yaml(line_break=chr(10))}\n---\n\n{text}"


def check_model_card(text: str) -> list[str]:
    """The card's declarations as lines. Raises ArtifactError for a card that the Hub would refuse or show without results."""
    card = _parse(ModelCard, text)
    _require(card, MODEL_FIELDS)
    results = card.data.get("eval_results", [])
    for result in results:
        if isinstance(result.metric_value, bool) or not isinstance(result.metric_value, int | float):
            raise ArtifactError(f"model-index: expected a number for {result.dataset_name} {result.metric_type}")
    names = {(result.unique_identifier, result.metric_type, str(result.metric_args)) for result in results}
    if len(names) != len(results):
        raise ArtifactError("model-index: two results have the same set and metric; the Hub shows one of them only")
    lines = _list_declarations(card)
    lines.append(f"model-index: {len(results)} results on {len({result.dataset_type for result in results})} sets")
    return lines


def check_dataset_card(text: str) -> list[str]:
    """As `check_model_card`."""
    card = _parse(DatasetCard, text)
    _require(card, DATASET_FIELDS)
    if unknown_sizes := [size for size in card.data.get("size_categories") if size not in SIZES]:
        raise ArtifactError(f"size_categories: expected some of {', '.join(SIZES)}, found {', '.join(unknown_sizes)}")
    return [*_list_declarations(card), f"configs: {', '.join(config['config_name'] for config in card.data.get('configs'))}"]


def _parse(kind: type[RepoCard], text: str) -> RepoCard:
    if not text.startswith("---\n"):
        raise ArtifactError("expected a card that begins with front matter, found none")
    try:
        card = kind(text)
    except (ValueError, TypeError, YAMLError) as error:
        raise ArtifactError(f"the front matter of the card cannot be read: {error}") from error
    if str(card) and kind(str(card)).data.to_dict() != card.data.to_dict():
        raise ArtifactError("the front matter changes when huggingface_hub writes it again")
    return card


def _require(card: RepoCard, fields: Sequence[str]) -> None:
    if missing_fields := [field for field in fields if not card.data.get(field)]:
        raise ArtifactError(f"the front matter lacks {', '.join(missing_fields)}")
    licence = card.data.get("license")
    if not LICENCE.fullmatch(licence):
        raise ArtifactError(f"license: expected an identifier of the Hub, such as apache-2.0, found {licence!r}")
    invalid_codes = [code for code in _languages(card) if not LANGUAGE.fullmatch(code) and code not in SPECIAL_LANGUAGES]
    if invalid_codes:
        raise ArtifactError(f"language: expected codes of two or three letters, found {', '.join(invalid_codes)}")


def _languages(card: RepoCard) -> list[str]:
    languages = card.data.get("language", [])
    return [languages] if isinstance(languages, str) else languages


def _list_declarations(card: RepoCard) -> list[str]:
    return [f"license: {card.data.get('license')}", f"languages: {len(_languages(card))}", f"text: {len(card.text):,} characters"]
