"""The table of benchmarks: what is in it, under which policy and revision, and why a set is not run."""

from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import pytest

from src.data.attack_generators import ATTACKS, evaluation_attacks
from src.data.lookalikes import MAKERS
from src.errors import DataError
from src.evaluation import benchmarks as module
from src.evaluation.benchmarks import build_benchmarks, headline_of, policy_of
from src.labels import Family, Label
from tests.benchmark_rows import BENIGN, CFG, HARMFUL, INJECTIONS, example


def test_the_table_has_files_cells_the_held_out_split_and_what_is_not_there(monkeypatch):
    seen = {}

    def grid(families, payloads, benign, **options):
        seen.update(payloads=payloads, benign=benign, **options)
        return {name: [example(name, Label.OBFUSCATION, Family.FLIP, attack=each[0].name)] for name, each in families.items()}

    monkeypatch.setattr(module, "generate_grid", grid)
    benign = example("b", attack=None)
    splits = SimpleNamespace(
        evaluation={
            "set": list(BENIGN),
            "toxicchat": list(INJECTIONS),
            "empty": [],
            "again": [example("new", source="trained")],
        },
        test=[benign, example("twin", attack="flip/fcs"), *INJECTIONS],
        reserved_payloads=list(HARMFUL),
        train=[example("t", source="trained")],
        manifest={
            "evaluation": {
                name: {"revision": "owner/name@abc", "eval_group": "over", "licence": "MIT"}
                for name in ("set", "toxicchat", "empty", "again")
            }
        },
    )
    cfg = replace(CFG, data=replace(CFG.data, left_out=["flip/fcs", "some_source"]))
    table = {b.name: b for b in build_benchmarks(splits, cfg)}
    assert (table["set"].revision, table["set"].eval_group, table["set"].headline) == ("owner/name@abc", "over", "fpr")
    assert table["set"].licence == "MIT" and table["generated/flip"].licence is None
    assert table["empty"].reason == "the set has no rows"
    assert {b.name for b in table.values() if b.kind == "generated"} == {
        *(f"generated/{name}" for name in evaluation_attacks()),
        "left_out/flip/fcs",
    }
    assert [row.attack for row in table["left_out/flip/fcs"].examples] == ["flip/fcs"]
    assert (table["set"].kind, table["again"].kind) == ("file", "heldout")  # a trained source is no unseen data
    assert table["heldout/test"].headline == "both"
    assert table["toxicchat"].reason is None  # the source has it: no "not run" row under the same name
    assert "private" in table["pint"].reason
    assert "data.bipia_dir" in table["bipia/email"].reason
    assert {"wildguardtest", "notinject"} <= set(table)
    assert (seen["payloads"], seen["benign"], seen["rows"]) == (list(HARMFUL), [benign], 4)


@pytest.mark.parametrize(
    ("stated", "sha256", "revision"),
    [
        ("abc", None, "abc"),
        ("abc", "0123456789abcdef", "abc, sha256 0123456789ab"),
        (None, "0123456789abcdef", "sha256 0123456789ab"),
        ("pint, sha256 0123456789ab", "0123456789abcdef", "pint, sha256 0123456789ab"),
        (None, None, "not stated by the data source"),
    ],
)
def test_a_set_has_an_immutable_revision_where_its_file_is_known(stated, sha256, revision):
    manifest = {"evaluation": {"set": {"revision": stated, "sha256": sha256, "eval_group": None, "licence": None}}}
    rows = list(BENIGN)
    splits = SimpleNamespace(evaluation={"set": rows}, train=[], test=rows, reserved_payloads=[], manifest=manifest)
    assert build_benchmarks(splits, CFG)[0].revision == revision


def test_without_reserved_payloads_the_cells_say_why():
    splits = SimpleNamespace(evaluation={}, train=[], test=list(BENIGN), reserved_payloads=[], manifest={"evaluation": {}})
    table = {b.name: b for b in build_benchmarks(splits, CFG)}
    assert "reserved_payload_source" in table["generated"].reason


def test_a_family_that_too_few_texts_were_found_for_says_why_and_the_others_are_run(monkeypatch, caplog):
    def grid(families, payloads, benign, **options):
        if "flip" in families:
            raise DataError("made 1 of 4 rows")
        return {name: [example(name, Label.OBFUSCATION, Family.ENCODING)] for name in families}

    monkeypatch.setattr(module, "generate_grid", grid)
    splits = SimpleNamespace(
        evaluation={}, train=[], test=list(BENIGN), reserved_payloads=list(HARMFUL), manifest={"evaluation": {}}
    )
    table = {b.name: b for b in build_benchmarks(splits, CFG)}
    assert (table["generated/flip"].reason, table["generated/flip"].examples) == ("made 1 of 4 rows", ())
    assert table["generated/encoding"].reason is None and "generated/flip is not run" in caplog.text


def test_a_family_is_a_grid_of_cells_with_as_many_attacks_as_twins():
    rows = {label: [example(f"{label.name} words {i} of a text", label) for i in range(9)] for label in Label}
    splits = SimpleNamespace(
        evaluation={}, train=[], test=rows[Label.BENIGN], reserved_payloads=rows[Label.JAILBREAK], manifest={"evaluation": {}}
    )
    generated = [b for b in build_benchmarks(splits, CFG) if b.kind == "generated"]
    for b in generated:
        cells = Counter((row.attack, row.wrapper is None, row.label != Label.BENIGN) for row in b.examples)
        covered = Counter(row.attack for row in b.examples if "cover" in (row.wrapper or ""))
        transforms = {attack for attack, *_ in cells}
        assert len(cells) == 4 * len(transforms)  # bare and wrapped, attack and twin
        for (attack, is_bare, _), n in cells.items():
            assert n == CFG.data.generated_rows * (2 if covered[attack] and not is_bare else 1)
    assert {row.attack for b in generated for row in b.examples} == set(ATTACKS)


def test_look_alikes_are_held_out_texts_that_decide_no_matched_comparison():
    splits = SimpleNamespace(evaluation={}, train=[], test=list(BENIGN), reserved_payloads=[], manifest={"evaluation": {}})
    made = next(b for b in build_benchmarks(splits, CFG) if b.name == "heldout/lookalikes")
    assert (made.kind, made.headline, len(made.examples)) == ("heldout", "fpr", 16)
    assert len({row.category for row in made.examples}) == len(MAKERS)
    splits.train = [replace(made.examples[0], split="train")]
    again = next(b for b in build_benchmarks(splits, CFG) if b.name == "heldout/lookalikes")
    assert [row.text for row in again.examples] == [row.text for row in made.examples[1:]]  # a trained text is no test


def test_policy_and_headline_follow_from_the_labels():
    assert policy_of(INJECTIONS) == policy_of(BENIGN) == "override"
    assert policy_of([*INJECTIONS, *HARMFUL]) == "full"
    assert [headline_of(rows) for rows in (INJECTIONS, BENIGN, [*INJECTIONS, *BENIGN])] == ["recall", "fpr", "both"]
