"""schemathesis asks whatever the document allows, and what it does not: nothing is a fault, all answers are as it says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from mailweave.delivery.service.app import application
from mailweave.delivery.service.asgi import Receive, Scope, Send
from mailweave.delivery.service.withdrawals import Withdrawals
from tests.delivery.service.asking import CAMPAIGNS, service, verify

schemathesis = pytest.importorskip("schemathesis", reason="comes with the extra `dev`")


@pytest.fixture
def document(tmp_path: Any) -> Any:
    """What schemathesis knows of the service, with the addresses of links."""
    kept = Withdrawals(tmp_path / "withdrawals")
    served = application(service(CAMPAIGNS / "smallest", withdrawals=kept, verify=verify))

    async def local(scope: Scope, receive: Receive, send: Send) -> None:
        """schemathesis calls itself `testserver`, and without a token only this machine may ask."""
        head = [pair for pair in scope.get("headers", []) if pair[0].lower() != b"host"]
        await served({**scope, "headers": [*head, (b"host", b"localhost")]}, receive, send)

    return schemathesis.openapi.from_asgi("/openapi.json", local)


def asks(document: Any, examples: int) -> None:
    """So many requests at each address, judged by what schemathesis judges without being told more."""
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    for found in document.get_all_operations():
        operation = found.ok()
        if operation.path == "/render/batch":
            continue  # of NDJSON it knows nothing: tests/delivery/service/test_hostile.py asks there
        strategy = operation.as_strategy()

        @settings(max_examples=examples, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
        @given(case=strategy)
        def each(case: Any) -> None:
            reply = case.call()
            assert reply.status_code < 500
            # which recipients are good, the rules of a campaign say and no schema of all: 422 is an answer to those
            case.validate_response(reply, excluded_checks=[positive_data_acceptance])

        each()


def test_a_few_requests_at_each_address(document: Any) -> None:
    asks(document, 20)


@pytest.mark.deep
def test_many_requests_at_each_address(document: Any) -> None:
    asks(document, 1000)
