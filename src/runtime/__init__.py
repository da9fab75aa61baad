"""Serving: `Guard.load(directory)`, then `guard(text)`. No torch, no scipy."""

from src.runtime.chat import ConversationVerdict, MessageVerdict
from src.runtime.guard import Guard, ScoredView, Verdict

__all__ = ["ConversationVerdict", "Guard", "MessageVerdict", "ScoredView", "Verdict"]
