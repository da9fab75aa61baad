"""Every endpoint keeps what /openapi.json promises, for requests that it allows and for those that it does not."""

import pytest
from hypothesis import HealthCheck, given, settings

from src.runtime import Guard
from src.serving.app import create_app
from src.serving.settings import Settings

EXAMPLES = 15  # of each endpoint


@pytest.fixture(scope="module")
def api(exported_dir):
    schemathesis = pytest.importorskip("schemathesis", reason="requirements-dev.txt has it")
    app = create_app(Guard.load(exported_dir), Settings(max_wait_ms=60_000))

    async def started(scope, receive, send):
        """The application without its start: it is started once, and a client of schemathesis would for each request."""
        if scope["type"] == "http":
            await app(scope, receive, send)
            return
        for event in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{event}.complete"})

    app.state.service.start()
    yield schemathesis.openapi.from_asgi("/openapi.json", started)
    app.state.service.close()


@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_endpoints_keep_their_promises(api, mode):
    from schemathesis import GenerationMode
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    operations = [each.ok() for each in api.get_all_operations()]
    checked = [each for each in operations if each.body or mode == "positive"]  # without fields none can be wrong
    assert len(checked) >= 8
    for operation in checked:

        @given(case=operation.as_strategy(generation_mode=GenerationMode(mode)))
        @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
        def check(case):
            # A schema cannot say all that a request has to be: threshold or fpr_budget, and a budget that was fitted.
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        check()
