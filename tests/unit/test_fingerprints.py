"""Fingerprints: the same from one process, from several and from the cache, which is whole or absent."""

import errno
from dataclasses import fields

import numpy as np
import pytest

from src.data import cache
from src.data import fingerprints as fp
from src.data.fingerprints import Fingerprints, concatenate, fingerprint, fingerprint_all
from src.errors import DataError

TEXTS = [f"the {number}th question about {thing}" for number in range(400) for thing in ("rain", "bread", "maps")]
TEXTS[7] = "wollof dna yadnoM no ecalp sti ot moor siht ni koob yreve kcab tup esaelp"  # has a view


def same(a: Fingerprints, b: Fingerprints) -> bool:
    return all(np.array_equal(getattr(a, item.name), getattr(b, item.name)) for item in fields(Fingerprints))


def test_processes_and_parts_change_nothing(monkeypatch):
    monkeypatch.setattr(fp, "MIN_PARALLEL_TEXTS", len(TEXTS))
    alone = fingerprint(TEXTS, with_views=True, workers=1)
    assert same(alone, fingerprint(TEXTS, with_views=True, workers=3))
    parts = fingerprint_all([TEXTS[:500], [], TEXTS[500:]], with_views=True, workers=2)
    assert [len(part) for part in parts] == [500, 0, 700]
    assert same(alone, concatenate(parts))
    assert 7 in alone.view_of and len(fingerprint(TEXTS, with_views=False, workers=1).view_of) == 0


def test_few_texts_start_no_process(monkeypatch):
    monkeypatch.setattr(fp, "ProcessPoolExecutor", None)
    fingerprint(TEXTS, with_views=False, workers=3)
    monkeypatch.setattr(fp, "MIN_PARALLEL_TEXTS", len(TEXTS))
    with pytest.raises(TypeError):
        fingerprint(TEXTS, with_views=False, workers=3)


def test_the_cache_is_read_for_the_same_texts_and_only_for_them(tmp_path, monkeypatch):
    computed = []
    of_texts = fp._fingerprint_texts
    monkeypatch.setattr(fp, "_fingerprint_texts", lambda task: computed.append(len(task[1])) or of_texts(task))
    first = fingerprint(TEXTS, with_views=True, cache_dir=tmp_path, workers=1)
    assert sum(computed) == len(TEXTS) and len(list(tmp_path.iterdir())) == 1
    computed.clear()
    assert same(first, fingerprint(TEXTS, with_views=True, cache_dir=tmp_path, workers=1)) and sum(computed) == 0
    for other, with_views in (([*TEXTS[:-1], "new"], True), (TEXTS[::-1], True), (TEXTS, False)):
        computed.clear()
        fingerprint(other, with_views=with_views, cache_dir=tmp_path, workers=1)
        assert sum(computed) == len(TEXTS)
    monkeypatch.setattr(cache, "code_hash", lambda code: b"other code")
    computed.clear()
    fingerprint(TEXTS, with_views=True, cache_dir=tmp_path, workers=1)
    assert sum(computed) == len(TEXTS)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not an archive", None], ids=["empty", "broken", "cut"])
def test_a_broken_cache_file_is_replaced(tmp_path, content, caplog):
    first = fingerprint(TEXTS, with_views=True, cache_dir=tmp_path, workers=1)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if content is None else content)
    assert same(first, fingerprint(TEXTS, with_views=True, cache_dir=tmp_path, workers=1))
    assert "computed anew" in caplog.text and file.read_bytes() == whole


def test_a_full_disk_leaves_no_half_file_and_says_what_to_do(tmp_path, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(cache.np, "savez", full)
    with pytest.raises(DataError, match="No space left on device; free some space, choose another directory with data.cache_dir"):
        fingerprint(TEXTS, with_views=False, cache_dir=tmp_path, workers=1)
    assert list(tmp_path.iterdir()) == []


def test_choosing_texts_keeps_their_views():
    prints = fingerprint(TEXTS, with_views=True, workers=1)
    kept = np.zeros(len(TEXTS), dtype=bool)
    kept[[3, 7, 20]] = True
    chosen = prints.select(kept)
    assert same(chosen, fingerprint([TEXTS[3], TEXTS[7], TEXTS[20]], with_views=True, workers=1))
    hidden = fingerprint([TEXTS[7][::-1]], with_views=True, workers=1)
    assert chosen.exact_in(hidden).tolist() == [False, True, False]
    assert hidden.near_in(chosen).tolist() == [True]
