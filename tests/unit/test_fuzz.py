"""The benchmark of hostile inputs: it throws what it says, the project stands it, and it notices what does not."""

import os
import random
import signal
import unicodedata
from multiprocessing import Value

import pytest

from benchmarks import fuzz
from benchmarks.hostile import texts
from benchmarks.hostile.mutations import changed_bytes, changed_value, dumped
from benchmarks.hostile.targets import Target
from src.errors import DataError, GateError

INPUTS = {"tokenizer": 60, "views": 40, "runtime": 40, "loaders": 150, "config": 20, "server": 60, "artifact": 40}


def thrown(target, name, model, count):
    share = fuzz.Share(name, model, seed=1, numbers=range(count))
    *_, found = fuzz.throw_each(target, share, share.numbers, Value("q", -1, lock=False))
    return found


@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_every_target_stands_hostile_inputs(name, exported_dir, tmp_path):
    found = thrown(fuzz.TARGETS[name](exported_dir, tmp_path), name, exported_dir, INPUTS[name])
    assert found.inputs == INPUTS[name] and found.crashes == {}
    if name in ("loaders", "config", "artifact"):
        assert 0 < found.refused < found.inputs


def test_texts_have_every_kind_of_character_and_depend_on_the_seed_alone():
    seen = {character for seed in range(2000) for character in texts.random_text(random.Random(seed))}
    assert {ord(character) >> 16 for character in seen} == set(range(17))
    assert {"Cs", "Cn", "Co", "Cf", "Cc", "Mn", "Lo", "So"} <= {unicodedata.category(character) for character in seen}
    assert set(texts.BIDI) <= seen and "\u200d" in seen
    assert [texts.random_text(random.Random(7)) for _ in range(2)] == [texts.random_text(random.Random(7))] * 2


def test_files_are_changed_and_depend_on_the_seed_alone():
    value = {"a": ["b", {"c": 1}], "d": None}
    values = [dumped(random.Random(seed), changed_value(random.Random(seed), value)) for seed in range(200)]
    assert len(set(values)) > 100 and value == {"a": ["b", {"c": 1}], "d": None}
    data = [changed_bytes(random.Random(seed), b"0123456789" * 30) for seed in range(200)]
    assert len(set(data)) > 150 and data[5] == changed_bytes(random.Random(5), b"0123456789" * 30)


def test_crashes_and_slow_inputs_are_counted_and_refusals_are_none(exported_dir, monkeypatch, capsys):
    def check(number):
        if number % 3 == 0:
            raise DataError("refused")
        if number % 3 == 1:
            raise KeyError("a bug")

    numbers = iter(range(30))
    monkeypatch.setattr(fuzz, "SLOW_S", -1.0)
    found = thrown(Target(lambda rng: next(numbers), check), "views", exported_dir, 30)
    assert (found.inputs, found.refused, found.slow) == (30, 10, list(range(30)))
    assert found.crashes == {"KeyError: 'a bug'": 10}
    assert found.problems[0] == "10 x KeyError: 'a bug'" and found.problems[1].startswith("over -1 s")
    assert "views, input 1: 1\n" in capsys.readouterr().err


def dying(model, scratch):
    def check(text):
        if model.name == "dies" and not len(text) % 10:
            os.kill(os.getpid(), signal.SIGKILL)

    return Target(lambda rng: "x" * rng.randrange(1, 40), check)


def unstartable(model, scratch):
    raise OSError("no model")


def test_a_process_that_dies_is_a_crash_and_the_others_inputs_are_thrown(tmp_path, monkeypatch):
    monkeypatch.setattr(fuzz.multiprocessing, "get_context", lambda _: __import__("multiprocessing").context.ForkContext())
    monkeypatch.setitem(fuzz.TARGETS, "views", dying)
    numbers = range(5, 65)
    ends = sum(not random.Random(f"0:views:{number}").randrange(1, 40) % 10 for number in numbers)
    found = fuzz.fuzz([fuzz.Share("views", tmp_path / "dies", 0, numbers[place::2]) for place in range(2)])
    assert ends > 1 and found.inputs == 60
    assert found.crashes == {"the process ended with signal 9": ends}
    assert fuzz.fuzz([fuzz.Share("views", tmp_path, 0, numbers)]).crashes == {}

    monkeypatch.setitem(fuzz.TARGETS, "views", unstartable)
    with pytest.raises(GateError, match="views: the process ended before the first input"):
        fuzz.fuzz([fuzz.Share("views", tmp_path, 0, numbers)])
