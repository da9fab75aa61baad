"""Letters in unusual case, as lower case: CAPITALS, Title Case Throughout, aLtErNaTiNg.

Vocabularies with case have few pieces of such words, so the network reads them badly; the case of ordinary sentences stays.
"""

from __future__ import annotations

import re

MIN_CASED_WORDS = 3
MIN_ODD_SHARE = 0.5  # of the words, in capitals or with a capital inside
MIN_RAISED_SHARE = 0.8  # of the words, with any capital; German sentences and headings have fewer
_WORD = re.compile(r"[^\W\d_]{2,}")


def fold_case(text: str) -> str | None:
    """The text in lower case, of equal length, if its words have unusual case; None for ordinary text."""
    words = _WORD.findall(text)
    if 2 * sum(map(str.islower, words)) > len(words):
        return None
    cased = [word for word in words if word.lower() != word.upper()]
    lower, titled = (sum(map(test, cased)) for test in (str.islower, str.istitle))
    odd = len(cased) - lower - titled
    if len(cased) < MIN_CASED_WORDS or (odd < MIN_ODD_SHARE * len(cased) and odd + titled < MIN_RAISED_SHARE * len(cased)):
        return None
    return _lower(text)


def _lower(text: str) -> str:
    """Lower case of the same length: a letter whose lower case is two characters stays."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(low if len(low := char.lower()) == 1 else char for char in text)
