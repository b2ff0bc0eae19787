"""The API says of itself what it does: completely, with examples that are true to it."""

from io import StringIO

import jsonschema
import pytest
import yaml
from django.core.management import call_command
from django.urls import reverse

from customers.api.failures import FAILURES


@pytest.fixture(scope="module")
def schema():
    told = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=told)
    return yaml.safe_load(told.getvalue())


def operations(schema):
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def bodies(operation) -> list[dict]:
    """The media of what is sent and of what is answered in success."""
    answers = [r for status, r in operation["responses"].items() if status.startswith("2")]
    every = [operation.get("requestBody", {}), *answers]
    return [media for body in every for media in body.get("content", {}).values()]


def as_json_schema(schema):
    """OpenAPI 3.0 says ``nullable`` where JSON Schema names another type."""
    if isinstance(schema, list):
        return [as_json_schema(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {k: as_json_schema(v) for k, v in schema.items() if k != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") else plain


def test_every_operation_has_words_and_examples(schema):
    silent = [
        name
        for name, one in operations(schema)
        if not one.get("summary")
        or not one.get("description")
        or not all("examples" in media for media in bodies(one))
    ]
    assert silent == []


def described(part):
    """Every description in the schemas."""
    if isinstance(part, list):
        part = dict(enumerate(part))
    if isinstance(part, dict):
        for name, inner in part.items():
            if name == "description" and isinstance(inner, str):
                yield inner
            yield from described(inner)


def test_schemas_speak_to_callers_and_not_to_programmers_or_forms(schema):
    told = set(described(schema["components"]["schemas"]))
    assert len(told) > 100
    ours = [words for words in told if "serializer" in words or words.startswith("For what is")]
    forms = [words for words in told if "150 characters or fewer" in words or "Designates" in words]
    assert ours + forms == []
    read = schema["paths"]["/api/v1/orders/by-number/{source}/{number}/"]["get"]
    assert "replaced" not in read["description"]


def test_no_two_operations_have_the_same_summary(schema):
    told = [one["summary"] for __, one in operations(schema)]
    assert len(told) > 35 and len(set(told)) == len(told)


def test_every_example_is_what_the_schema_says(schema):
    plain = as_json_schema(schema)
    wrong = []
    for name, one in operations(plain):
        for media in bodies(one):
            # Fields that only come back are no part of what is sent, and the other way round.
            checked = {**media["schema"], "components": plain["components"]}
            for example in media["examples"].values():
                found = jsonschema.Draft7Validator(checked).iter_errors(example["value"])
                wrong += [(name, error.json_path, error.message) for error in found]
    assert wrong == []


def test_every_parameter_is_described_typed_and_bounded(schema):
    loose = []
    for name, one in operations(schema):
        for parameter in one.get("parameters", []):
            kind = parameter["schema"]
            if not parameter.get("description") or "type" not in kind:
                loose.append((name, parameter["name"]))
            if kind.get("type") in ("integer", "number") and not {"minimum", "maximum"} <= set(
                kind
            ):
                loose.append((name, parameter["name"]))
    assert loose == []


def test_fields_can_be_chosen_of_every_answer_that_is_read(schema):
    apart = {"GET /api/v1/schema/"}
    read = [
        (name, {p["name"] for p in one["parameters"]})
        for name, one in operations(schema)
        if name.startswith("GET") and name not in apart
    ]
    assert len(read) > 40
    assert [name for name, parameters in read if "fields" not in parameters] == []


def test_every_operation_names_its_errors_in_the_one_shape(schema):
    references = {f"#/components/responses/{failure.name}" for failure in FAILURES.values()}
    for name, one in operations(schema):
        answers = one["responses"]
        errors = {int(status) for status in answers if status.startswith(("4", "5"))}
        assert {400, 401, 406, 429, 503} <= errors, name
        assert all(answers[str(status)]["$ref"] in references for status in errors), name
        assert ("{" in name) <= (404 in errors), name
        assert name.startswith("PATCH") <= (412 in errors), name
        if name.startswith("POST") and "token" not in name:
            assert {403, 409, 413, 415} <= errors, name
            # What keeps nothing keeps no answer to repeat either.
            assert (422 in errors) == (name != "POST /api/v1/analyses/"), name
    for response in schema["components"]["responses"].values():
        media = response["content"]["application/json"]
        assert media["schema"] == {"$ref": "#/components/schemas/Error"}
        assert media["examples"]["example"]["value"]["error"]["code"]


def test_the_documentation_page_needs_nothing_from_elsewhere(client, owner):
    client.force_login(owner)
    page = client.get(reverse("api-docs")).content.decode()
    assert "swagger-ui" in page
    assert "https://" not in page.replace("https://swagger.io", "")
