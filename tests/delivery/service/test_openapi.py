"""The document says what is answered: its examples are sent, its schemas are held, schemathesis asks what it allows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from mailweave.decisions.explanation.explanation import json_schema
from mailweave.delivery.service.app import application
from mailweave.delivery.service.guard import Guard
from mailweave.delivery.service.openapi import OPERATIONS, Example, document
from mailweave.delivery.service.withdrawals import Withdrawals
from tests.delivery.service.asking import CAMPAIGNS, ask, post, service, verify

jsonschema_rs = pytest.importorskip("jsonschema_rs", reason="comes with schemathesis")


@cache
def app() -> Guard:
    return application(service(CAMPAIGNS))


def examples() -> Iterator[Any]:
    for path, operation in OPERATIONS.items():
        for name, example in operation.examples.items():
            yield pytest.param(path, example, id=f"{path.strip('/')}: {name}")


def schema(path: str, method: str, status: int) -> dict[str, Any]:
    found = document()
    answers = found["paths"][path][method]["responses"][str(status)]
    if "$ref" in answers:
        answers = found["components"]["responses"][answers["$ref"].rpartition("/")[2]]
    return {**answers["content"]["application/json"]["schema"], "components": found["components"]}


@pytest.mark.parametrize(("path", "example"), list(examples()))
def test_each_example_is_answered_as_it_says(path: str, example: Example) -> None:
    reply = post(app(), path, dict(example.sent))
    assert (reply.status, reply.json()["status"]) == (example.status, example.outcome)
    jsonschema_rs.validate(schema(path, "post", example.status), reply.json())


@pytest.mark.parametrize("path", ["/campaigns", "/healthz"])
def test_what_is_read_is_as_it_says(path: str) -> None:
    jsonschema_rs.validate(schema(path, "get", 200), ask(app(), "GET", path).json())


def test_the_document_is_served_and_names_every_address() -> None:
    reply = ask(app(), "GET", "/openapi.json")
    assert reply.json() == json.loads(json.dumps(document()))
    with_links = application(service(CAMPAIGNS / "smallest", withdrawals=_nowhere(), verify=verify))
    assert set(with_links.addresses.table) == set(document()["paths"])


def _nowhere() -> Withdrawals:
    return Withdrawals.__new__(Withdrawals)


def test_explanations_have_the_schema_that_is_published() -> None:
    published, ours = json.loads(json_schema()), document()["components"]["schemas"]["Explanation"]
    assert set(published["properties"]) == set(ours["properties"])
