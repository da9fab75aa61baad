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
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

_NOTATION = re.compile(
    r"\{\{(?P<literal>\w+)\}\}"
    r"|\{#(?P<low>\d+)-(?P<high>\d+)\}"
    r"|\{(?P<rule>[A-Za-z]\w*)(?::(?P<binding>\d))?\}"
    r"|<(?P<options>[^<>]*\|[^<>]*)>"
)
NOVELTY_TRIES = 3
RECURRENCE = 0.75  # probability that a recurring rule repeats its last text
_ARTICLE = re.compile(r"\b([Aa])\(n\)(?= \W?(\w))")


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
    """Rules by name; a later table replaces rules of an earlier one. Raises ValueError for a reference to no rule.

    recurring: rules whose first choice mostly comes back within a text, so that its sentences speak about one thing.
    slots: names that templates may use and that every call of `write` gives a value for.
    """

    def __init__(
        self, *tables: Mapping[str, Sequence[str]], recurring: Collection[str] = (), slots: Collection[str] = ()
    ) -> None:
        self._recurring = frozenset(recurring)
        self._slots = frozenset(slots)
        self._rules: dict[str, tuple[_Template, ...]] = {}
        for table in tables:
            for name, templates in table.items():
                self._rules[name] = tuple(_parse(template) for template in templates)
        for name, templates in self._rules.items():
            for template in templates:
                self._check(template, name)

    def write(self, rule: str, rng: random.Random, **slots: str) -> str:
        """One text of the rule. Raises KeyError when there is no such rule, or when a slot in it has no value."""
        text = _Writing(self._rules, self._recurring, slots, rng).render_rule(_Rule(rule, False, None))
        return _ARTICLE.sub(lambda match: match[1] + ("n" if match[2] in "aeiouAEIOU" else ""), text)

    def _check(self, template: _Template, owner: str) -> None:
        for part in template:
            if isinstance(part, _Choice):
                for option in part.options:
                    self._check(option, owner)
            elif isinstance(part, _Rule) and part.name not in self._rules and part.name not in self._slots:
                raise ValueError(f"rule {owner!r} uses {part.name!r}, which no table defines; define it or write {{{{...}}}}")


class _Writing:
    """One text on its way: what it has said already decides what it may say next."""

    def __init__(
        self,
        rules: Mapping[str, tuple[_Template, ...]],
        recurring: frozenset[str],
        slots: Mapping[str, str],
        rng: random.Random,
    ) -> None:
        self._rules, self._recurring, self._slots, self._rng = rules, recurring, slots, rng
        self._bound: dict[tuple[str, str], str] = {}
        self._used: dict[str, set[int]] = {}
        self._last: dict[str, str] = {}

    def render_rule(self, part: _Rule) -> str:
        key = (part.name, part.binding) if part.binding else None
        if key in self._bound:
            text = self._bound[key]
        else:
            text = self._slots[part.name] if part.name in self._slots else self._expand(part.name)
            if key:
                self._bound[key] = text
        return text[:1].upper() + text[1:] if part.is_capital else text

    def _expand(self, name: str) -> str:
        if name in self._last and self._rng.random() < RECURRENCE:
            return self._last[name]
        templates, used = self._rules[name], self._used.setdefault(name, set())
        index = self._rng.randrange(len(templates))
        for _ in range(NOVELTY_TRIES):  # a text should not say the same twice; small rules may have to
            if index not in used:
                break
            index = self._rng.randrange(len(templates))
        used.add(index)
        text = self._render(templates[index])
        if name in self._recurring:
            self._last[name] = text
        return text

    def _render(self, template: _Template) -> str:
        parts = []
        for part in template:
            if isinstance(part, str):
                parts.append(part)
            elif isinstance(part, _Number):
                parts.append(str(self._rng.randint(part.low, part.high)))
            elif isinstance(part, _Choice):
                parts.append(self._render(self._rng.choice(part.options)))
            else:
                parts.append(self.render_rule(part))
        return "".join(parts)


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
