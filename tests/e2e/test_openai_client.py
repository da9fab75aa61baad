"""OpenAI's own client gets the guard's verdicts where its base URL is that of the service."""

import sys

import pytest

from src.runtime import Guard, canaries
from src.serving.dialects import CATEGORY
from tests.e2e.test_serving_process import free_port, serving

KEY = "correct-key"


def test_moderations_of_the_official_client_are_the_verdicts_of_the_guard(exported_dir, tmp_path):
    from openai import AuthenticationError, OpenAI, UnprocessableEntityError

    texts = [canaries.ATTACKS[0], canaries.BENIGN[0]]
    expected = [(verdict.threat, verdict.p_attack) for verdict in Guard.load(exported_dir).batch(texts)]
    assert {threat for threat, _ in expected} == {True, False}
    port = free_port()
    url = f"http://127.0.0.1:{port}/v1"
    with serving([sys.executable, "-m", "src.serving", "--port", port], tmp_path / "log", port, MODEL=exported_dir, API_KEY=KEY):
        client = OpenAI(base_url=url, api_key=KEY, max_retries=0)
        answer = client.moderations.create(input=texts, model="omni-moderation-latest")
        assert answer.id.startswith("modr-") and answer.model.startswith("tinyguardrail-")
        found = [(each.flagged, each.category_scores.to_dict()[CATEGORY]) for each in answer.results]
        assert found == expected
        assert [each.categories.to_dict() for each in answer.results] == [{CATEGORY: threat} for threat, _ in expected]
        (single,) = client.moderations.create(input=texts[0]).results
        assert single.flagged is expected[0][0]
        with pytest.raises(UnprocessableEntityError, match="found nothing but white space") as refused:
            client.moderations.create(input="")
        assert (refused.value.code, refused.value.param) == ("invalid_request", "input.0")
        with pytest.raises(AuthenticationError, match="expected the key"):
            OpenAI(base_url=url, api_key="wrong", max_retries=0).moderations.create(input="a")
