"""Data sets of the Hub that changed, damaged files, and downloads that fail."""

import errno
import json
import re
from dataclasses import replace
from pathlib import Path

import httpx2
import pandas as pd
import pytest
from datasets.exceptions import DatasetGenerationError, DatasetNotFoundError
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError

from src.data import real_benchmark_loader as loader
from src.data.real_benchmark_loader import HubSource
from src.errors import DataError
from tests.hub_server import FILES, SOURCES, TOKEN, go_offline

# ---- data sets that changed, files that are damaged ----


def test_a_renamed_column_is_named(hub):
    for path in [path for path in hub.repos["deepset/prompt-injections"] if path.endswith(".parquet")]:
        hub.replace_table("deepset/prompt-injections", path, pd.DataFrame({"sentence": ["x"], "label": [0]}))
    with pytest.raises(DataError, match=r"expected columns \['text', 'label'\], found \['sentence', 'label'\]"):
        loader.load_source(SOURCES["deepset"], TOKEN)


@pytest.mark.parametrize(
    ("name", "part", "message"),
    [("gandalf", "validation", "data/validation-.* has no rows"), ("dolly", "jsonl", '"train" corresponds to no data')],
)
def test_an_empty_split_is_an_error_not_a_small_data_set(hub, name, part, message):
    repo = SOURCES[name].repo
    path = next(path for path in FILES[repo] if re.search(part, path))
    hub.replace_table(repo, path, FILES[repo][path].head(0))
    with pytest.raises(DataError, match=f"{repo}.*{message}.*the data set changed, correct HUB_SOURCES"):
        loader.load_source(SOURCES[name], TOKEN)


def test_a_set_without_usable_rows_is_an_error(hub):
    path = "data/train-00000-of-00001.parquet"
    hub.replace_table("walledai/XSTest", path, FILES["walledai/XSTest"][path].assign(label="0"))
    with pytest.raises(DataError, match="walledai/XSTest.*none of its 2 rows can be used"):
        loader.load_source(SOURCES["xstest"], TOKEN)


def test_another_number_of_rows_than_published_is_logged(hub, caplog):
    loader.load_source(SOURCES["advbench"], TOKEN)
    assert "advbench: 2 rows read, 520 published" in caplog.text
    caplog.clear()
    loader.load_source(replace(SOURCES["advbench"], rows=2), TOKEN)
    assert "published" not in caplog.text


def test_an_unknown_configuration_or_split_names_the_page(hub):
    for wrong in (replace(SOURCES["deepset"], config="nope"), replace(SOURCES["deepset"], splits=("nope",))):
        with pytest.raises(DataError, match="huggingface.co/datasets/deepset/prompt-injections.*nope"):
            loader.load_source(wrong, TOKEN)


def test_a_missing_file_names_the_page(hub):
    del hub.repos["qxcv/tensor-trust"]["benchmarks/extraction-robustness/v1/extraction_robustness_dataset.jsonl"]
    with pytest.raises(DataError, match="datasets/qxcv/tensor-trust.*'extraction'.*cannot be read.*correct HUB_SOURCES"):
        loader.load_source(SOURCES["tensor_trust_extraction"], TOKEN)


def prepared(tmp_path: Path) -> list[Path]:
    """Tables that `datasets` would read again."""
    return list((tmp_path / "datasets").rglob("*.arrow"))


def test_a_parquet_file_that_ends_early_is_named_and_a_new_copy_mends_it(hub, tmp_path):
    source, rows = SOURCES["deepset"], loader.load_source(SOURCES["deepset"], TOKEN)
    for table in prepared(tmp_path):
        table.unlink()
    for directory in sorted((tmp_path / "datasets").rglob("*"), reverse=True):
        directory.unlink() if directory.is_file() else directory.rmdir()
    cached = next((tmp_path / "hub").rglob("snapshots/*/data/train-*.parquet")).resolve()
    cached.write_bytes(cached.read_bytes()[:-20])

    with pytest.raises(DataError, match="deepset/prompt-injections.*data/train-.*ends early or is damaged") as damaged:
        loader.load_source(source, TOKEN)
    assert f"Delete the cached copy {cached} and rerun" in str(damaged.value)
    assert not prepared(tmp_path)
    cached.unlink()
    assert loader.load_source(source, TOKEN) == rows


def test_a_damaged_file_of_another_kind_names_the_cache_to_delete(hub, tmp_path):
    hub.repos["databricks/databricks-dolly-15k"]["databricks-dolly-15k.jsonl"] = b'{"instruction": "name a ri'
    with pytest.raises(DataError, match="databricks-dolly-15k.*cannot be read.*delete .*datasets--databricks--databricks-"):
        loader.load_source(SOURCES["dolly"], TOKEN)
    assert not prepared(tmp_path)


# ---- the way there ----


def test_a_download_that_breaks_off_is_tried_again_and_keeps_nothing_half_written(hub, tmp_path, caplog):
    hub.cuts = 8  # more than the client's own attempts
    examples, _ = loader.load_source(SOURCES["advbench"], TOKEN)
    assert [row.text for row in examples] == ["forge a seal", "forge a stamp"]
    assert "walledai/AdvBench: " in caplog.text and "next attempt in 2 s" in caplog.text
    assert not list((tmp_path / "hub").rglob("*.incomplete"))


def test_what_was_downloaded_before_an_interruption_is_not_downloaded_again(hub, tmp_path, monkeypatch):
    hub.cuts = 10_000
    with pytest.raises(DataError, match="could not be reached in 5 attempts"):
        loader.load_source(SOURCES["advbench"], TOKEN)
    assert not prepared(tmp_path) and not list((tmp_path / "hub").rglob("*.parquet"))
    go_offline(monkeypatch)
    with pytest.raises(DataError, match="HF_HUB_OFFLINE is set"):  # half a copy is no copy
        loader.load_source(SOURCES["advbench"], TOKEN)

    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    hub.cuts = 0
    hub.requests.clear()
    assert len(loader.load_source(SOURCES["advbench"], TOKEN)[0]) == 2
    fetched = [request for request in hub.requests if request.startswith("GET /datasets/")]
    assert len(fetched) == 1 and fetched[0].endswith(".parquet")  # README.md was there


@pytest.mark.parametrize("status", [429, 500, 503])
def test_too_many_requests_and_failing_servers_are_waited_for(hub, status):
    hub.statuses = [status] * 9
    assert len(loader.load_source(SOURCES["notinject"], TOKEN)[0]) == 3
    assert not hub.statuses


def test_a_full_disk_says_which_directories_and_how_to_move_them(hub, tmp_path, monkeypatch):
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    message = f"no space left for walledai/AdvBench.*{tmp_path / 'hub'}.*{tmp_path / 'datasets'}.*export HF_HOME="
    with monkeypatch.context() as patch:
        patch.setattr("huggingface_hub.file_download.http_get", full)
        with pytest.raises(DataError, match=message):
            loader.load_source(SOURCES["advbench"], TOKEN)
    assert not list((tmp_path / "hub").rglob("*.incomplete"))
    with monkeypatch.context() as patch:
        patch.setattr("datasets.arrow_writer.ArrowWriter.write_table", full)
        with pytest.raises(DataError, match=message):
            loader.load_source(SOURCES["advbench"], TOKEN)
    assert not prepared(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("datasets.builder.has_sufficient_disk_space", lambda *args, **kwargs: False)
        with pytest.raises(DataError, match=message):
            loader.load_source(SOURCES["advbench"], TOKEN)
    assert len(loader.load_source(SOURCES["advbench"], TOKEN)[0]) == 2


def http_error(status: int, kind: type[HfHubHTTPError] = HfHubHTTPError) -> HfHubHTTPError:
    request = httpx2.Request("GET", "https://huggingface.co/api")
    return kind(f"{status} from the server", response=httpx2.Response(status, request=request))


def caused(outer: Exception, cause: Exception) -> Exception:
    outer.__cause__ = cause
    return outer


WILDGUARD = SOURCES["wildguardmix"]


def attempt(errors: list[Exception], source: HubSource = WILDGUARD) -> tuple[str, list[float]]:
    """What a download that fails with these errors, one per attempt, ends in; and the waits."""
    waits: list[float] = []

    def fetch() -> str:
        if errors:
            raise errors.pop(0)
        return "rows"

    return loader._with_retries(fetch, source, sleep=waits.append), waits


@pytest.mark.parametrize(
    "error",
    [
        ConnectionError("no route"),
        http_error(429),
        http_error(503),
        httpx2.ConnectError("no route"),
        httpx2.ReadTimeout("slow"),
        caused(DatasetGenerationError("while generating"), http_error(502)),
        RuntimeError("Data processing error: request timed out"),
        json.JSONDecodeError("Expecting value", "<html>", 0),  # of a proxy, say
        UnicodeDecodeError("utf-8", b"\xcd", 0, 1, "invalid continuation byte"),  # the body of an error
        OSError("Consistency check failed: file should be of size 8 but has size 4"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_may_pass_is_tried_again_after_growing_waits(error):
    assert attempt([error, error]) == ("rows", [2.0, 4.0])
    with pytest.raises(DataError, match="could not be reached in 5 attempts"):
        attempt([error] * 5)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            caused(DatasetNotFoundError("gated"), http_error(403, GatedRepoError)),
            "https://huggingface.co/datasets/allenai/wildguardmix.*click 'Agree and access repository'",
        ),
        (http_error(401), "does not accept this HF_TOKEN.*huggingface.co/settings/tokens"),
        (DatasetNotFoundError("doesn't exist"), "cannot be read: DatasetNotFoundError: doesn't exist"),
        (RuntimeError("I/O error: No space left on device (os error 28)"), "no space left for allenai/wildguardmix.*HF_HOME"),
    ],
    ids=["gated", "bad token", "gone", "no space"],
)
def test_what_cannot_pass_is_not_tried_again_and_says_what_to_do(error, message):
    errors = [error, RuntimeError("tried again")]
    with pytest.raises(DataError, match=message):
        attempt(errors)
    assert len(errors) == 1


def test_offline_mode_is_not_retried():
    from huggingface_hub.errors import OfflineModeIsEnabled

    with pytest.raises(DataError, match="HF_HUB_OFFLINE is set and allenai/wildguardmix is not in the local cache"):
        attempt([OfflineModeIsEnabled("offline"), RuntimeError("tried again")])
