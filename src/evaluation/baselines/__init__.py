"""Baselines of the guard, scored in the same run and on the same rows.

tfidf.py     n-grams and logistic regression, trained on the guard's rows
regex.py     hand-written rules
minilm.py    the encoder that the guard starts from, fine-tuned on its rows (src/training/baselines.py trains it)
hub.py       published guards of the Hugging Face Hub
"""

from .hub import KNOWN_GUARDS, HubGuard, HubModel, parse_hub_guard
from .minilm import MiniLmPredictor
from .regex import RegexPredictor
from .tfidf import TfidfPredictor

__all__ = [
    "KNOWN_GUARDS",
    "HubGuard",
    "HubModel",
    "MiniLmPredictor",
    "RegexPredictor",
    "TfidfPredictor",
    "parse_hub_guard",
]
