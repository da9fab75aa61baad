"""Hand-written rules: the filter that a team without a guard model would write.

Every repetition is bounded, so the time a rule takes grows with the length of the text and no faster (a test times each
one on hostile texts).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...labels import NUM_FAMILIES, NUM_LABELS, Family, Label
from ...runtime.calibration import Calibration
from ..predictor import Predictions, no_predictions
from .five_classes import maximum_over_windows


@dataclass(frozen=True)
class Rule:
    """A pattern and the attack family that it indicates."""

    name: str
    family: Family
    pattern: re.Pattern[str]


_LABEL_OF = {
    Family.DIRECT_INJECTION: Label.DIRECT_INJECTION,
    Family.PROMPT_EXTRACTION: Label.DIRECT_INJECTION,
    Family.INDIRECT_INJECTION: Label.DIRECT_INJECTION,
    Family.JAILBREAK_PERSONA: Label.JAILBREAK,
    Family.ENCODING: Label.OBFUSCATION,
}

_TARGET = "(instructions?|rules?|guidelines?|prompts?|directives?|commands?|restrictions?|polic(y|ies)|constraints?)"
_EARLIER = "(previous|prior|above|earlier|preceding|foregoing|initial|original|existing|former)"
_NOT = r"(do not|don\W?t|never|cannot|can\W?t|must not|not allowed to)"
_MODEL = "(ai|llms?|language models?|assistants?|chatbots?|agents?)"

# Phrases: a space is one to three signs that are no letters, <n> is at most n words, .. is the rest of a line, at most
# 80 characters; groups capture nothing, and a phrase starts and ends at a word boundary.
_PHRASES: dict[Family, dict[str, str]] = {
    Family.DIRECT_INJECTION: {
        "ignore_earlier": f"(ignore|disregard|forget|discard|skip|bypass|neglect) <4>{_EARLIER}",
        "ignore_instructions": "(ignore|disregard|forget|discard|bypass|override) <2>"
        f"(your|all|any|the|my|these|those) <2>{_TARGET}",
        "ignore_everything": "(ignore|disregard|forget) (everything|anything|all|whatever) <2>(above|before|said|told|written)",
        "do_not_follow": rf"(do not|don\W?t|stop|never|no longer) (follow|obey|listen to|comply with)(ing)? <4>{_TARGET}",
        "new_instructions": r"(new|updated|real|actual|true) <1>(instructions?|task|orders?)(\W{0,3}:\W?| (are|is|follow|begin))",
        "instead_say": "instead (of <5>)?(just )?(say|output|print|write|reply|respond)",
        "only_say": "(say|print|output|reply|respond) (only|exactly|nothing but)\\W{1,2}[\"'\u201c]\\w",
        "priority": "(takes?|has|have|with) (absolute |the )?(highest|top|higher|utmost) priority (over|than|above)",
        "authority": r"(i am|i\W?m|this is) (your|the) <2>(developer|creator|administrator|admin|programmer|openai|anthropic)",
    },
    Family.PROMPT_EXTRACTION: {
        "reveal_prompt": "(reveal|show|print|output|repeat|display|tell|give|leak|share|disclose|expose|return|recite) "
        "<4>(your|the|system|initial|hidden|secret|original) <2>(system (prompt|message)|prompt|instructions|directives)",
        "what_prompt": r"what( (is|are|was|were)|\W?s) (your|the) <2>"
        "((system|initial) prompt|(original|initial|hidden|secret) instructions)",
        "words_above": "(repeat|print|output|copy|write) <3>(text|words|everything|content|lines?) <2>(above|before this)",
        "secret": "(reveal|tell|give|show|leak|disclose|spell|share) ((me|us) )?(the|your|its) <1>"
        r"(secret|password|api\W?key|access (code|key)|credentials|passphrase)",
        "summarise_prompt": "(summari[sz]e|translate|encode|paraphrase|rephrase) (your|the) (system|initial|hidden) "
        "(prompt|instructions|message)",
    },
    Family.JAILBREAK_PERSONA: {
        "unrestricted": "(without|no|free (of|from)|ignoring) ((any|all) )?<1>"
        r"(restrictions?|filters?|censorship|limitations?|guardrails|(moral|ethical) \w{1,20})",
        "named_persona": r"(do anything now|(dan|stan|developer|god) mode|jailbr(eak|oken)\w{0,6}|"
        "unfiltered (ai|assistant|model|mode)|evil (ai|mode|confidant|twin))",
        "you_are_now": r"(you are|you\W?re|u r) now (an?|the|going to|in|free|called|no longer|dan)",
        "pretend": "(pretend|imagine|act|behave|role\\W?play) <7>(no|not|without|never|unrestricted|uncensored|unfiltered|evil) "
        "<2>(rules?|restrictions?|limits?|ethics|morals?|filters?|ai)",
        "never_refuse": rf"{_NOT} (refuse|decline|say no|apologi[sz]e|warn me|moralize|add (disclaimers?|warnings?))",
        "no_refusal_words": rf"{_NOT} (say|use|begin|start|reply) <3>(i\W?m sorry|sorry|i can(not|\W?t)|unable|as an ai)",
        "two_answers": "(two|2|both) (different )?(responses|answers|replies|ways).."
        r"(gpt|normal|classic|unfiltered|jailbr\w{1,8}|dan)",
        "start_with": "(start|begin|prefix) (your|the|each|every) <1>(response|answer|reply|message) (with|by) "
        "(sure|absolutely|of course|yes)",
        "hypothetical": "(hypothetical|fictional) (world|universe|scenario|story)..(no|without) (any )?"
        "(laws?|rules?|ethics|restrictions?|limits?|consequences)",
        "opposite": "opposite (day|mode|of (what|how) you)",
    },
    Family.ENCODING: {
        "decode_and_do": "(decode|decrypt|decipher|unscramble|reverse|translate)..(and|then) <2>"
        "(follow|execute|do|obey|answer|respond|run|perform|carry)",
        "named_code": r"(base\W?(64|32|16|58|85)|rot\W?(13|47)|caesar|morse|hex(adecimal)?|binary|leet\W?speak|pig\W?latin).."
        "(instructions?|prompt|message|request|question|commands?|answer)",
        "replace_letters": "(replace|substitute|swap) <3>(letters?|characters?|words?|symbols?)"
        "..(then|answer|respond|instructions?|prompt)",
    },
    Family.INDIRECT_INJECTION: {
        "to_the_model": f"(attention|note|important|instructions?|message) (to|for) ((the|any|all) )?{_MODEL}",
        "if_you_are_ai": rf"if you(\W?re| are) (an? )?{_MODEL}",
        "hide_from_user": rf"({_NOT} (tell|inform|notify|alert|mention)|without (telling|informing)) "
        "((this|it) to )?(the )?users?",
        "send_data": "(send|forward|post|upload|exfiltrate|email) <5>"
        r"(conversation|chat history|credentials|passwords?|tokens?|api\W?keys?|secrets?) <3>(to|at)",
    },
}

# Marks: plain regular expressions.
_MARKS: dict[Family, dict[str, str]] = {
    Family.DIRECT_INJECTION: {
        "override_marker": r"(?:\[|<|#|\*)\W{0,3}(?:system|admin|developer|root)\W{1,3}(?:override|message|prompt|mode|note)\b",
        "role_tag": r"<\|(?:im_start|system|endoftext|eot_id|assistant)\|?>|\[/?INST\]|<</?SYS>>|</?system>",
        "fake_turn": r"(?:^|\n)[ \t#]{0,8}(?:system|assistant)(?:[ \t]{1,4}prompt)?[ \t]{0,4}:[ \t]{0,4}\S",
        "end_of_prompt": r"[-=#]{3}[ \t]{0,4}(?:end|stop|eof)\b[^\n]{0,30}\b(?:prompt|instructions?|context|input)\b",
    },
    Family.ENCODING: {
        "base64_run": r"(?<![A-Za-z0-9+/])(?=[A-Za-z0-9+/]{0,60}[0-9+/])(?=[A-Za-z0-9+/]{0,30}(?-i:[A-Z]))"
        r"(?=[A-Za-z0-9+/]{0,30}(?-i:[a-z]))[A-Za-z0-9+/]{32}",
        "hex_run": r"(?:\\x[0-9a-f]{2}){8}|(?:0x[0-9a-f]{2}[, \t]{1,2}){8}|(?<![0-9a-f])(?:[0-9a-f]{2}[ \t]){12}",
        "binary_run": r"(?:[01]{8}[ \t]){4}",
        "escapes": r"(?:\\u[0-9a-f]{4}){6}|(?:&#x?[0-9a-f]{2,6};){6}|(?:%[0-9a-f]{2}){8}",
        "morse_run": r"(?:[.\-]{1,5}[ \t/]{1,3}){10}",
        "spaced_letters": r"(?<!\w)(?:\w[ .\-_*]){12}\w(?!\w)",
        "invisible": "[\u200b\u200c\u2060-\u2064]{3}|[\U000e0020-\U000e007e]{3}|[\u202d\u202e]",
    },
    Family.INDIRECT_INJECTION: {
        "image_leak": r"!\[[^\]\n]{0,80}\]\(https?://[^\s)]{1,200}[?&][^\s)=]{1,40}=",
        "html_comment": r"<!--[^>]{0,200}\b(?:ignore|instructions?|assistant|system|ai)\b",
    },
}


def _phrase_to_regex(notation: str) -> str:
    """The regular expression of a phrase."""
    expression = re.sub(r"\((?!\?)", "(?:", notation)
    expression = re.sub(r"<(\d)>", r"(?:\\w{1,20} ){0,\1}", expression)
    expression = expression.replace("..", r"[^\n]{0,80}?").replace(" ", r"\W{1,3}")
    return rf"\b(?:{expression})\b"


RULES: tuple[Rule, ...] = tuple(
    Rule(name, family, re.compile(expression, re.IGNORECASE))
    for family in _LABEL_OF
    for name, expression in [
        *((name, _phrase_to_regex(notation)) for name, notation in _PHRASES.get(family, {}).items()),
        *_MARKS.get(family, {}).items(),
    ]
)
THRESHOLD = 0.5  # one rule is enough
# Characters. No rule looks further than a few hundred characters, so longer texts are searched in overlapping pieces, as a
# guard reads windows.
PIECE_CHARS, OVERLAP_CHARS = 8000, 1000


class RegexPredictor:
    """p_attack = 1 - 2^-(number of rules that match): 0 for none, 1/2 for one. The same under both policies.

    The class and family are those of the rule family that matches most often. Nothing is trained; the stored
    threshold is `THRESHOLD` at every budget, so an FPR that it has on validation rows is measured, never fitted.
    """

    def __init__(self, fpr_budget: float, name: str = "regex") -> None:
        self.name = name
        self.calibration = Calibration.fixed(THRESHOLD, fpr_budget, name)

    def predict(self, texts: Sequence[str], *, desc: str | None = None) -> Predictions:
        """Scores of N texts, in order. `desc` is accepted for the protocol; there is no progress to show."""
        if len(texts) == 0:
            return no_predictions()
        class_probs, family_probs = np.zeros((len(texts), NUM_LABELS)), np.zeros((len(texts), NUM_FAMILIES))
        for row, text in enumerate(texts):
            rules = match_rules(text)
            families = [rule.family for rule in rules]
            family = max(dict.fromkeys(families), key=families.count) if families else Family.NONE
            score = 1.0 - 0.5 ** len(rules)
            class_probs[row, Label.BENIGN] = 1.0 - score
            if rules:
                class_probs[row, _LABEL_OF[family]] = score
            family_probs[row, family] = 1.0
        words = [text.count(" ") + 1 for text in texts]
        predictions = maximum_over_windows(class_probs, family_probs, np.arange(len(texts)), words)
        predictions.check(len(texts), self.name)
        return predictions


def match_rules(text: str) -> list[Rule]:
    """The rules that match anywhere in a text, full-width letters and other compatibility forms folded."""
    pieces = [
        text[start : start + PIECE_CHARS] for start in range(0, max(len(text) - OVERLAP_CHARS, 1), PIECE_CHARS - OVERLAP_CHARS)
    ]
    folded = [unicodedata.normalize("NFKC", piece) for piece in pieces]
    return [rule for rule in RULES if any(rule.pattern.search(piece) for piece in folded)]
