"""Attack rows and their benign twins, made from payloads and benign texts.

A row is a function of (seed, family, index) and of the pools, whatever their order and however many processes work:
rows 0..49 of a call for 500 are the rows of a call for 50. Rows go round robin over attacks x {bare, wrapped}, so both
are even; invisible payloads have a third form, hidden in an ordinary visible text. Twins go through the same code with
the same wrappers, so that neither variant, wrapper, surface nor length tells attack from benign.
"""

from __future__ import annotations

import bisect
import gc
import multiprocessing
import random
import signal
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

from ...errors import ConfigError, DataError
from ...labels import Family, Label
from ..schema import Example
from .pools import MAX_PAYLOAD_CHARS, Pool, build_pool, places_of
from .registry import ATTACKS, Attack, attacks_of, get_attack, held_out_attacks
from .wrappers import COVERS, INVISIBLE, Cover, Wrapper, WrapperSet, wrappers_for

NEVER_TRAINED = "never_trained"  # the cell of the held-out transforms, all families together

_EXTRA_ATTEMPTS = 64  # per row, after each text of the pool was tried once
_VARIED_SHARE = 0.5  # of the training rows: case and final punctuation of the payload are varied
_MAX_COVER_CHARS = 200  # of a benign text that an invisible payload is hidden in
_ROWS_PER_WORKER = 5000  # fewer are made sooner than a process starts
_ROWS_PER_TASK = 500
# Forked processes share the pools, which may be hundreds of megabytes, and what they run is Python on strings, so that
# threads of the parent (torch, logging) cannot have left them a lock. Where forking is unsafe the pools are copied.
_START_METHOD = "fork" if sys.platform == "linux" else "spawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedExample(Example):
    """An Example that a transform made."""

    wrapper: str | None = None  # id of a Wrapper or Cover; None: the bare transformed text
    payload: str = ""  # the plain text that was transformed
    core: tuple[int, int] = (0, 0)  # characters [start, end) that hold the transformed text, in a twin too


def transform_example(
    example: Example, attack: Attack, rng: random.Random, wrapper: Wrapper | None = None
) -> GeneratedExample | None:
    """The transformed, maybe wrapped example; None when the attack does not change this text.

    Benign stays BENIGN, anything else becomes OBFUSCATION of the attack's family; the source becomes
    generated_<family>, with _twin for benign. Group, language, split and licence are the example's.
    """
    draft = _draft(example.text, attack, rng, wrapper)
    family = attack.family.name.lower()
    source = f"generated_{family}_twin" if example.label == Label.BENIGN else f"generated_{family}"
    return draft and _finish(draft, example, attack, source=source, split=example.split)


class _Draft(NamedTuple):
    """What is new in a row: all that a worker process sends back."""

    text: str
    payload: str
    core: tuple[int, int]
    wrapper: str | None
    place: int = 0  # of the example in its pool


def _draft(text: str, attack: Attack, rng: random.Random, wrapper: Wrapper | Cover | None) -> _Draft | None:
    transformed = attack.apply(text, rng)
    if transformed == text:
        return None
    if wrapper is None:
        return _Draft(transformed, text, (0, len(transformed)), None)
    wrapped, core = wrapper.render(transformed, attack, rng)
    return _Draft(wrapped, text, core, wrapper.id)


def _finish(draft: _Draft, example: Example, attack: Attack, *, source: str, split: str) -> GeneratedExample:
    is_benign = example.label == Label.BENIGN
    return GeneratedExample(
        text=draft.text,
        label=Label.BENIGN if is_benign else Label.OBFUSCATION,
        family=Family.NONE if is_benign else attack.family,
        source=source,
        group=example.group,
        attack=attack.name,
        lang=example.lang,
        split=split,
        licence=example.licence,
        span=None if is_benign or draft.wrapper is None else draft.core,
        wrapper=draft.wrapper,
        payload=draft.payload,
        core=draft.core,
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
    workers: int = 1,
) -> list[GeneratedExample]:
    """`count` attack rows from the payloads, then `twin_count` twins from the benign texts.

    attacks: names to use instead of the family's trainable ones; the only way to a held-out attack.
    workers: processes to share the work, at most; the rows do not depend on it.
    Sources are generated_<family> and generated_<family>_twin. Raises ConfigError for a family without (such)
    attacks, DataError when a pool holds the wrong label or is too small, with the number of rows it gave.
    """
    name = _name_of(family)
    chosen = [get_attack(each) for each in attacks] if attacks is not None else attacks_of(family)
    foreign = [attack.name for attack in chosen if attack.family.name.lower() != name]
    if foreign or not chosen:
        raise ConfigError(
            f"expected attacks of family {name!r}, got {foreign or 'none'}; held-out ones must be named in `attacks`"
        )
    request = _Request(name, chosen, count, twin_count)
    return _generate([request], payloads, benign, seed=seed, split=split, wrappers=wrappers, workers=workers)[name]


def generate_families(
    counts: Mapping[str, tuple[int, int]],
    payloads: Sequence[Example],
    benign: Sequence[Example],
    *,
    seed: int,
    split: str = "train",
    left_out: Collection[str] = (),
    workers: int = 1,
) -> dict[str, list[GeneratedExample]]:
    """Family name -> the rows of `generate_family`, for family name -> (count, twin count); sooner than one by one.

    left_out: attacks that are not used. Raises ConfigError where they are all that a family has.
    """
    requests = []
    for name, (count, twin_count) in counts.items():
        chosen = [attack for attack in attacks_of(name) if attack.name not in left_out]
        if not chosen:
            raise ConfigError(f"data.left_out leaves no transform for data.mixture.{name}; set that entry to 0")
        requests.append(_Request(name, chosen, count, twin_count))
    return _generate(requests, payloads, benign, seed=seed, split=split, wrappers="train", workers=workers)


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
    requests = []
    for name in map(_name_of, families if families is not None else generated_families()):
        chosen = held_out_attacks() if name == NEVER_TRAINED else attacks_of(name)
        if not chosen:
            raise ConfigError(f"family {name!r} has held-out attacks only; they are the cell {NEVER_TRAINED!r}")
        requests.append(_Request(name, chosen, rows, rows))
    made = _generate(requests, payloads, benign, seed=seed, split="test", wrappers="evaluation")
    return {f"generated/{name}": cell for name, cell in made.items()}


def generate_grid(
    families: Mapping[str, Sequence[Attack]],
    payloads: Sequence[Example],
    benign: Sequence[Example],
    *,
    rows: int,
    seed: int,
) -> dict[str, list[GeneratedExample]]:
    """Name -> a grid of cells: every transform of the name, bare, wrapped and (invisible ones) in a visible text.

    A cell has `rows` attacks and as many twins, with evaluation wrappers. No text comes twice in it; of a payload that
    does, because there are fewer than `rows`, the wrapper or else case and ending vary, and the group is the payload's. Two
    cells may share a text: bare, flip/fmm is flip/fcs. Raises DataError as `generate_family`.
    """
    _check_pools(", ".join(families), payloads, benign)
    payload_pool, benign_pool = build_pool(payloads, "payload"), build_pool(benign, "benign")
    found = {}
    for name, attacks in families.items():
        lanes = _lanes(attacks, "evaluation", benign_pool)
        plans = [
            _plan(side, lane_pool, rows, f"{seed}:{side}:{place}", matched, [lane], "test")
            for side, lane_pool, matched in _sides(name, payload_pool, benign_pool)
            for place, lane in enumerate(lanes)
        ]
        found[name] = [row for plan in plans for row in plan.rows(_draft_range(plan, 0, plan.count))]
    return found


def _name_of(family: Family | str) -> str:
    return family.name.lower() if isinstance(family, Family) else family.lower()


def evaluation_attacks() -> dict[str, list[Attack]]:
    """The transforms of each name that `generated_families` gives."""
    return {name: held_out_attacks() if name == NEVER_TRAINED else attacks_of(name) for name in generated_families()}


def generated_families() -> list[str]:
    """Names of the cells that `generate_cells` makes by default: families in their order, then "never_trained"."""
    trainable = {attack.family for attack in ATTACKS.values() if not attack.held_out}
    return [family.name.lower() for family in sorted(trainable)] + [NEVER_TRAINED]


@dataclass(frozen=True)
class _Plan:
    """Everything but its index that a row depends on."""

    pool: Pool
    places: Sequence[int]  # of the text that each row tries first
    lanes: list[tuple[Attack, Sequence[Wrapper | Cover]]]  # row i goes down lane i % len(lanes); no wrappers: bare
    key: str  # seeds the generator of every row
    source: str
    split: str
    varied_share: float

    @property
    def count(self) -> int:
        return len(self.places)

    def draft(self, index: int, seen: Collection[str]) -> _Draft | None:
        """Row `index`: the first of its candidates whose text is not in `seen`; None when there is none."""
        rng = random.Random(f"{self.key}:{index}")
        attack, wrappers = self.lanes[index % len(self.lanes)]
        size = len(self.pool.texts)
        for attempt, candidate in enumerate(_candidates(self.places[index], size, rng)):
            # A text that comes again is a duplicate unless something differs, so later attempts always may vary.
            is_varied = rng.random() < self.varied_share or attempt >= size
            text = vary_surface(self.pool.texts[candidate], rng) if is_varied else self.pool.texts[candidate]
            draft = _draft(text, attack, rng, rng.choice(wrappers) if wrappers else None)
            if draft is not None and draft.text not in seen:
                return draft._replace(place=candidate)
        return None

    def rows(self, drafts: Iterable[_Draft | None]) -> list[GeneratedExample]:
        """The rows of drafts that were made apart, each without a look at the others.

        A draft whose text came before is made again with a look at them, so it does not matter who made it.
        """
        seen: set[str] = set()
        rows = []
        for index, apart in enumerate(drafts):
            draft = self.draft(index, seen) if apart is not None and apart.text in seen else apart
            attack, wrappers = self.lanes[index % len(self.lanes)]
            if draft is None:
                raise DataError(
                    f"{self.source}: made {index} of {self.count} rows, then none of {len(self.pool.texts)} texts gave a new "
                    f"one for {attack.name} ({'wrapped' if wrappers else 'bare'}). Add texts that it can change or lower "
                    "the count"
                )
            seen.add(draft.text)
            rows.append(_finish(draft, self.pool.examples[draft.place], attack, source=self.source, split=self.split))
        return rows


class _Request(NamedTuple):
    name: str  # of the family, or NEVER_TRAINED
    attacks: Sequence[Attack]
    attack_count: int
    twin_count: int


def _generate(
    requests: Sequence[_Request],
    payloads: Sequence[Example],
    benign: Sequence[Example],
    *,
    seed: int,
    split: str,
    wrappers: WrapperSet,
    workers: int = 1,
) -> dict[str, list[GeneratedExample]]:
    """The rows of every request, by its name."""
    _check_pools(", ".join(request.name for request in requests), payloads, benign)
    payload_pool, benign_pool = build_pool(payloads, "payload"), build_pool(benign, "benign")
    plans = []
    for name, attacks, count, twin_count in requests:
        lanes = _lanes(attacks, wrappers, benign_pool)
        varied_share = _VARIED_SHARE if wrappers == "train" else 0.0
        sides = _sides(name, payload_pool, benign_pool)
        for (source, pool, matched), rows in zip(sides, (count, twin_count), strict=True):
            lengths = matched if count else []
            plans.append(_plan(source, pool, rows, f"{seed}:{source}", lengths, lanes, split, varied_share))
    workers = min(workers, sum(plan.count for plan in plans) // _ROWS_PER_WORKER)
    drafts = _draft_in_processes(plans, workers) if workers > 1 else [_draft_range(plan, 0, plan.count) for plan in plans]
    made = [plan.rows(of_plan) for plan, of_plan in zip(plans, drafts, strict=True)]
    return {request.name: made[2 * place] + made[2 * place + 1] for place, request in enumerate(requests)}


def _check_pools(names: str, payloads: Sequence[Example], benign: Sequence[Example]) -> None:
    harmless = next((example.source for example in payloads if example.label == Label.BENIGN), None)
    hostile = next((example.source for example in benign if example.label != Label.BENIGN), None)
    if harmless is not None or hostile is not None:
        raise DataError(
            f"{names}: payloads must be attacks and twins benign; found a benign payload in {harmless!r}"
            if harmless is not None
            else f"{names}: payloads must be attacks and twins benign; found an attack among the benign of {hostile!r}"
        )


def _sides(name: str, payloads: Pool, benign: Pool) -> tuple[tuple[str, Pool, Sequence[int]], ...]:
    """Source, texts and lengths to match, of the attacks and of their twins."""
    return (f"generated_{name}", payloads, []), (f"generated_{name}_twin", benign, payloads.lengths)


def _plan(
    source: str,
    pool: Pool,
    rows: int,
    key: str,
    matched: Sequence[int],
    lanes: list[tuple[Attack, Sequence[Wrapper | Cover]]],
    split: str,
    varied_share: float = 0.0,
) -> _Plan:
    if rows and not pool.texts:
        raise DataError(
            f"{source}: made 0 of {rows} rows; there is no text of at most {MAX_PAYLOAD_CHARS} characters, or with a "
            "first sentence of that size, to transform. Add such texts or set the count to 0"
        )
    return _Plan(pool, places_of(pool, rows, key, matched), lanes, key, source, split, varied_share)


def _lanes(attacks: Sequence[Attack], use: WrapperSet, benign: Pool) -> list[tuple[Attack, Sequence[Wrapper | Cover]]]:
    """Every attack bare, every attack wrapped, and invisible ones in a visible text: a benign one or one of COVERS."""
    short = benign.texts[: bisect.bisect_right(benign.lengths, _MAX_COVER_CHARS)]
    covers: list[Wrapper | Cover] = [COVERS[use], *([Cover(f"{use}/benign_cover", short)] if short else [])]
    lanes: list[tuple[Attack, Sequence[Wrapper | Cover]]] = [(attack, []) for attack in attacks]
    lanes += [(attack, wrappers_for(attack, use)) for attack in attacks]
    return lanes + [(attack, covers) for attack in attacks if attack.name in INVISIBLE]


def _draft_range(plan: _Plan, start: int, stop: int) -> Iterator[_Draft | None]:
    return (plan.draft(index, ()) for index in range(start, stop))


def _draft_in_processes(plans: Sequence[_Plan], workers: int) -> list[list[_Draft | None]]:
    """The drafts of every plan, in order, made by `workers` processes."""
    tasks = [
        (number, start, min(start + _ROWS_PER_TASK, plan.count))
        for number, plan in enumerate(plans)
        for start in range(0, plan.count, _ROWS_PER_TASK)
    ]
    drafts: list[list[_Draft | None]] = [[] for _ in plans]
    with ProcessPoolExecutor(workers, multiprocessing.get_context(_START_METHOD), _start_worker, (plans,)) as executor:
        for (number, _, _), made in zip(tasks, executor.map(_run_task, tasks), strict=True):
            drafts[number] += made
    return drafts


_worker_plans: Sequence[_Plan] = ()  # in a worker process only


def _start_worker(plans: Sequence[_Plan]) -> None:
    global _worker_plans
    _worker_plans = plans
    gc.freeze()  # else the collector would touch, and so copy, every page that is shared with the parent
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends the workers


def _run_task(task: tuple[int, int, int]) -> list[_Draft | None]:
    number, start, stop = task
    return list(_draft_range(_worker_plans[number], start, stop))


def _candidates(first: int, size: int, rng: random.Random) -> Iterator[int]:
    """`first`, then every other place from the nearest, so of about that length, to the farthest; then random places."""
    yield first
    side = rng.choice((1, -1))
    for distance in range(1, size):
        yield from (place for place in (first + side * distance, first - side * distance) if 0 <= place < size)
    yield from (rng.randrange(size) for _ in range(_EXTRA_ATTEMPTS))


def vary_surface(text: str, rng: random.Random) -> str:
    """Another case or another ending, in any language: how the same request is typed by different people."""
    change_case: Callable[[str], str] = rng.choice((str, str, str.lower, str.upper, str.capitalize))
    text = change_case(text)
    ending = rng.choice((None, None, "", ".", "!", "!!", "...", " ?"))
    return text if ending is None else text.rstrip(" .!?") + ending
