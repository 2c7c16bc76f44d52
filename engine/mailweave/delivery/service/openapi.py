"""The OpenAPI document: addresses, what they take and answer, with examples that a test sends."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from pydantic import TypeAdapter

from mailweave.decisions import Explanation
from mailweave.delivery.service.answers import Checked, Decided, Explained, Health, Listed, Rendered, Skipped
from mailweave.delivery.service.asked import CampaignToCheck, OneRecipient, RulesToCheck, ToExplain, ToRender
from mailweave.delivery.service.refusals import Errors

_REF: Final = "#/components/schemas/{model}"
_ANN: Final = {
    "id": "7",
    "email": "ann@example.com",
    "first_name": "Ann",
    "consent": {"marketing": True},
    "now": "2026-11-22T09:00:00Z",
}
_ABOUT_ANN: Final = {"campaign": "smallest", "recipient": _ANN}
_SKIPPED: Final = {"campaign": "smallest", "recipient": {**_ANN, "consent": {}}}
_BAD: Final = {"campaign": "smallest", "recipient": {**_ANN, "first_name": 3}}


class Example(NamedTuple):
    """What is sent, and the status and outcome that come back."""

    sent: Mapping[str, Any]
    status: int = 200
    outcome: str = "failed"


class Operation(NamedTuple):
    """A POST: what it is for, what it takes, what it answers."""

    summary: str
    takes: tuple[type, ...]
    answers: tuple[Any, ...]
    examples: Mapping[str, Example]


OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        "/render": Operation(
            "The mail of one recipient, or why there is none.",
            (ToRender,),
            (Rendered, Skipped),
            {
                "a mail": Example({**_ABOUT_ANN, "send_id": "2026-w48"}, 200, "rendered"),
                "a skip": Example(_SKIPPED, 200, "skipped"),
                "bad data": Example(_BAD, 422),
                "no such campaign": Example({**_ABOUT_ANN, "campaign": "smalest"}, 404),
            },
        ),
        "/decide": Operation(
            "What is chosen for one recipient: blocks by slot, segments, tiers; nothing is rendered.",
            (OneRecipient,),
            (Decided, Skipped),
            {"a decision": Example(_ABOUT_ANN, 200, "decided"), "a skip": Example(_SKIPPED, 200, "skipped")},
        ),
        "/explain": Operation(
            "Why one recipient gets what, candidate by candidate.",
            (ToExplain,),
            (Explained,),
            {"reasons": Example(_ABOUT_ANN, 200, "explained")},
        ),
        "/check": Operation(
            "What there is to say of a campaign as it was last saved, or of a rule text.",
            (CampaignToCheck, RulesToCheck),
            (Checked,),
            {
                "a campaign": Example({"campaign": "smallest"}, 200, "checked"),
                "rules": Example(
                    {"rules": 'ruleset "one" version 1\nprofile { id : kye }\n'}, 200, "checked"
                ),
            },
        ),
    }
)
_READ: Final[Mapping[str, tuple[str, Any]]] = MappingProxyType(
    {
        "/campaigns": ("The campaigns that are served, and what is wrong with those that are not.", Listed),
        "/healthz": ("Whether the service is up; asks for no token.", Health),
    }
)
_TEXTS: Final = MappingProxyType(
    {"/metrics": "Counts and durations, as Prometheus reads them.", "/openapi.json": "This document."}
)
_REFUSED: Final = MappingProxyType(
    {
        "400": "What came is no JSON.",
        "401": "The token is missing, or another one.",
        "404": "No campaign of that name is served.",
        "405": "Not with this method.",
        "408": "The body did not come in time.",
        "413": "The body is too large.",
        "415": "The body is not sent as JSON.",
        "421": "Without a token only this machine may ask.",
        "422": "What came cannot be used, or the data of the recipient is bad.",
        "503": "As many requests as it takes; try again.",
    }
)


def document() -> dict[str, Any]:
    """The document, OpenAPI 3.1."""
    schemas = _schemas()
    return {
        "openapi": "3.1.0",
        "info": {"title": "mailweave", "version": version("mailweave"), "license": {"name": "MIT"}},
        "security": [{"token": []}, {}],
        "paths": {**_posts(), "/render/batch": {"post": _batch()}, **_gets(), **_unsubscribe()},
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {status: _refusal(text) for status, text in _REFUSED.items()},
        },
    }


def _schemas() -> dict[str, Any]:
    taken = {model for one in OPERATIONS.values() for model in one.takes}
    given = {one for operation in OPERATIONS.values() for one in operation.answers}
    given |= {what for _, what in _READ.values()} | {Errors, Explanation}
    named: list[tuple[str, Literal["validation", "serialization"], TypeAdapter[Any]]] = [
        *((one.__name__, "validation", TypeAdapter(one)) for one in sorted(taken, key=_by_name)),
        *((one.__name__, "serialization", TypeAdapter(one)) for one in sorted(given, key=_by_name)),
    ]
    _, found = TypeAdapter.json_schemas(named, ref_template=_REF)
    return dict(found["$defs"])


def _by_name(model: type) -> str:
    return model.__name__


def _ref(model: Any) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}


def _either(models: tuple[Any, ...]) -> dict[str, Any]:
    found = [_ref(each) for each in models]
    return dict(found[0]) if len(found) == 1 else {"oneOf": found}


def _posts() -> dict[str, Any]:
    return {path: {"post": _post(path, one)} for path, one in OPERATIONS.items()}


def _post(path: str, one: Operation) -> dict[str, Any]:
    examples = {name: {"value": example.sent} for name, example in one.examples.items()}
    body = {"application/json": {"schema": _either(one.takes), "examples": examples}}
    return {
        "operationId": path.strip("/"),
        "summary": one.summary,
        "requestBody": {"required": True, "content": body},
        "responses": {"200": _ok({"application/json": {"schema": _either(one.answers)}}), **_refusals()},
    }


def _batch() -> dict[str, Any]:
    media = "application/x-ndjson"
    line = "Each line is what POST /render takes; each line that comes back is what it answers, in the same order."
    return {
        "operationId": "render_batch",
        "summary": "Many recipients: a line for a line; what is wrong with one ends nothing.",
        "description": line,
        "requestBody": {"required": True, "content": {media: {"schema": {"type": "string"}}}},
        "responses": {"200": _ok({media: {"schema": {"type": "string"}}}), **_refusals()},
    }


def _gets() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path, (summary, model) in _READ.items():
        content = {"application/json": {"schema": _ref(model)}}
        found[path] = {"get": _get(path, summary, content)}
    for path, summary in _TEXTS.items():
        is_json = path.endswith(".json")
        media, kind = ("application/json", "object") if is_json else ("text/plain", "string")
        found[path] = {"get": _get(path, summary, {media: {"schema": {"type": kind}}})}
    return found


def _get(path: str, summary: str, content: Mapping[str, Any]) -> dict[str, Any]:
    name = path.strip("/").partition(".")[0]
    return {"operationId": name, "summary": summary, "responses": {"200": _ok(content), **_refusals()}}


def _unsubscribe() -> dict[str, Any]:
    page = {"text/html": {"schema": {"type": "string"}}}
    token = {"name": "token", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    form = {
        "type": "object",
        "properties": {"List-Unsubscribe": {"const": "One-Click"}},
        "required": ["List-Unsubscribe"],
    }
    body = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": form}}}
    get = {"operationId": "unsubscribe_page", "summary": "The page that asks; it withdraws nothing."}
    post = {
        "operationId": "unsubscribe",
        "summary": "Withdraws, by one click (RFC 8058).",
        "requestBody": body,
    }
    answers = {"responses": {"200": _ok(page), **_refusals()}, "security": [{}]}
    return {
        "/unsubscribe/{token}": {
            "parameters": [token],
            "get": {**get, **answers},
            "post": {**post, **answers},
        }
    }


def _ok(content: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": "The result.", "content": dict(content)}


def _refusal(text: str) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": _ref(Errors)}}}


def _refusals() -> dict[str, Any]:
    return {status: {"$ref": f"#/components/responses/{status}"} for status in _REFUSED}
