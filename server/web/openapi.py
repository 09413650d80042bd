"""The OpenAPI 3.1 document, made from the declarations that also check requests."""

import re
from collections import defaultdict
from collections.abc import Iterable
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from server.errors import ErrorBody
from server.web import API
from server.web.operations import Operation, Refusal

REF = "#/components/schemas/{model}"
Mode = Literal["validation", "serialization"]
ETAG = {
    "description": "The version of what is described, to be sent back with If-Match.",
    "required": True,
    "schema": {"type": "string"},
    "example": '"3"',
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what the change was made for: anything newer is refused as stale_version. "
    "Without it the change is made whatever is there.",
    "schema": {"type": "string"},
    "example": '"3"',
}

IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A word of your own for this request. Sent again with it within 24 hours the request is done "
    "once, and answered as the first time; with another request it is refused as idempotency_key_reused.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
}


def document(operations: Iterable[Operation], extra_models: Iterable[type[BaseModel]] = ()) -> dict[str, Any]:
    """The whole document; the order of everything in it is stable."""
    ordered = sorted(operations, key=lambda operation: (operation.path, operation.method))
    refs, schemas = _schemas(ordered, extra_models)
    paths: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for operation in ordered:
        paths[API + operation.path][operation.method.lower()] = _operation(operation, refs)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Viva", "version": _version()},
        "paths": dict(paths),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {
                "cookie": {"type": "apiKey", "in": "cookie", "name": "viva_access"},
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            },
        },
    }


def _version() -> str:
    try:
        return version("viva")
    except PackageNotFoundError:  # run from a tree that was never installed
        return "0"


def _schemas(
    operations: list[Operation], extra: Iterable[type[BaseModel]]
) -> tuple[dict[tuple[type[BaseModel], Mode], dict[str, Any]], dict[str, Any]]:
    wanted: list[tuple[type[BaseModel], Mode]] = [(ErrorBody, "serialization")]
    wanted += [(model, "serialization") for model in extra]
    for operation in operations:
        wanted += [(given[1], "validation") for given in (operation.body, operation.query) if given]
        if operation.answer:
            wanted.append((operation.answer, "serialization"))
    refs, definitions = models_json_schema(list(dict.fromkeys(wanted)), ref_template=REF)
    return dict(refs), definitions.get("$defs", {})  # type: ignore[arg-type]


def _operation(operation: Operation, refs: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
    }
    if operation.description:
        described["description"] = re.sub(r"\s*\n\s*", " ", operation.description)
    if parameters := [
        *_path_parameters(operation),
        *_query_parameters(operation),
        *_header_parameters(operation),
    ]:
        described["parameters"] = parameters
    if operation.body:
        schema = refs[operation.body[1], "validation"]
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    described["responses"] = {str(operation.status.value): _success(operation, refs)} | _refusals(operation)
    described["security"] = [{"cookie": []}, {"bearer": []}] if operation.signed_in else []
    return described


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "format": "uuid"} if kind is UUID else {"type": "string"},
        }
        for name, kind in operation.path_types.items()
    ]


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    schema = operation.query[1].model_json_schema(ref_template=REF)
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": field}
        for name, field in schema["properties"].items()
    ]


def _header_parameters(operation: Operation) -> list[dict[str, Any]]:
    if_match = [IF_MATCH] if operation.if_match else []
    return if_match + ([IDEMPOTENCY_KEY] if operation.once else [])


def _success(operation: Operation, refs: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    success: dict[str, Any] = {"description": operation.status.phrase}
    if operation.versioned:
        success["headers"] = {"ETag": ETAG}
    if operation.answer:
        success["content"] = {"application/json": {"schema": refs[operation.answer, "serialization"]}}
    elif operation.media_type == "application/json":
        success["content"] = {operation.media_type: {"schema": {"type": "object"}}}
    elif operation.media_type:
        binary = {"type": "string", "format": "binary"}
        success["content"] = {operation.media_type: {"schema": binary}}
    return success


def _refusals(operation: Operation) -> dict[str, Any]:
    """One response per status, naming every code it can carry."""
    by_status: defaultdict[int, list[Refusal]] = defaultdict(list)
    for refusal in operation.refusals:
        by_status[refusal.status].append(refusal)
    return {
        str(status): {
            "description": HTTPStatus(status).phrase,
            "content": {"application/json": {"schema": _error_schema(refusals)}},
        }
        for status, refusals in sorted(by_status.items())
    }


def _error_schema(refusals: list[Refusal]) -> dict[str, Any]:
    codes = sorted({refusal.code for refusal in refusals})
    body = {"$ref": REF.format(model=ErrorBody.__name__)}
    return {"allOf": [body, {"type": "object", "properties": {"error": {"enum": codes}}}]}
