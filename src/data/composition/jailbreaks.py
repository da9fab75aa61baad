"""Jailbreaks: frames that ask the model to drop its rules, around a harmful goal or, rarely, without one."""

from __future__ import annotations

import random
import string

from src.data.composition.frames import GOAL, assemble, frame_size, place, scene
from src.data.composition.material import Material
from src.data.composition.rows import row
from src.data.composition.style import VOICES, Voice, draw_voice, roughen
from src.data.schema import Example
from src.data.splits import key_hash
from src.labels import Family, Label

GOALLESS_SHARE = 0.08
SCENE_SHARE = 0.25  # frames that say nothing about rules
OPENINGS = (
    "jb_persona",
    "jb_persona",
    "jb_persona",
    "jb_mode",
    "jb_fiction",
    "jb_fiction",
    "jb_hypothetical",
    "jb_study",
    "jb_plea",
    "jb_opposite",
    "jb_tokens",
    "jb_rule",
    "jb_prefix",
    "jb_translate",
)
# What a gradient search leaves behind: torn words and punctuation of code and markup.
DEBRIS = (
    "describing.",
    "similarlyNow",
    "](",
    "!--Two",
    "\\+",
    "{{",
    "==",
    "(@",
    "Sure",
    "};",
    "please?",
    ")!",
    "_(",
    "revert",
    "\\\\",
    "<?",
    "]]",
    "tutorial",
    "opposite",
    "INST",
    "%%",
    "ittel",
    "oppos",
    "Manual",
    "+=",
    "|||",
    "::",
    "@{",
    "/**",
    "($",
    "~~",
    "formatting",
    "*/",
    "ENDIF",
    "NOW",
    "->",
    '".',
    "#{",
)


def compose_jailbreak(rng: random.Random, goals: Material) -> Example:
    """One frame around a goal. Its group is the goal's, so that the goal stays in one split."""
    voice = draw_voice(rng)
    goal = goals.draw(voice.lang, rng) or rng.choice(goals.all)
    request = goal.text.strip()
    kind = rng.random()
    if kind < 0.12:
        text = _with_suffix(request, rng, voice)
        return row(text, Label.JAILBREAK, Family.JAILBREAK_OPTIMIZED, "composed_suffix", goal.group, voice.lang)
    if kind < 0.12 + SCENE_SHARE:
        text = roughen(scene(rng, voice), rng).replace(GOAL, request)
        return row(text, Label.JAILBREAK, Family.JAILBREAK_PERSONA, "composed_scene", goal.group, voice.lang)
    bound = {"ai": voice.grammar.expand("{ai}", rng), "goal": GOAL}
    kind = rng.random()
    if kind < 0.08:
        sections = _in_pieces(request, rng, voice, bound)
    elif kind < 0.15:
        sections = _many_shots(rng, voice, goals, bound)
    else:
        sections = _frame(rng, voice, bound)
    text = assemble(sections, rng, voice)
    if GOAL in text:  # a goal in pieces stays as it is
        text = roughen(text, rng)
    # A transcript in JSON escapes what is in it; the goal is put in raw, as an attacker would paste it.
    group = goal.group if GOAL in text or kind < 0.08 else f"composed:{key_hash(text)}"
    return row(text.replace(GOAL, request), Label.JAILBREAK, Family.JAILBREAK_PERSONA, "composed_jailbreak", group, voice.lang)


def _frame(rng: random.Random, voice: Voice, bound: dict[str, str]) -> list[list[str]]:
    """Opening, persona, rules, example, consequences and prefix in varying number, and the goal."""
    several = voice.grammar.several
    opening = rng.choice(OPENINGS)
    size = frame_size(rng)
    sections = [several(opening, rng.choice((1, 1, 2)) * size, rng, bound)]
    if rng.random() < 0.25 * size:
        sections.append(several(rng.choice(OPENINGS), size, rng, bound))
    if opening == "jb_persona" or rng.random() < 0.2 * size:
        sections.append(several("jb_trait", rng.randint(0, 4) * size, rng, bound))
    sections.append(several("jb_rule", rng.choice((0, 0, 0, 1, 1, 2, 3)) * size, rng, bound))
    for symbol, share in (("jb_example", 0.15), ("jb_threat", 0.25), ("jb_prefix", 0.25)):
        if rng.random() < share * size:
            sections.append(several(symbol, 1, rng, bound))
    if rng.random() < 0.2:
        rng.shuffle(sections)
    sections = [section for section in sections if section]
    if rng.random() >= GOALLESS_SHARE:
        sections = place(voice.grammar.pick("jb_goal", rng, bound), sections, rng)
    else:
        # Without a goal the persona and a rule say what it is: an opening alone may be an honest game.
        sections.append(several("jb_persona", 1, rng, bound) + several("jb_rule", 2, rng, bound))
    if rng.random() < 0.2:
        sections.append(several("jb_close", 1, rng, bound))
    return sections


def _in_pieces(request: str, rng: random.Random, voice: Voice, bound: dict[str, str]) -> list[list[str]]:
    """The goal cut into variables that the model is to join."""
    words = request.split()
    count = min(len(words), rng.randint(2, 4))
    cuts = sorted(rng.sample(range(1, len(words)), count - 1)) if count > 1 else []
    parts = [" ".join(words[a:b]) for a, b in zip([0, *cuts], [*cuts, len(words)], strict=True)]
    names = rng.sample([*string.ascii_lowercase, *(f"part{n}" for n in range(1, 9)), "$x", "$y", "$z"], len(parts))
    form = rng.choice(('{n} = "{p}"', "{n}: {p}", "{n}='{p}'", "[{n}] {p}", "({n}) {p}"))
    listed = rng.choice((", ", "; ", "\n")).join(
        form.replace("{n}", n).replace("{p}", p) for n, p in zip(names, parts, strict=True)
    )
    order = rng.choice((" + ", " & ", " ")).join(names)
    sections = [voice.grammar.several("jb_pieces", 1, rng, {**bound, "pieces": f"{listed} ({order})"})]
    if rng.random() < 0.5:
        sections.insert(0, voice.grammar.several(rng.choice(OPENINGS), 1, rng, bound))
    if rng.random() < 0.5:
        sections.append(voice.grammar.several("jb_rule", rng.randint(1, 2), rng, bound))
    return sections


def _many_shots(rng: random.Random, voice: Voice, goals: Material, bound: dict[str, str]) -> list[list[str]]:
    """Forged answers to other goals before the goal itself."""
    asks, answers = rng.choice((("User: ", f"{bound['ai']}: "), ("Q: ", "A: "), ("Human: ", "Assistant: "), ("- ", "> ")))
    shots = []
    for _ in range(rng.randint(2, 6)):
        other = goals.draw(voice.lang, rng) or rng.choice(goals.all)
        shots.append(f"{asks}{other.text.strip()[:160]}\n{answers}{voice.grammar.pick('jb_comply', rng, bound)}")
    sections = [["\n".join([*shots, f"{asks}{GOAL}\n{answers}".rstrip()])]]
    if rng.random() < 0.5:
        sections.insert(0, voice.grammar.several(rng.choice(("jb_persona", "jb_mode", "jb_rule")), 1, rng, bound))
    return sections


def _with_suffix(request: str, rng: random.Random, voice: Voice) -> str:
    """The goal with a string of debris behind it (mostly), before it or around it."""
    grammars = [VOICES[lang].grammar for lang in sorted(VOICES)]

    def token() -> str:
        kind = rng.random()
        if kind < 0.4:
            return rng.choice(DEBRIS)
        if kind < 0.7:
            # A word of any language, as the vocabularies of models mix them.
            words = rng.choice(grammars).expand(rng.choice(("{subject}", "{word}", "{job}", "{place}")), rng).split()
            return rng.choice(words)
        if kind < 0.85:
            return "".join(rng.choice(string.ascii_letters) for _ in range(rng.randint(2, 7)))
        return "".join(rng.choice(string.punctuation) for _ in range(rng.randint(1, 4)))

    def debris() -> str:
        return "".join(token() + rng.choice((" ", " ", " ", "")) for _ in range(rng.randint(7, 24))).strip()

    kind = rng.random()
    before = debris() + " " if kind > 0.8 else ""
    after = " " + debris() if kind < 0.9 else ""
    prefix = " " + voice.grammar.pick("jb_prefix", rng, {"ai": "VEX"}) if rng.random() < 0.2 else ""
    return f"{before}{request}{prefix}{after}"
