"""Downloads from a Hub that accepts connections and is silent: they end, and say what to do."""

import socket
import time
from dataclasses import replace

import pytest

from src.data.real_benchmark_loader import HUB_SOURCES, resolve_commit
from src.encoders import build
from src.errors import BaselineUnavailable, ConfigError, DataError
from src.evaluation.baselines.hub import HubModel, _fetch
from src.hub import limit_waiting
from src.models.backbone import locate_encoder

LIMIT_S = 0.3


@pytest.fixture
def silent_hub(tmp_path, monkeypatch):
    """The kernel accepts the connections, and nothing ever reads from them."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", f"http://127.0.0.1:{server.getsockname()[1]}")
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_ETAG_TIMEOUT", LIMIT_S)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setattr("time.sleep", lambda seconds: None)  # between attempts
        yield


@pytest.mark.timeout(60)
def test_every_question_to_a_silent_hub_ends(silent_hub):
    limit_waiting()
    start = time.monotonic()
    with pytest.raises(ConfigError, match="could be downloaded .*timed out.*Check the"):
        locate_encoder("somebody/encoder")
    with pytest.raises(BaselineUnavailable, match="could not be downloaded"):
        _fetch(HubModel(place="somebody/guard", attack_label=1), ["config.json"])
    with pytest.raises(ConfigError, match="could not be downloaded .*Check the network"):
        build._read_hub()
    with pytest.raises(DataError, match="could not be reached"):
        resolve_commit(replace(HUB_SOURCES[0], revision=None), "hf_none")
    assert time.monotonic() - start < 100 * LIMIT_S
