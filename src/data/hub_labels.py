"""Mapping of the labels and language codes of Hub data sets, one function for each publisher's scheme.

A function returns None for rows outside the four classes: they are left out and counted in the manifest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..labels import Family, Label

Target = tuple[Label, Family] | None
Row = Mapping[str, Any]

BENIGN: Target = (Label.BENIGN, Family.NONE)
INJECTION: Target = (Label.DIRECT_INJECTION, Family.DIRECT_INJECTION)
EXTRACTION: Target = (Label.DIRECT_INJECTION, Family.PROMPT_EXTRACTION)
PERSONA: Target = (Label.JAILBREAK, Family.JAILBREAK_PERSONA)
FRAMED: Target = (Label.JAILBREAK, Family.UNKNOWN)  # a frame of unknown kind around a request
HARMFUL_REQUEST: Target = (Label.JAILBREAK, Family.HARMFUL_REQUEST)
LEFT_OUT: Target = None

# "Please ignore all previous instructions" is how many shared prompts for ordinary tasks begin.
OVERRIDE = re.compile(r"\b(?:ignore|disregard|forget)(?: \w+){0,3} (?:previous|prior|above|earlier|preceding)\b", re.I)

# Label by oasst1's reviewers -> share of reviewers, in [0, 1], from which a prompt is left out.
OASST_REJECT_SHARES = {"not_appropriate": 0.5, "hate_speech": 0.5, "sexual_content": 0.5, "spam": 0.5}

# ISO 639-3 codes of aya as the two letters that all other sources write. A language without a two-letter code keeps three.
ISO_639_1 = dict(
    re.findall(
        r"(\w+)=(\w+)",
        """
        amh=am arb=ar ben=bn ceb=ceb cym=cy dan=da deu=de ell=el eng=en eus=eu fin=fi fra=fr gle=ga guj=gu hat=ht hau=ha
        hin=hi hun=hu ibo=ig ind=id ita=it jav=jv jpn=ja kan=kn kir=ky kor=ko lit=lt mal=ml mar=mr mlg=mg mya=my nld=nl npi=ne
        nya=ny pan=pa pbt=ps pes=fa plt=mg pol=pl por=pt rus=ru sin=si sna=sn snd=sd som=so spa=es sqi=sq srp=sr sun=su swe=sv
        swh=sw tam=ta tel=te tha=th tur=tr ukr=uk urd=ur vie=vi wol=wo xho=xh yor=yo zho=zh zsm=ms zul=zu
        """,
    )
)


def jailbreakbench_label(row: Row, split: str) -> Target:
    """The goals are plain requests without any framing; the benign split mirrors them topic by topic."""
    return HARMFUL_REQUEST if split == "harmful" else BENIGN


def wildguard_label(row: Row, split: str) -> Target:
    """Harm of the prompt, not of the response. An adversarial harmful prompt is framed; the kind of frame is unknown."""
    if row["prompt_harm_label"] == "unharmful":
        return BENIGN
    if row["prompt_harm_label"] == "harmful":
        return FRAMED if row["adversarial"] else HARMFUL_REQUEST
    return LEFT_OUT  # annotators did not agree


def toxic_chat_label(row: Row, split: str) -> Target:
    """Toxic text without a jailbreak is rude or sexual as often as it is a harmful request: neither attack nor benign."""
    if row["jailbreaking"] == 1:
        return FRAMED
    return BENIGN if row["toxicity"] == 0 else LEFT_OUT


def deepset_label(row: Row, split: str) -> Target:
    return INJECTION if row["label"] == 1 else BENIGN


def xstest_label(row: Row, split: str) -> Target:
    """Safe prompts only sound harmful; the unsafe ones contrast them as plain harmful requests."""
    return {"safe": BENIGN, "unsafe": HARMFUL_REQUEST}.get(row["label"], LEFT_OUT)


def in_the_wild_label(row: Row, split: str) -> Target:
    """Prompts shared on the web. Jailbreaks are nearly all personas and invented worlds; the others are ordinary prompts,
    role-play without a bypass among them. One that overrides earlier instructions for a harmless task is left out: its
    publisher only says that it is no jailbreak."""
    if row["jailbreak"]:
        return PERSONA
    return LEFT_OUT if OVERRIDE.search(row["prompt"] or "") else BENIGN


def qualifire_label(row: Row, split: str) -> Target:
    """Its `jailbreak` covers injections and frames alike, so the family stays unknown."""
    return {"benign": BENIGN, "jailbreak": FRAMED}.get(row["label"], LEFT_OUT)


def oasst_label(row: Row, split: str) -> Target:
    """Prompts that reviewers kept and did not find improper. Improper ones are left out: they are no attacks either."""
    if row["role"] != "prompter" or row["deleted"]:
        return LEFT_OUT
    labels = row["labels"] or {"name": [], "value": []}
    shares = dict(zip(labels["name"], labels["value"], strict=True))
    return LEFT_OUT if any(shares.get(name, 0) >= share for name, share in OASST_REJECT_SHARES.items()) else BENIGN


def always(target: Target) -> Callable[[Row, str], Target]:
    """The mapping of a set whose rows all have one class."""
    return lambda row, split: target


def normalise_language(code: str | None) -> str:
    """The two-letter code where there is one: `pt-BR` and `por` are both `pt`; an unknown language is `und`."""
    short = (code or "und").replace("_", "-").split("-")[0].lower()
    return ISO_639_1.get(short, short)
