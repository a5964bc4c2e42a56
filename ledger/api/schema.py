"""What the schema tells of every address alike: problems, limits, keys of requests."""

from __future__ import annotations

from typing import Any

from ledger.api.problems import ADDRESS, KINDS, PROBLEM_JSON

POST_ONLY = (411, 413, 415, 422)
ALWAYS = (400, 401, 403, 409, 429)
VERBS = ("get", "post", "put", "patch", "delete")

TEXT = {"type": "string"}
XML = "text/xml"
PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status", "code", "detail", "errors"],
    "properties": {
        "type": {**TEXT, "description": "An address that tells what to do."},
        "title": TEXT,
        "status": {"type": "integer"},
        "code": {**TEXT, "description": "The very reason; stable."},
        "detail": {**TEXT, "description": "The sentence for people."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "sentence"],
                "properties": {
                    "field": TEXT,
                    "index": {"type": "integer", "description": "The row that was sent, from 0."},
                    "row": {"type": "integer"},
                    "column": TEXT,
                    "value": TEXT,
                    "code": TEXT,
                    "sentence": TEXT,
                },
            },
        },
    },
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same key and request get the first answer again for 24 hours, marked "
    "`Idempotency-Replayed: true`. 409 while the first is in flight, 422 for another request.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!#-~]+$"},
    "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
}
ETAG = {"ETag": {"schema": TEXT, "description": "Of what is told; another one once anything of it changes."}}
LIMITS = {
    "RateLimit": {"schema": TEXT, "description": 'What is left of the minute: "minute";r=599;t=42'},
    "RateLimit-Policy": {"schema": TEXT, "description": 'Requests a minute: "minute";q=600;w=60'},
}


def tell_what_all_share(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A hook of drf-spectacular: every operation gets its problems, and every POST its key of requests."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    result["components"].setdefault("headers", {}).update(LIMITS | ETAG)
    for path, operations in result["paths"].items():
        for verb in VERBS:
            if verb in operations:
                _tell(operations[verb], verb, has_id="{" in path)
    return result


def _tell(operation: dict[str, Any], verb: str, *, has_id: bool) -> None:
    if verb == "post":
        operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
    for answer in operation["responses"].values():
        answer.setdefault("headers", {}).update(
            {name: {"$ref": f"#/components/headers/{name}"} for name in LIMITS}
        )
    statuses = [*ALWAYS, *([404] if has_id else []), *(POST_ONLY if verb != "get" else ())]
    sent = {each["name"] for each in operation.get("parameters", [])}
    if "If-Match" in sent:
        statuses += [412, 428]
    if sent & {"If-Match", "If-None-Match"}:
        operation["responses"]["200"]["headers"] |= {"ETag": {"$ref": "#/components/headers/ETag"}}
    if verb == "get":
        statuses += [422] if has_id else []
    is_asked_in_xml = XML in operation.get("requestBody", {}).get("content", {})
    for status in sorted(statuses):
        told = operation["responses"].setdefault(str(status), _problem(status))
        if is_asked_in_xml:
            told["content"][XML] = {"schema": TEXT}


def _problem(status: int) -> dict[str, Any]:
    kind = KINDS[status]
    example = {"type": ADDRESS.format(kind.name), "title": kind.title, "status": status}
    example |= {"code": kind.name.replace("-", "_"), "detail": kind.advice, "errors": []}
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {PROBLEM_JSON: {"schema": schema, "example": example}}
    headers = {"Retry-After": {"schema": {"type": "integer"}}} if status in (409, 429) else {}
    return {"description": kind.title, "content": content, "headers": headers}
