"""Letters in unusual case, as lower case: CAPITALS, Title Case Throughout, aLtErNaTiNg.

Vocabularies with case have few pieces of such words, so the network reads them badly; the case of ordinary sentences stays.
"""

from __future__ import annotations

import re

MIN_CASED_WORDS = 4
MIN_ODD_SHARE = 0.5  # of the letters, in words in capitals or with a capital inside
MIN_RAISED_SHARE = 0.8  # of the letters, in words with any capital; German sentences and headings have fewer
_WORD = re.compile(r"[^\W\d_]{2,}")


def fold_case(text: str) -> str | None:
    """The text in lower case, of equal length, if its words have unusual case; None for ordinary text.

    Letters of scripts without case count as ordinary, so a few acronyms in Chinese do not change it.
    """
    words = _WORD.findall(text)
    if 2 * sum(map(str.islower, words)) > len(words):
        return None
    letters = sum(map(len, words))
    raised = [word for word in words if not word.islower() and word.lower() != word.upper()]
    odd = sum(len(word) for word in raised if not word.istitle())
    has_raised = odd >= MIN_ODD_SHARE * letters or sum(map(len, raised)) >= MIN_RAISED_SHARE * letters
    return _lower(text) if has_raised and len(raised) >= MIN_CASED_WORDS else None


def _lower(text: str) -> str:
    """Lower case of the same length: a letter whose lower case is two characters stays."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(low if len(low := char.lower()) == 1 else char for char in text)
