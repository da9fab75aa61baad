"""Serving: `Guard.load(directory)`, then `guard(text)`. No torch, no scipy."""

from .chat import ConversationVerdict, MessageVerdict
from .explain import Explanation, HiddenCharacter, ScoredWindow, Sentence
from .guard import Guard, ScoredView, Verdict
from .memory import AttackMemory

__all__ = [
    "AttackMemory",
    "ConversationVerdict",
    "Explanation",
    "Guard",
    "HiddenCharacter",
    "MessageVerdict",
    "ScoredView",
    "ScoredWindow",
    "Sentence",
    "Verdict",
]
