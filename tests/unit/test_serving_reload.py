"""Another model takes over while the service runs; a broken one does not."""

import asyncio
import os
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from src.export.artifact import save_artifact
from src.runtime import Guard, canaries
from src.serving.app import awaited_on_hangup, create_app
from src.serving.service import load_guard
from src.serving.settings import Settings
from tests.conftest import small_guard

ATTACK = canaries.ATTACKS[0]


@pytest.fixture(scope="module")
def other_dir(tiny_model_config, tokenizer, tmp_path_factory):
    directory = tmp_path_factory.mktemp("other")
    save_artifact(small_guard(tiny_model_config, tokenizer, steps=60), directory)
    return directory


@pytest.fixture
def model(exported_dir, tmp_path):
    return shutil.copytree(exported_dir, tmp_path / "model")


def replace_by(model, other):
    shutil.rmtree(model)
    shutil.copytree(other, model)


@pytest.fixture
def app(model):
    settings = Settings(model=model, max_wait_ms=60_000)
    return create_app(load_guard(settings), settings)


def test_another_model_takes_over(app, model, other_dir):
    service, other = app.state.service, Guard.load(other_dir)
    with TestClient(app) as client:
        before = client.post("/guard", json={"text": ATTACK}).json()
        replace_by(model, other_dir)
        asyncio.run(service.reload())
        after = client.post("/guard", json={"text": ATTACK}).json()
        assert after["p_attack"] == other(ATTACK).p_attack != before["p_attack"]
        assert client.get("/info").json()["model_id"] == other.model_id
        assert 'tinyguardrail_reloads_total{outcome="served"} 1.0' in client.get("/metrics").text


def test_a_question_is_answered_by_the_model_that_its_threshold_belongs_to(app, model, other_dir, monkeypatch):
    service, judged, batch = app.state.service, [], Guard.batch

    def note(guard, texts, **options):
        judged.append((guard.model_id, list(texts)))
        return batch(guard, texts, **options)

    monkeypatch.setattr(Guard, "batch", note)
    earlier = service.terms()
    replace_by(model, other_dir)
    asyncio.run(service.reload())
    service.start()
    try:
        asyncio.run(service.judge(["a", "b"], [earlier, service.terms()], field="texts"))
    finally:
        service.close()
    assert judged == [(earlier.guard.model_id, ["a"]), (service.guard.model_id, ["b"])] and judged[0][0] != judged[1][0]


def damage_model(model):
    (model / "model_int8.onnx").write_bytes(b"damaged")


def damage_config(model):
    (model / "config.json").write_text("{", encoding="utf-8")


@pytest.mark.parametrize("damage", [damage_model, damage_config, shutil.rmtree])
def test_a_broken_directory_is_refused_and_the_model_goes_on(app, model, damage, capsys):
    with TestClient(app) as client:
        before = client.post("/guard", json={"text": ATTACK}).json()
        damage(model)
        asyncio.run(app.state.service.reload())
        assert client.post("/guard", json={"text": ATTACK}).json() == before
        assert client.get("/readyz").status_code == 200
        assert 'tinyguardrail_reloads_total{outcome="refused"} 1.0' in client.get("/metrics").text
    assert f"not reloaded, {app.state.service.guard.model_id} is served as before: " in capsys.readouterr().err


def test_an_untrained_model_is_refused_by_its_canaries(app, model, tiny_model_config, tokenizer, tmp_path, capsys):
    save_artifact(small_guard(tiny_model_config, tokenizer, steps=0), tmp_path / "untrained")
    replace_by(model, tmp_path / "untrained")
    asyncio.run(app.state.service.reload())
    assert "expected plain attacks to score" in capsys.readouterr().err


def test_a_bug_while_loading_does_not_end_the_service(app, monkeypatch, capsys):
    monkeypatch.setattr(Guard, "load", lambda *args, **options: {}["no such key"])
    asyncio.run(app.state.service.reload())
    assert "KeyError: 'no such key'" in capsys.readouterr().err and app.state.service.guard is not None


def test_requests_go_on_while_a_model_is_loaded(app, model, other_dir):
    expected = {Guard.load(directory)(ATTACK).p_attack for directory in (model, other_dir)}
    with TestClient(app) as client, ThreadPoolExecutor(4) as pool:
        replace_by(model, other_dir)
        answers = [pool.submit(client.post, "/guard", json={"text": ATTACK}) for _ in range(40)]
        asyncio.run(app.state.service.reload())
        assert {each.result().json()["p_attack"] for each in answers} <= expected


def test_a_hangup_is_followed_once_for_those_that_come_meanwhile():
    began, go_on, done = asyncio.Event(), asyncio.Event(), []

    async def action():
        began.set()
        await go_on.wait()
        done.append(True)

    async def hang_up():
        async with awaited_on_hangup(action):
            os.kill(os.getpid(), signal.SIGHUP)
            await began.wait()
            for _ in range(3):
                os.kill(os.getpid(), signal.SIGHUP)
                await asyncio.sleep(0.01)
            go_on.set()
            await asyncio.sleep(0.05)

    earlier = signal.getsignal(signal.SIGHUP)
    asyncio.run(hang_up())
    assert len(done) == 2 and signal.getsignal(signal.SIGHUP) == earlier
