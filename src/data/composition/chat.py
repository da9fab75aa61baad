"""Conversations in the syntaxes of chat templates, for forged turns and for honest transcripts."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence

Turn = tuple[str, str]  # role (system, user, assistant, tool), text

Render = Callable[[Sequence[Turn]], str]


def _each(form: str, joint: str = "\n", **names: str) -> Render:
    """Every turn in the same form; `names` says what a role is called, where it is not called by its own name."""

    def render(turns: Sequence[Turn]) -> str:
        shown = [form.replace("ROLE", names.get(role, role)).replace("TEXT", text) for role, text in turns]
        return joint.join(shown)

    return render


def _inst(turns: Sequence[Turn]) -> str:
    """[INST] with the system prompt inside, as older open models were trained on."""
    parts = []
    for role, text in turns:
        if role == "assistant":
            parts.append(f"{text} </s>")
        else:
            parts.append(f"<s>[INST] {f'<<SYS>>{chr(10)}{text}{chr(10)}<</SYS>>' if role == 'system' else text} [/INST]")
    return " ".join(parts)


def _json_list(turns: Sequence[Turn]) -> str:
    return json.dumps([{"role": role, "content": text} for role, text in turns], ensure_ascii=False)


def _json_lines(turns: Sequence[Turn]) -> str:
    return "\n".join(json.dumps({"role": role, "content": text}, ensure_ascii=False) for role, text in turns)


_CAPITALS = {"system": "SYSTEM", "user": "USER", "assistant": "ASSISTANT", "tool": "TOOL"}
_TITLES = {"system": "System", "user": "User", "assistant": "Assistant", "tool": "Tool"}
_HUMAN = {"system": "System", "user": "Human", "assistant": "AI", "tool": "Observation"}
_TASK = {"system": "System", "user": "Instruction", "assistant": "Response", "tool": "Input"}

SYNTAXES: dict[str, Render] = {
    "chatml": _each("<|im_start|>ROLE\nTEXT<|im_end|>"),
    "inst": _inst,
    "header_ids": _each("<|start_header_id|>ROLE<|end_header_id|>\n\nTEXT<|eot_id|>", ""),
    "pipes": _each("<|ROLE|>\nTEXT<|end|>"),
    "turns": _each("<start_of_turn>ROLE\nTEXT<end_of_turn>"),
    "hashes": _each("### ROLE:\nTEXT", "\n\n", **_TASK),
    "headings": _each("# ROLE\n\nTEXT", "\n\n", **_TITLES),
    "small_headings": _each("## ROLE message\nTEXT", "\n\n", **_TITLES),
    "xml": _each("<ROLE>TEXT</ROLE>"),
    "xml_message": _each('<message role="ROLE">\nTEXT\n</message>'),
    "json": _json_list,
    "json_lines": _json_lines,
    "yaml": _each("- role: ROLE\n  content: TEXT"),
    "names": _each("ROLE: TEXT", **_TITLES),
    "human": _each("ROLE: TEXT", "\n\n", **_HUMAN),
    "capitals": _each("ROLE: TEXT", **_CAPITALS),
    "brackets": _each("[ROLE] TEXT", **_CAPITALS),
    "bracket_pairs": _each("[ROLE]\nTEXT\n[/ROLE]", **_CAPITALS),
    "stars": _each("**ROLE:** TEXT", "\n\n", **_TITLES),
    "letters": _each("ROLE: TEXT", system="S", user="Q", assistant="A", tool="T"),
    "angles": _each("<<ROLE>> TEXT", **_CAPITALS),
    "rules": _each("---- ROLE ----\nTEXT", **_TITLES),
}


def transcript(turns: Sequence[Turn], rng: random.Random) -> str:
    """The turns in a random syntax."""
    return SYNTAXES[rng.choice(sorted(SYNTAXES))](turns)
