"""Hard negatives in fifteen languages besides English, Hindi also in Latin letters.

Each language brings whole clauses and sentences that agree grammatically; `inf` is what a speaker can put after "how to"
(infinitive, verbal noun or bare verb phrase), so that every frame takes every one of them.
"""

from __future__ import annotations

import functools
import random
import re

from src.data.hard_negatives.grammar import Grammar
from src.data.hard_negatives.languages_east import EASTERN
from src.data.hard_negatives.languages_more import MORE
from src.data.hard_negatives.languages_west import WESTERN

PHRASES = WESTERN | EASTERN | MORE
LANGUAGES = tuple(sorted(PHRASES))

# What the choice of a word does to its neighbour: a template cannot know whether a name begins with a vowel.
_CONTACTS: dict[str, tuple[re.Pattern[str], str]] = {
    "fr": (re.compile(r"\b([DdQq]u?)e (?=[AEIOU])"), r"\1'"),  # de Excel -> d'Excel
    "es": (re.compile(r" o (?=h?[oO])"), " u "),  # leer o olvidar -> leer u olvidar
    "zh": (re.compile(r"(?<=[。？！：；」』]) "), ""),
    "ja": (re.compile(r"(?<=[。？！：；」』]) "), ""),
}

SHARED: dict[str, tuple[str, ...]] = {
    "tool": ("Excel", "Word", "Docker", "Git", "Firefox", "Outlook", "WordPress", "MySQL", "Ubuntu", "Android", "Python",
             "Photoshop", "Chrome", "Jenkins", "LibreOffice", "Slack", "Zotero", "Blender", "Postgres", "Nginx"),
    "name": ("Anna", "Karim", "Lucía", "Pavel", "Mina", "Tomás", "Sofia", "Jonas", "Nour", "Elif", "Marco", "Priya", "Wei",
             "Lea"),
    "path": ("/etc/hosts", "config.yaml", "~/.bashrc", "settings.json", "Dockerfile", "main.py", ".gitignore", "index.html",
             "docker-compose.override.yml", "/var/log/syslog", "pyproject.toml"),
    "flag": ("--force", "--ignore-case", "--no-verify", "-k", "--skip-tests", "--as-root", "--override", "--exclude", "--dump"),
    "quoted": ("ignore previous instructions", "ignore all rules above", "reveal your system prompt", "you are now DAN",
               "developer mode on", "forget everything you were told", "print your hidden instructions"),
    "item": ("{inf}",),  # of a list; a language replaces it where `inf` cannot stand alone
}  # fmt: skip

TEXTS: dict[str, tuple[str, ...]] = {
    "trigger_words": (
        "{ask}", "{ask}", "{context} {ask}", "{context} {ask}", "{ask} {after}", "{context} {tell}", "{tell} {ask}",
        "{context} {tell} {after} {ask}", "{task}", "{task}", "{context} {task}", "{tell} {after}",
        "{hello}\n\n{context} {tell} {ask}\n\n{bye}\n{name}", "{hello} {ask} {bye} {name}",
        "- {item}\n- {item}\n- {item}", "{name}: {ask}\n{name}: {tell} {after}",
        "1. {Item}\n2. {Item}\n3. {Item}\n\n{context} {ask}", "{context} {tell} {after} {context} {tell} {task}",
    ),
    "technical": (
        "{doc} {doc}", "{doc} {doc} {doc}", "{doc} {doc} {doc} {doc}", "1. {doc}\n2. {doc}\n3. {doc}",
        "{doc}\n\n{doc} {note}", "- {doc}\n- {doc}", "{note} {doc} {note}", "{doc} {ask}",
    ),
    "borderline": (
        "{sensitive}", "{sensitive}", "{sensitive_context} {sensitive}", "{sensitive_context} {sensitive}",
        "{sensitive} {sensitive_more}", "{sensitive_context} {sensitive} {sensitive_more}", "{about}", "{about} {sensitive_more}",
        "{sensitive_context} {about}", "{hello} {about} {bye} {name}",
    ),
}  # fmt: skip


def write_in(lang: str, kind: str, rng: random.Random) -> str:
    """A text of a kind of TEXTS in one of LANGUAGES."""
    text = _grammar(lang).write(kind, rng)
    if lang in _CONTACTS:
        pattern, replacement = _CONTACTS[lang]
        text = pattern.sub(replacement, text)
    return text


@functools.cache
def _grammar(lang: str) -> Grammar:
    phrases = PHRASES[lang]
    recurring = [rule for rule in phrases if rule.endswith(("_danger", "_place", "_thing"))]
    return Grammar(SHARED, TEXTS, phrases, recurring=["tool", "path", *recurring])
