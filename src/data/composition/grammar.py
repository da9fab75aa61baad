"""Expands phrases: `{symbol}` is a random entry of a table, `{a|b|}` one of the alternatives written in place.

Both nest. A capitalised symbol capitalises what it expands to. Texts that are not ours (goals, documents) never pass
through here as templates: they may hold braces.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from src.errors import DataError

# A parsed template: literal text, a symbol, or alternatives that are templates themselves.
Node = str | tuple[str, str] | list["Template"]
Template = tuple[Node, ...]


@cache
def parse(template: str) -> Template:
    """The template as a tree. Raises DataError for braces that do not match."""
    nodes, end = _parse_until(template, 0, "")
    if end != len(template):
        raise DataError(f"a closing brace too many at character {end} of {template!r}")
    return nodes


def _parse_until(template: str, start: int, stops: str) -> tuple[Template, int]:
    """Nodes from `start` up to one of `stops` outside all braces, and where that is."""
    nodes: list[Node] = []
    literal = start
    at = start
    while at < len(template) and template[at] not in stops:
        if template[at] == "}":
            break
        if template[at] == "{":
            if literal < at:
                nodes.append(template[literal:at])
            alternatives = []
            while True:
                part, at = _parse_until(template, at + 1, "|}")
                if at >= len(template):
                    raise DataError(f"a brace is not closed in {template!r}")
                alternatives.append(part)
                if template[at] == "}":
                    break
            nodes.append(_symbol(alternatives, template))
            literal = at + 1
        at += 1
    if literal < at:
        nodes.append(template[literal:at])
    return tuple(nodes), at


def _symbol(alternatives: list[Template], template: str) -> Node:
    """A lone word in braces is a symbol; anything else must offer a choice."""
    if len(alternatives) > 1:
        return alternatives
    if len(alternatives[0]) == 1 and isinstance(name := alternatives[0][0], str) and name.isidentifier():
        return ("symbol", name)
    raise DataError(f"braces without alternatives in {template!r}")


class Grammar:
    """Phrase tables with their expansion. Later tables override earlier ones.

    `expand` and `pick` raise DataError for a symbol that neither the tables nor `bound` know.
    """

    def __init__(self, *tables: Mapping[str, Sequence[str]], finish: Callable[[str], str] = str) -> None:
        """`finish` corrects an expanded text, for endings that depend on the word before them."""
        self._finish = finish
        self.tables: dict[str, Sequence[str]] = {}
        for table in tables:
            self.tables.update(table)

    def expand(self, template: str, rng: random.Random, bound: Mapping[str, str] | None = None) -> str:
        """The template with every choice made. `bound` holds values that stay the same wherever they occur."""
        out: list[str] = []
        self._write(parse(template), rng, bound or {}, out)
        return self._finish("".join(out))

    def pick(self, symbol: str, rng: random.Random, bound: Mapping[str, str] | None = None) -> str:
        """An expanded phrase of the table, its first letter a capital."""
        return capitalised(self.expand(rng.choice(self._table(symbol)), rng, bound))

    def several(self, symbol: str, count: int, rng: random.Random, bound: Mapping[str, str] | None = None) -> list[str]:
        """At most `count` phrases, from different entries of the table."""
        table = self._table(symbol)
        return [capitalised(self.expand(phrase, rng, bound)) for phrase in rng.sample(table, min(count, len(table)))]

    def _table(self, symbol: str) -> Sequence[str]:
        if symbol not in self.tables:
            raise DataError(f"the lexicon has no phrases for {symbol!r}")
        return self.tables[symbol]

    def _write(self, nodes: Template, rng: random.Random, bound: Mapping[str, str], out: list[str]) -> None:
        for node in nodes:
            if isinstance(node, str):
                out.append(node)
            elif isinstance(node, list):
                self._write(rng.choice(node), rng, bound, out)
            else:
                out.append(self._value(node[1], rng, bound))

    def _value(self, name: str, rng: random.Random, bound: Mapping[str, str]) -> str:
        if name in bound:
            return bound[name]
        if name in self.tables:
            return self.expand(rng.choice(self.tables[name]), rng, bound)
        lowered = name[0].lower() + name[1:]
        if name != lowered and (lowered in bound or lowered in self.tables):
            return capitalised(self._value(lowered, rng, bound))
        raise DataError(f"the lexicon has no phrases for {name!r}")


def capitalised(text: str) -> str:
    """The text with its first character in upper case and the others as they are."""
    return text[:1].upper() + text[1:]


def symbols_of(template: str) -> set[str]:
    """Names of the symbols that the template refers to, at any depth of alternatives."""
    found: set[str] = set()
    waiting = [parse(template)]
    while waiting:
        for node in waiting.pop():
            if isinstance(node, list):
                waiting += node
            elif isinstance(node, tuple):
                found.add(node[1])
    return found
