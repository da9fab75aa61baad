"""Attack rows and their benign twins, made from payloads and benign texts.

Payloads: texts of at most MAX_PAYLOAD_CHARS characters are used whole. Only where a pool has none, the leading
paragraph or sentences of its longer texts stand for them (`excerpt`); no text is cut inside a sentence.

A row is a function of (seed, family, index) and of the pools, whatever their order: rows 0..49 of a call for 500 are
the rows of a call for 50. Rows go round robin over attacks x {bare, wrapped}, so both are even. Twins go through the
same code with the same wrappers, so that neither variant, wrapper nor surface tells attack from benign.
"""

from __future__ import annotations

import bisect
import logging
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from src.data.attacks.registry import ATTACKS, Attack, attacks_of, get_attack, held_out_attacks
from src.data.attacks.wrappers import Wrapper, WrapperSet, wrappers_for
from src.data.schema import Example
from src.errors import ConfigError, DataError
from src.labels import Family, Label

MAX_PAYLOAD_CHARS = 400
NEVER_TRAINED = "never_trained"  # the cell of the held-out transforms, all families together

_EXTRA_ATTEMPTS = 64  # per row, after each text of the pool was tried once
_MATCHED_SHARE = 0.5  # of the twins: their length is drawn like a payload's, or length would tell the label
_FEW = 10  # texts of about a length that a matched twin is drawn from, at least
_VARIED_SHARE = 0.5  # of the training rows: case and final punctuation of the payload are varied

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedExample(Example):
    """An Example that a transform made."""

    wrapper: str | None = None  # id in WRAPPERS; None: the bare transformed text


def excerpt(text: str, limit: int = MAX_PAYLOAD_CHARS) -> str | None:
    """The text itself if it fits, else its first paragraph, else as many first sentences as fit; None: none fits."""
    if len(text) <= limit:
        return text
    paragraph = re.split(r"\n\s*\n", text.strip(), maxsplit=1)[0]
    if len(paragraph) <= limit:
        return paragraph
    ends = [end.end() for end in re.finditer(r"[.!?](?=\s)|[。!?।]", paragraph) if end.end() <= limit]
    return paragraph[: ends[-1]] if ends else None


def transform_example(
    example: Example, attack: Attack, rng: random.Random, wrapper: Wrapper | None = None
) -> GeneratedExample | None:
    """The transformed, maybe wrapped example; None when the attack does not change this text.

    Benign stays BENIGN, anything else becomes OBFUSCATION of the attack's family; the source becomes
    generated_<family>, with _twin for benign. Group, language, split and licence are the example's.
    """
    family = attack.family.name.lower()
    source = f"generated_{family}_twin" if example.label == Label.BENIGN else f"generated_{family}"
    return _transform(example, example.text, attack, rng, wrapper, source=source, split=example.split)


def _transform(
    example: Example,
    text: str,
    attack: Attack,
    rng: random.Random,
    wrapper: Wrapper | None,
    *,
    source: str,
    split: str,
) -> GeneratedExample | None:
    transformed = attack.apply(text, rng)
    if transformed == text:
        return None
    is_benign = example.label == Label.BENIGN
    span = None
    if wrapper is not None:
        transformed, span = wrapper.render(transformed, attack, rng)
    return GeneratedExample(
        text=transformed,
        label=Label.BENIGN if is_benign else Label.OBFUSCATION,
        family=Family.NONE if is_benign else attack.family,
        source=source,
        group=example.group,
        attack=attack.name,
        lang=example.lang,
        split=split,
        licence=example.licence,
        span=None if is_benign else span,
        wrapper=wrapper.id if wrapper is not None else None,
    )


def generate_family(
    family: Family | str,
    payloads: Sequence[Example],
    benign: Sequence[Example],
    *,
    count: int,
    twin_count: int,
    seed: int,
    split: str = "train",
    wrappers: WrapperSet = "train",
    attacks: Sequence[str] | None = None,
) -> list[GeneratedExample]:
    """`count` attack rows from the payloads, then `twin_count` twins from the benign texts.

    attacks: names to use instead of the family's trainable ones; the only way to a held-out attack.
    Sources are generated_<family> and generated_<family>_twin. Raises ConfigError for a family without (such)
    attacks, DataError when a pool holds the wrong label or is too small, with the number of rows it gave.
    """
    chosen = [get_attack(name) for name in attacks] if attacks is not None else attacks_of(family)
    name = family.name.lower() if isinstance(family, Family) else family.lower()
    foreign = [attack.name for attack in chosen if attack.family.name.lower() != name]
    if foreign or not chosen:
        raise ConfigError(
            f"expected attacks of family {name!r}, got {foreign or 'none'}; held-out ones must be named in `attacks`"
        )
    return _generate(name, chosen, payloads, benign, count, twin_count, seed, split, wrappers)


def generate_cells(
    payloads: Sequence[Example],
    benign: Sequence[Example],
    *,
    families: Sequence[Family | str] | None = None,
    rows: int,
    seed: int,
) -> dict[str, list[GeneratedExample]]:
    """Benchmarks with evaluation wrappers: "generated/flip", ... -> `rows` attack rows and as many twins.

    families: default every family with a trainable transform, and "never_trained", the held-out transforms of all.
    Raises as `generate_family`.
    """
    cells: dict[str, list[GeneratedExample]] = {}
    for family in families if families is not None else generated_families():
        name = family.name.lower() if isinstance(family, Family) else family.lower()
        chosen = held_out_attacks() if name == NEVER_TRAINED else attacks_of(family)
        if not chosen:
            raise ConfigError(f"family {name!r} has held-out attacks only; they are the cell {NEVER_TRAINED!r}")
        cells[f"generated/{name}"] = _generate(name, chosen, payloads, benign, rows, rows, seed, "test", "evaluation")
    return cells


def generated_families() -> list[str]:
    """Names of the cells that `generate_cells` makes by default: families in their order, then "never_trained"."""
    trainable = {attack.family for attack in ATTACKS.values() if not attack.held_out}
    return [family.name.lower() for family in sorted(trainable)] + [NEVER_TRAINED]


@dataclass(frozen=True)
class _Pool:
    """Texts to transform, in an order that does not depend on the caller's: by length, then text."""

    examples: list[Example]
    texts: list[str]  # what is transformed: the example's text or its excerpt
    lengths: list[int]

    def near(self, length: int, rng: random.Random) -> int:
        """The place of a random text within a quarter of this length, or among the closest where few are."""
        first, end = bisect.bisect_left(self.lengths, 0.8 * length), bisect.bisect_right(self.lengths, 1.25 * length)
        if end - first < _FEW:
            first = max(0, min(first, len(self.lengths) - _FEW))
            end = min(len(self.lengths), first + _FEW)
        return rng.randrange(first, end)


def _build_pool(examples: Sequence[Example], kind: str) -> _Pool:
    unique = {example.text: example for example in sorted(examples, key=lambda each: (each.text, each.group))}
    readable = [example for example in unique.values() if example.text.strip()]
    whole = [(example, example.text) for example in readable if len(example.text) <= MAX_PAYLOAD_CHARS]
    if whole:
        pairs = whole
    else:
        cut = ((example, excerpt(example.text)) for example in readable)
        pairs = [(example, text) for example, text in cut if text and text.strip()]
        if pairs:
            log.info("no %s text has at most %d characters; using first sentences", kind, MAX_PAYLOAD_CHARS)
    pairs.sort(key=lambda pair: (len(pair[1]), pair[1]))
    return _Pool([example for example, _ in pairs], [text for _, text in pairs], [len(text) for _, text in pairs])


def _generate(
    name: str,
    attacks: Sequence[Attack],
    payloads: Sequence[Example],
    benign: Sequence[Example],
    count: int,
    twin_count: int,
    seed: int,
    split: str,
    wrappers: WrapperSet,
) -> list[GeneratedExample]:
    harmless = next((example.source for example in payloads if example.label == Label.BENIGN), None)
    hostile = next((example.source for example in benign if example.label != Label.BENIGN), None)
    if harmless is not None or hostile is not None:
        raise DataError(
            f"{name}: payloads must be attacks and twins benign; found a benign payload in {harmless!r}"
            if harmless is not None
            else f"{name}: payloads must be attacks and twins benign; found an attack among the benign of {hostile!r}"
        )
    payload_pool = _build_pool(payloads, "payload") if count else _Pool([], [], [])
    benign_pool = _build_pool(benign, "benign") if twin_count else _Pool([], [], [])
    key = f"{seed}:{name}"
    rows = _fill(payload_pool, attacks, wrappers, count, key, f"generated_{name}", split)
    rows += _fill(
        benign_pool, attacks, wrappers, twin_count, f"{key}:twin", f"generated_{name}_twin", split, payload_pool.lengths
    )
    return rows


def _fill(
    pool: _Pool,
    attacks: Sequence[Attack],
    wrappers: WrapperSet,
    count: int,
    key: str,
    source: str,
    split: str,
    lengths: Sequence[int] = (),
) -> list[GeneratedExample]:
    """`count` rows, no two of the same text. lengths: those that a share of the rows is matched to."""
    if count and not pool.texts:
        raise DataError(
            f"{source}: made 0 of {count} rows; there is no text of at most {MAX_PAYLOAD_CHARS} characters, or with a "
            "first sentence of that size, to transform. Add such texts or set the count to 0"
        )
    lanes = [(attack, []) for attack in attacks]  # bare
    lanes += [(attack, wrappers_for(attack, wrappers)) for attack in attacks]
    varied_share = _VARIED_SHARE if wrappers == "train" else 0.0
    rows: list[GeneratedExample] = []
    seen: set[str] = set()
    order: list[int] = []
    for index in range(count):
        turn, place = divmod(index, len(pool.texts))
        if place == 0:  # every text is used once before any is used again, each time in another order
            order = list(range(len(pool.texts)))
            random.Random(f"{key}:order:{turn}").shuffle(order)
        rng = random.Random(f"{key}:{index}")
        attack, templates = lanes[index % len(lanes)]
        first = order[place]
        if lengths and rng.random() < _MATCHED_SHARE:
            first = pool.near(rng.choice(lengths), rng)
        for attempt, candidate in enumerate(_candidates(first, len(pool.texts), rng)):
            # A text that comes again is a duplicate unless something differs, so later attempts always may vary.
            is_varied = rng.random() < varied_share or attempt >= len(pool.texts)
            text = vary_surface(pool.texts[candidate], rng) if is_varied else pool.texts[candidate]
            wrapper = rng.choice(templates) if templates else None
            row = _transform(pool.examples[candidate], text, attack, rng, wrapper, source=source, split=split)
            if row is not None and row.text not in seen:
                break
        else:
            raise DataError(
                f"{source}: made {len(rows)} of {count} rows, then none of {len(pool.texts)} texts gave a new one for "
                f"{attack.name} ({'wrapped' if templates else 'bare'}). Add texts that it can change or lower the count"
            )
        seen.add(row.text)
        rows.append(row)
    return rows


def _candidates(first: int, size: int, rng: random.Random) -> Iterator[int]:
    """`first`, then every place once from a random start, then random places."""
    yield first
    start = rng.randrange(size)
    yield from ((start + step) % size for step in range(size))
    yield from (rng.randrange(size) for _ in range(_EXTRA_ATTEMPTS))


def vary_surface(text: str, rng: random.Random) -> str:
    """Another case or another ending, in any language: how the same request is typed by different people."""
    change_case: Callable[[str], str] = rng.choice((str, str, str.lower, str.upper, str.capitalize))
    text = change_case(text)
    ending = rng.choice((None, None, "", ".", "!", "!!", "...", " ?"))
    return text if ending is None else text.rstrip(" .!?") + ending
