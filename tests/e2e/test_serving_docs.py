"""docs/serving.md: what it shows is run, and what it says about settings, endpoints and files is so."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

import src
from src.console.main import _parser
from src.runtime import Guard, canaries
from src.runtime.artifact import RELEASE
from src.serving import refusals
from src.serving.app import create_app
from src.serving.settings import PREFIX, Settings
from tests.e2e.test_serving_process import PATIENCE, environment, free_port, metrics, ready_workers, serving, until

ROOT = Path(__file__).resolve().parents[2]
DOCS = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")
BLOCKS = [(info, code.strip()) for info, code in re.findall(r"^```([^\n]+)\n(.*?)^```$", DOCS, flags=re.S | re.M)]
MODEL, KEY = "outputs/production_final/optimized", "example-key"
# A command and, where JSON stands behind it, what it printed.
ASKED = [
    (info, code, BLOCKS[place + 1][1] if place + 1 < len(BLOCKS) and BLOCKS[place + 1][0] == "json" else None)
    for place, (info, code) in enumerate(BLOCKS)
    if code.startswith("curl ")
]
STARTED = [code for info, code in BLOCKS if info == "bash start"]
KINDS = {"bash start", "bash", "bash key", "json", "python", "nginx", "caddyfile", "yaml"}


def test_every_block_is_of_a_kind_that_is_tried_or_says_what_it_needs():
    assert {info for info, _ in BLOCKS if "needs=" not in info} == KINDS
    assert {info for info, _ in BLOCKS if "needs=" in info} == {
        "bash needs=docker",
        "bash needs=cluster",
        "bash needs=mcp-server",
        "python needs=ray",
        "python needs=spark",
    }
    commands = [code for info, code in BLOCKS if info in ("bash", "bash key")]
    assert [code for code in commands if not code.startswith("curl ")] == ["kill -HUP PID"]


def test_settings_are_those_of_the_service():
    rows = dict(re.findall(r"^\| `(TINYGUARDRAIL_\w+)` \| (.*?) \|", DOCS, flags=re.M))
    shown = {None: "unset", RELEASE: "`release/`", False: "`false`"}
    expected = {f"{PREFIX}{each.name.upper()}": shown.get(each.default, f"`{each.default}`") for each in fields(Settings)}
    assert rows == expected


def test_every_endpoint_has_an_example_and_every_error_a_line(exported_dir):
    app = create_app(Guard.load(exported_dir), Settings())
    asked = {re.search(r"127\.0\.0\.1:8000(\S+)", code)[1] for _, code, _ in ASKED}
    assert asked == set(app.openapi()["paths"])
    lines = re.findall(r"^\| ([\d, ]+) \| (`.*?`) \|", DOCS, flags=re.M)
    listed = [pair for numbers, names in lines for pair in zip(numbers.split(", "), names.split(", "), strict=True)]
    assert {int(number): name.strip("`") for number, name in listed} == refusals.CODES


def test_metrics_that_are_named_are_there(exported_dir):
    shown = create_app(Guard.load(exported_dir), Settings()).state.service.metrics.text().decode()
    there = {name for name in re.findall(r"^# TYPE (\w+)", shown, flags=re.M) if not name.endswith("_created")}
    assert set(re.findall(r"`(tinyguardrail_\w+)`", DOCS)) == there


def command_of(code: str, port: int, model: Path) -> str:
    """The command with the interpreter of the tests, in the place of the shell that reads it: signals reach it then."""
    python = f'"{sys.executable}" -m '
    for name, module in (("python -m src", "src"), ("tinyguardrail serve", "src serve"), ("uvicorn api", "uvicorn api")):
        code = code.replace(name, python + module)
    return "exec env " + code.replace(MODEL, f'"{model}"').replace("8000", str(port))


@pytest.mark.parametrize("code", STARTED, ids=[code[:40] for code in STARTED])
def test_every_way_to_start_it_serves(code, exported_dir, tmp_path):
    port = free_port()
    with serving(["bash", "-c", command_of(code, port, exported_dir)], tmp_path / "log", port) as process:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
    assert "Traceback" not in (tmp_path / "log").read_text()


def shape(value: object) -> object:
    """Names and types; numbers are one type, because 1.0 may be printed as 1."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
@pytest.mark.parametrize(("kind", "settings"), [("bash", {}), ("bash key", {"API_KEY": KEY})])
def test_examples_print_what_is_shown(kind, settings, exported_dir, tmp_path):
    port = free_port()
    with serving([sys.executable, "-m", "src.serving", "--port", port], tmp_path / "log", port, MODEL=exported_dir, **settings):
        examples = [(code, printed) for info, code, printed in ASKED if info == kind]
        assert len(examples) >= 2
        for code, printed in examples:
            done = subprocess.run(
                ["bash", "-c", code.replace("8000", str(port))],
                env=environment(API_KEY=KEY),
                capture_output=True,
                text=True,
                check=False,
                timeout=PATIENCE,
            )
            assert done.returncode == 0, code
            if printed is None:
                assert "# TYPE tinyguardrail_requests_total counter" in done.stdout
                continue
            answer, expected = json.loads(done.stdout), json.loads(printed)
            assert shape(answer) == shape(expected), code
            if "error" in expected or "status" in expected:
                assert answer == expected


def test_the_signal_of_a_reload(exported_dir, tmp_path):
    port = free_port()
    (code,) = [code for info, code in BLOCKS if info == "bash" and code.startswith("kill")]
    command = [sys.executable, "-m", "src.serving", "--port", port]
    with serving(command, tmp_path / "log", port, MODEL=exported_dir) as process:
        assert ready_workers(port) == 1
        subprocess.run(["bash", "-c", code.replace("PID", str(process.pid))], check=True)
        until(lambda: 'tinyguardrail_reloads_total{outcome="served"} 1.0' in metrics(port))


def test_the_class_of_bulk_scoring_scores(exported_dir, monkeypatch):
    monkeypatch.setitem(sys.modules, "tinyguardrail", src)
    names: dict[str, object] = {}
    (code,) = [code for info, code in BLOCKS if info == "python"]
    exec(code, names)
    texts = np.array([canaries.ATTACKS[0], canaries.BENIGN[0]], dtype=object)
    scored = names["Score"](exported_dir)({"text": texts, "id": np.array([1, 2])})
    verdicts = Guard.load(exported_dir).batch(texts)
    assert list(scored) == ["text", "id", "threat", "p_attack"]
    assert scored["threat"].tolist() == [verdict.threat for verdict in verdicts]
    assert scored["p_attack"].tolist() == [verdict.p_attack for verdict in verdicts]


@pytest.mark.parametrize("name", ["ray", "spark"])
def test_examples_for_engines_are_python(name):
    (code,) = [code for info, code in BLOCKS if info == f"python needs={name}"]
    compile(code, name, "exec")


def test_the_example_for_ray_scores_each_row_once(exported_dir, tmp_path):
    """Where Ray is installed: pip install 'ray[data]'."""
    pytest.importorskip("ray", reason="the example needs Ray: pip install 'ray[data]'")
    script = "\n".join(code for info, code in BLOCKS if info in ("python", "python needs=ray"))
    (tmp_path / "script.py").write_text(
        script.replace(MODEL, str(exported_dir))
        .replace("size=8", "size=1")
        .replace("import ray\n", "import ray\n\nray.init(num_cpus=3)\n")
    )
    (tmp_path / "tinyguardrail.py").write_text("from src import Guard\n")  # where the package is not installed
    texts = [f"question {number}" for number in range(40)]
    pd.DataFrame({"id": range(40), "text": texts}).to_parquet(tmp_path / "prompts.parquet")
    path = os.pathsep.join(map(str, (tmp_path, ROOT)))
    for _ in ("once", "again, with nothing left to do"):
        subprocess.run(
            [sys.executable, "script.py"], cwd=tmp_path, env=os.environ | {"PYTHONPATH": path}, check=True, timeout=300
        )
    scored = pd.read_parquet(tmp_path / "verdicts").sort_values("text", key=lambda column: column.str[9:].astype(int))
    assert scored["text"].tolist() == texts
    expected = Guard.load(exported_dir).batch(texts)
    assert scored["p_attack"].tolist() == pytest.approx([verdict.p_attack for verdict in expected])


def test_limits_of_proxies_and_pods_are_those_of_the_service():
    seconds = 2 * Settings().timeout + 1  # what the service takes to stop
    nginx, caddy = (next(code for info, code in BLOCKS if info == kind) for kind in ("nginx", "caddyfile"))
    assert Settings().max_body_bytes == 1 << 20 and "client_max_body_size 1m;" in nginx and "max_size 1MiB" in caddy
    assert int(re.search(r"proxy_read_timeout (\d+)s", nginx)[1]) > 2 * Settings().timeout
    assert int(re.search(r"response_header_timeout (\d+)s", caddy)[1]) > 2 * Settings().timeout
    pod = yaml.safe_load(next(code for info, code in BLOCKS if info == "yaml"))["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    pause = int(container["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod["terminationGracePeriodSeconds"] > pause + seconds
    service = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]["guard"]
    assert int(service["stop_grace_period"].removesuffix("s")) > seconds
    variables = {each["name"] for each in container["env"]} | set(service["environment"])
    assert variables <= {f"{PREFIX}{each.name.upper()}" for each in fields(Settings)}


def test_adapters_are_those_that_there_are():
    section = DOCS.partition("## Adapters")[2]
    listed = set(re.findall(r"^\| `(\w+)` \|", section, flags=re.M))
    assert listed == {path.stem for path in (ROOT / "src" / "adapters").glob("*.py")} - {"__init__"}


def test_the_image_serves_what_its_probe_asks_for():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    bases = {line.split()[1] for line in lines if line.startswith("FROM ")}
    (base,) = bases
    assert re.fullmatch(r"python:\d+\.\d+\.\d+-slim-\w+", base)  # a whole version, the same in both stages
    command = json.loads(next(line for line in lines if line.startswith("CMD ")).removeprefix("CMD "))
    served = _parser().parse_args(command)
    assert served.host == "0.0.0.0" and f"EXPOSE {served.port}" in lines
    assert any(f"http://127.0.0.1:{served.port}/readyz" in line for line in lines)
    user = next(line for line in lines if line.startswith("USER ")).split()[1].split(":")[0]
    assert int(user) > 0 and f"fsGroup: {user}" in DOCS and f"user {user}" in DOCS
    service = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]["guard"]
    assert service["ports"] == [f"127.0.0.1:{served.port}:{served.port}"] and service["read_only"] is True
