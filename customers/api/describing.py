"""The description of the API, completed: words and examples for every operation, and every error it may answer.

drf-spectacular reads types and fields off the serializers; what it cannot know is added here from two tables per
app, one of words by operation and one of examples by schema.
"""

from customers.api.examples import EXAMPLES
from customers.api.failures import FAILURES, Failure
from customers.api.summaries import PARAMETERS, SUMMARIES

METHODS = ("get", "post", "put", "patch", "delete")
LARGEST_ID = 2**63 - 1

# Pattern and example.
HEADERS = {
    "Idempotency-Key": (r"^[!#-\[\]-~]{1,255}$", "order-1001"),
    "If-Match": (r'^(\*|"[!#-+\--~]*")$', "*"),
}
# Spaces at both ends are cut off before a text is looked at.
CURRENCY = "^[A-Za-z]{3}$"
NOT_BLANK = r"[^\s\u001c-\u001f\u0085]"
# What serializers check in code.
AMOUNT_OR_LINES = {
    "anyOf": [
        {"required": ["amount"]},
        {"required": ["lines"], "properties": {"lines": {"minItems": 1}}},
    ]
}
RULES = {
    **dict.fromkeys(("OrderRowRequest", "OrderBodyRequest"), AMOUNT_OR_LINES),
    "CorrectionRequest": {"minProperties": 1},
}
FIELD_ERROR = {
    "type": "object",
    "required": ["field", "code", "message"],
    "properties": {
        "field": {"type": "string", "description": "Dotted path, such as `lines.0.quantity`; empty for the whole."},
        "code": {"type": "string", "description": "Stays the same in every language."},
        "message": {"type": "string", "description": "In the language of `Accept-Language`."},
    },
}  # fmt: skip
ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "fields"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "fields": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
                "request_id": {"type": "string"},
            },
        }
    },
}


def complete(result: dict, generator, request, public) -> dict:
    """drf-spectacular's hook: errors for every operation, words and examples for those of customers."""
    components = result.setdefault("components", {})
    components["schemas"] |= {"Error": ERROR, "FieldError": FIELD_ERROR}
    components["responses"] = {
        failure.name: error_response(status, failure) for status, failure in FAILURES.items()
    }
    for path, operation in operations(result):
        if "requestBody" in operation and operation["method"] != "patch":
            operation["requestBody"]["required"] = True
        for media in operation.get("requestBody", {}).get("content", {}).values():
            close(media["schema"], components["schemas"])
        describe_parameters(operation, components["schemas"])
        for status in statuses_of(path, operation):
            reference = {"$ref": f"#/components/responses/{FAILURES[status].name}"}
            operation["responses"][str(status)] = reference
        operation["responses"] = dict(sorted(operation["responses"].items()))
    for schema in components["schemas"].values():
        bound_integers(schema)
        bound_texts(schema)
    for name, more in RULES.items():
        components["schemas"].get(name, {}).update(more)
    return describe(result, SUMMARIES, EXAMPLES)


def close(schema: dict, schemas: dict) -> None:
    """An object that is sent holds the fields described and no others; custom attributes have no fields."""
    named = schemas.get(schema.get("$ref", "").rpartition("/")[2])
    if "properties" in schema:
        schema["additionalProperties"] = False
    parts = [named, schema.get("items"), *schema.get("properties", {}).values()]
    for part in [*parts, *schema.get("allOf", ())]:
        if part:
            close(part, schemas)


def operations(result: dict):
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                operation["method"] = method
                yield path, operation
                operation.pop("method", None)


def statuses_of(path: str, operation: dict) -> list[int]:
    """The errors an operation may answer, told by its shape."""
    headers = {p["name"] for p in operation.get("parameters", []) if p["in"] == "header"}
    writes = operation["method"] != "get"
    rules = {
        400: True,
        401: True,
        403: bool(operation.get("security")),
        404: "{" in path or "roll-back" in path,
        406: True,
        409: writes and "token" not in path,
        412: "If-Match" in headers,
        413: writes,
        415: writes,
        422: "Idempotency-Key" in headers,
        429: True,
        503: True,
    }
    return [status for status, may_happen in rules.items() if may_happen]


def describe_parameters(operation: dict, schemas: dict) -> None:
    """What the headers may hold, and which fields there are to be chosen."""
    for parameter in operation.get("parameters", []):
        name = parameter["name"]
        if name in HEADERS:
            parameter["schema"]["pattern"], parameter["example"] = HEADERS[name]
        if name == "If-None-Match":
            operation["responses"]["304"] = {"description": "It is as you have read it."}
        if parameter["in"] == "query" and parameter["schema"].get("type") == "string":
            parameter["schema"].setdefault("minLength", 1)
            if not {"format", "enum"} & parameter["schema"].keys():
                parameter["schema"].setdefault("pattern", NOT_BLANK)
        if name == "fields":
            record = record_of(content_of(operation["responses"]["200"]), schemas)
            record.pop("required", None)  # those there are which were asked for
            names = {"type": "string", "enum": sorted(record["properties"])}
            parameter["schema"] = {"type": "array", "items": names, "minItems": 1}
            parameter |= {"style": "form", "explode": False}


def content_of(body: dict) -> dict:
    return body["content"]["application/json"]["schema"]


def record_of(schema: dict, schemas: dict) -> dict:
    """The schema of a record, out of that of a list of records or of a page of them."""
    schema = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema)
    if schema.get("type") == "array":
        return record_of(schema["items"], schemas)
    pages = schema.get("properties", {}).get("results")
    return record_of(pages, schemas) if pages else schema


def error_response(status: int, failure: Failure) -> dict:
    fields = []
    if status == 400:
        words = "This field is required."
        fields = [{"field": "occurred_at", "code": "required", "message": words}]
    value = {"error": {"code": failure.code, "message": failure.message, "fields": fields}}
    schema = {"$ref": "#/components/schemas/Error"}
    return {
        "description": failure.description,
        "content": {"application/json": {"schema": schema, "examples": example(value)}},
    }


def example(value) -> dict:
    return {"example": {"value": value}}


def bound_texts(schema: dict) -> None:
    """What must be there is not blank."""
    for name, one in schema.get("properties", {}).items():
        if one.get("minLength") and "format" not in one:
            one.setdefault("pattern", CURRENCY if name == "currency" else NOT_BLANK)
        if one.get("type") == "array":
            bound_texts(one.get("items", {}))


def bound_integers(schema: dict) -> None:
    """Whole numbers are at most what the database holds."""
    for one in [schema, *schema.get("properties", {}).values()]:
        if one.get("type") == "integer" and "enum" not in one:
            one.setdefault("format", "int64")
            one.setdefault("maximum", LARGEST_ID)
            one.setdefault("minimum", -LARGEST_ID - 1)
        if one.get("type") == "array":
            bound_integers(one.get("items", {}))


def describe(result: dict, summaries: dict, examples: dict) -> dict:
    for __, operation in operations(result):
        if operation["operationId"] in summaries:
            operation["summary"], words = summaries[operation["operationId"]]
            operation["description"] = words or operation["description"]
        for parameter in operation.get("parameters", []):
            bound_parameter(parameter)
        bodies = [operation.get("requestBody", {})]
        bodies += [r for status, r in operation["responses"].items() if status.startswith("2")]
        for body in bodies:
            for media in body.get("content", {}).values():
                value = example_of(media.get("schema", {}), examples)
                if value is not None and "examples" not in media:
                    media["examples"] = example(value)
    return result


def bound_parameter(parameter: dict) -> None:
    if parameter["in"] == "path":
        parameter["description"] = parameter.get("description") or "The record's id."
        whole = {"minimum": 1, "maximum": LARGEST_ID, "format": "int64"}
        is_whole = parameter["schema"]["type"] == "integer"
        parameter["schema"] |= whole if is_whole else {"minLength": 1}
    parameter["description"] = parameter.get("description") or PARAMETERS.get(parameter["name"], "")
    bound_integers(parameter["schema"])


def example_of(schema: dict, examples: dict):
    """The example of a schema, of a list of it, or of a page of it."""
    name = schema.get("$ref", "").rpartition("/")[2]
    if schema.get("type") == "array":
        one = example_of(schema["items"], examples)
        return None if one is None else [one]
    if name.startswith("Paginated") and name.endswith("List"):
        one = examples.get(name.removeprefix("Paginated").removesuffix("List"))
        return None if one is None else {"next": None, "previous": None, "results": [one]}
    return examples.get(name)
