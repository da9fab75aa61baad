"""The peers, as their packages document them: licence, threshold, handling of long texts, training data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import ConfigError, did_you_mean

REQUIREMENTS = "requirements-peers.txt"


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A guard in a public package."""

    name: str
    package: str  # on PyPI; the version is pinned in requirements-peers.txt
    adapter: str  # "module:function", a function of adapters.py
    about: str
    licence: str
    threshold: float  # default of the package
    long_texts: str
    trained_on: str
    # Evaluation files whose source is documented as its training data, so that its rates there are not those of unseen texts.
    in_distribution: tuple[str, ...] = ()
    also_needs: str | None = None  # files that pip does not install, and their source


_ADAPTERS = f"{__package__}.adapters"
_RULES = "nothing: rules"
# Jailguard downloads this file on first use, which the confined process cannot do.
ENCODER = "all-MiniLM-L6-v2.onnx"

PEERS: dict[str, Peer] = {
    peer.name: peer
    for peer in (
        Peer(
            name="stackone",
            package="stackone-defender",
            adapter=f"{_ADAPTERS}:stackone",
            about="StackOne Defender, classifier alone: MiniLM-L6, INT8 ONNX, 23 MB",
            licence="Apache-2.0",
            threshold=0.52,
            long_texts="sentences packed to 256 tokens, maximum; first 10,000 characters",
            trained_on="among others qualifire, jayavibhav, agentdojo, jasperls (a copy of deepset/prompt-injections), "
            "jailbreakbench, toxic-chat (its classifier_config.json)",
            in_distribution=("deepset_test", "jbb_artifacts"),
        ),
        Peer(
            name="guardify",
            package="prompt-guardrail",
            adapter=f"{_ADAPTERS}:guardify",
            about="Guardify: word n-grams, TF-IDF and logistic regression, 2.6 MB of pickles",
            licence="Apache-2.0",
            threshold=0.5,
            long_texts="whole",
            trained_on="Mindgard/evaded-prompt-injection-and-jailbreak-samples, OpenAssistant/oasst2 as harmless (its README)",
        ),
        Peer(
            name="nanoguard",
            package="metatronnanoguard",
            adapter=f"{_ADAPTERS}:nanoguard",
            about="NanoGuard: transformer of 16.8M parameters, 59 MB",
            licence="MIT",
            threshold=0.5,
            long_texts="first 512 tokens; short texts are padded to as many",
            trained_on="21,804 examples of 11 public datasets, not named (its README)",
        ),
        Peer(
            name="jailguard",
            package="jailguard",
            adapter=f"{_ADAPTERS}:jailguard",
            about="JailGuard: a head of 1.5 MB on embeddings of all-MiniLM-L6-v2, 90 MB",
            licence="MIT OR Apache-2.0",
            threshold=0.5,
            long_texts="first 128 tokens",
            trained_on="17 public datasets, deepset/prompt-injections and JailbreakBench among them (its documentation)",
            in_distribution=("deepset_test", "jbb_artifacts"),
            also_needs="onnx/model.onnx of huggingface.co/sentence-transformers/all-MiniLM-L6-v2 as "
            f"models/{ENCODER} of the directory of the packages",
        ),
        Peer(
            name="picket",
            package="aicordon",
            adapter=f"{_ADAPTERS}:picket",
            about="AI Cordon Picket: signatures",
            licence="Apache-2.0",
            threshold=0.5,
            long_texts="whole",
            trained_on=_RULES,
        ),
        Peer(
            name="injectionguard",
            package="injectionguard",
            adapter=f"{_ADAPTERS}:injectionguard",
            about="injectionguard: regular expressions, five levels",
            licence="Apache-2.0",
            threshold=0.25,  # any finding, of whatever level
            long_texts="whole",
            trained_on=_RULES,
        ),
    )
}


def find_peers(names: Sequence[str]) -> list[Peer]:
    """The peers of these names, each once; all peers for no names. Raises ConfigError for an unknown name."""
    for name in names:
        if name not in PEERS:
            hint = did_you_mean(name, PEERS)
            raise ConfigError(f"unknown peer {name!r}; expected one of {', '.join(PEERS)}{hint and f'; {hint}'}")
    return [PEERS[name] for name in dict.fromkeys(names or PEERS)]
