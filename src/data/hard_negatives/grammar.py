r"""A context-free grammar that writes texts. A rule is a list of templates, of which one is chosen at random.

Notation inside a template:
    {rule}      a text of that rule; {Rule} the same with a capital first letter
    {rule:1}    the same, and every other {rule:1} or {Rule:1} of the text repeats it
    {#3-40}     a whole number in that range, both ends included
    <a|b|>      one of these; they may hold {rules}, but no further <...>
    {{word}}    a literal {word}, for program code
    a(n)        the English article that fits the next letter
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_NOTATION = re.compile(
    r"\{\{(?P<literal>\w+)\}\}"
    r"|\{#(?P<low>\d+)-(?P<high>\d+)\}"
    r"|\{(?P<rule>[A-Za-z]\w*)(?::(?P<binding>\d))?\}"
    r"|<(?P<options>[^<>]*\|[^<>]*)>"
)
_ARTICLE = re.compile(r"\b([Aa])\(n\)(?= \W?(\w))")


def lines(block: str) -> tuple[str, ...]:
    r"""One template per line of the block, blank lines left out; \n inside a line stands for a line end."""
    return tuple(line.strip().replace(r"\n", "\n") for line in block.splitlines() if line.strip())


def blocks(text: str) -> tuple[str, ...]:
    """Templates of several lines, separated by lines of four hyphens."""
    return tuple(part.strip("\n") for part in re.split(r"(?m)^----$", text) if part.strip())


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    is_capital: bool
    binding: str | None


@dataclass(frozen=True, slots=True)
class _Number:
    low: int
    high: int


_Template = tuple["str | _Rule | _Number | _Choice", ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    options: tuple[_Template, ...]


class Grammar:
    """Rules by name; a later table replaces rules of an earlier one. Raises ValueError for a reference to no rule."""

    def __init__(self, *tables: Mapping[str, Sequence[str]]) -> None:
        self._rules: dict[str, tuple[_Template, ...]] = {}
        for table in tables:
            for name, templates in table.items():
                self._rules[name] = tuple(_parse(template) for template in templates)
        for name, templates in self._rules.items():
            for template in templates:
                self._check(template, name)

    def write(self, rule: str, rng: random.Random) -> str:
        """One text of the rule. Raises KeyError when there is no such rule."""
        text = self._render((_Rule(rule, False, None),), rng, {})
        return _ARTICLE.sub(lambda match: match[1] + ("n" if match[2] in "aeiouAEIOU" else ""), text)

    def _render(self, template: _Template, rng: random.Random, bound: dict[tuple[str, str], str]) -> str:
        parts = []
        for part in template:
            if isinstance(part, str):
                parts.append(part)
            elif isinstance(part, _Number):
                parts.append(str(rng.randint(part.low, part.high)))
            elif isinstance(part, _Choice):
                parts.append(self._render(rng.choice(part.options), rng, bound))
            else:
                parts.append(self._render_rule(part, rng, bound))
        return "".join(parts)

    def _render_rule(self, part: _Rule, rng: random.Random, bound: dict[tuple[str, str], str]) -> str:
        key = (part.name, part.binding) if part.binding else None
        if key in bound:
            text = bound[key]
        else:
            text = self._render(rng.choice(self._rules[part.name]), rng, bound)
            if key:
                bound[key] = text
        return text[:1].upper() + text[1:] if part.is_capital else text

    def _check(self, template: _Template, owner: str) -> None:
        for part in template:
            if isinstance(part, _Choice):
                for option in part.options:
                    self._check(option, owner)
            elif isinstance(part, _Rule) and part.name not in self._rules:
                raise ValueError(f"rule {owner!r} refers to {part.name!r}, which no table defines; define it or write {{{{...}}}}")


def _parse(template: str) -> _Template:
    parts: list[str | _Rule | _Number | _Choice] = []
    position = 0
    for match in _NOTATION.finditer(template):
        if match.start() > position:
            parts.append(template[position : match.start()])
        position = match.end()
        if match["literal"]:
            parts.append(f"{{{match['literal']}}}")
        elif match["low"]:
            parts.append(_Number(int(match["low"]), int(match["high"])))
        elif match["rule"]:
            name = match["rule"]
            parts.append(_Rule(name[0].lower() + name[1:], name[0].isupper(), match["binding"]))
        else:
            parts.append(_Choice(tuple(_parse(option) for option in match["options"].split("|"))))
    parts.append(template[position:])
    return tuple(part for part in parts if part != "")
