"""Serving: `Guard.load(directory)`, then `guard(text)`. No torch, no scipy."""

from src.runtime.chat import ConversationVerdict, MessageVerdict
from src.runtime.explain import Explanation, HiddenCharacter, ScoredWindow, Sentence
from src.runtime.guard import Guard, ScoredView, Verdict

__all__ = [
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
