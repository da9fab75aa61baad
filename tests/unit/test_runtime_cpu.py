"""The runtime serves the INT8 file that the CPU computes rightly, and says so when it has to choose."""

import logging
import shutil

import pytest

from benchmarks.throughput import forced_networks
from src.evaluation.predictor import OnnxPredictor
from src.export.artifact import save_artifact
from src.export.measure import route_sessions
from src.runtime import Guard, canaries, cpu
from src.runtime.artifact import graph_session, open_session, serving_file
from tests.conftest import small_guard
from tests.unit.test_export import with_variants

SKYLAKE = "processor\t: 0\nflags\t\t: fpu sse4_2 avx2 avx512f avx512bw\nbugs\t: avx512_vnni\n\nprocessor\t: 1\n"
ICE_LAKE = SKYLAKE.replace("avx512bw", "avx512bw avx512_vnni")
ALDER_LAKE = SKYLAKE.replace("avx512f avx512bw", "avx_vnni")
FULL, REDUCED = "model_int8.onnx", "model_int8_reduced.onnx"


@pytest.fixture(scope="module")
def directory(tiny_model_config, tokenizer, tmp_path_factory):
    directory = tmp_path_factory.mktemp("variants")
    save_artifact(with_variants(small_guard(tiny_model_config, tokenizer, steps=30), "int8_reduced", "int4"), directory)
    return directory


@pytest.fixture
def pretend(monkeypatch, tmp_path):
    def be(machine, cpuinfo):
        """A machine of this name; cpuinfo None: a system without /proc."""
        monkeypatch.setattr(cpu.platform, "machine", lambda: machine)
        monkeypatch.setattr(cpu, "CPUINFO", tmp_path / "cpuinfo")
        if cpuinfo is not None:
            (tmp_path / "cpuinfo").write_text(cpuinfo)

    return be


@pytest.mark.parametrize(
    ("machine", "cpuinfo", "expected"),
    [
        ("x86_64", ICE_LAKE, FULL),
        ("x86_64", ALDER_LAKE, FULL),
        ("x86_64", SKYLAKE, REDUCED),
        ("aarch64", "Features\t: fp asimd asimddp\n", FULL),
        ("arm64", None, FULL),  # ARM: Linux, macOS
        ("x86_64", None, REDUCED),
        ("AMD64", None, REDUCED),  # macOS, Windows: the flags are not known
    ],
)
def test_the_file_that_suits_the_cpu_is_served(directory, pretend, machine, cpuinfo, expected):
    pretend(machine, cpuinfo)
    guard = Guard.load(directory)
    assert guard.file == expected and guard(canaries.ATTACKS[0]).threat
    assert OnnxPredictor.from_directory(directory).name == f"tinyguardrail-{expected.removesuffix('.onnx')}"  # is measured


@pytest.mark.parametrize("file", [FULL, REDUCED, "model_int4.onnx", "model.onnx"])
def test_a_file_that_is_named_is_served_on_every_cpu(directory, pretend, file):
    pretend("x86_64", SKYLAKE)
    guard = Guard.load(directory, file=file)
    assert guard.file == file and guard(canaries.ATTACKS[0]).threat and not guard(canaries.BENIGN[0]).threat


def test_the_choice_is_logged_and_without_the_file_the_full_range_is_served(directory, pretend, tmp_path, caplog):
    caplog.set_level(logging.INFO)
    pretend("x86_64", ICE_LAKE)
    serving_file(directory)
    assert not caplog.records
    pretend("x86_64", SKYLAKE)
    serving_file(directory)
    assert [(record.levelname, REDUCED in record.message) for record in caplog.records] == [("INFO", True)]
    caplog.clear()
    alone = shutil.copytree(directory, tmp_path / "alone")
    (alone / REDUCED).unlink()
    assert Guard.load(alone).file == FULL
    assert not caplog.records


@pytest.mark.parametrize(
    ("machine", "cpuinfo", "expected"), [("x86_64", SKYLAKE, "1"), ("x86_64", ICE_LAKE, None), ("arm64", None, None)]
)
def test_onnx_runtime_is_told_not_to_saturate_where_it_would(directory, pretend, machine, cpuinfo, expected):
    """Elsewhere the option doubles the time of a verdict."""
    pretend(machine, cpuinfo)
    path = directory / FULL
    for session in (  # what is served, what is timed on each route, and what it is compared with
        open_session(path, num_threads=1),
        *route_sessions(path).values(),
        *(network.session for network in forced_networks(directory).values()),
        graph_session(path),
        graph_session(path.read_bytes()),
    ):
        options = session.get_session_options()
        if expected is None:
            with pytest.raises(RuntimeError, match="x64quantprecision"):
                options.get_session_config_entry("session.x64quantprecision")
        else:
            assert options.get_session_config_entry("session.x64quantprecision") == expected
