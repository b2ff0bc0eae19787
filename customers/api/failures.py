"""Every error the API may answer, for its description: name, code, what it means, and a message as an example."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    name: str
    code: str
    description: str
    message: str


FAILURES = {
    400: Failure(
        "Invalid",
        "invalid",
        "Something in the request is not right; each field is named.",
        "Some fields are not right.",
    ),
    401: Failure(
        "NotAuthenticated",
        "not_authenticated",
        "No token, or one that is unknown, expired or revoked.",
        "Sign in, or send a token: “Authorization: Bearer prn_…”.",
    ),
    403: Failure(
        "PermissionDenied",
        "permission_denied",
        "This person's role, or this token's scopes, do not allow it.",
        "You do not have permission to perform this action.",
    ),
    404: Failure(
        "NotFound",
        "not_found",
        "There is no such record, or it belongs to somebody whose records you may not see.",
        "Not found.",
    ),
    406: Failure(
        "NotAcceptable",
        "not_acceptable",
        "The API answers in JSON only.",
        "Could not satisfy the request Accept header.",
    ),
    409: Failure(
        "Conflict",
        "conflict",
        "It contradicts what is there: a name or number is taken, or another request is under way.",
        "Something of this name or number exists already.",
    ),
    412: Failure(
        "PreconditionFailed",
        "precondition_failed",
        "The record was changed since you read its ETag.",
        "This was changed since you read it. Read it again first.",
    ),
    413: Failure(
        "TooLarge",
        "too_large",
        "The body is too large; send it in parts.",
        "The body is larger than 20 MB; send it in parts.",
    ),
    415: Failure(
        "UnsupportedMediaType",
        "unsupported_media_type",
        "The body is not application/json.",
        "Unsupported media type in request.",
    ),
    422: Failure(
        "KeyReused",
        "idempotency_key_reused",
        "The Idempotency-Key was used for another request.",
        "This key was used for another request; take a new one.",
    ),
    429: Failure(
        "Throttled",
        "throttled",
        "Too many requests; `Retry-After` says when to come back.",
        "Request was throttled. Expected available in 12 seconds.",
    ),
    503: Failure(
        "Unavailable",
        "unavailable",
        "The database does not answer, or no worker where one is needed; nothing was stored, try again.",
        "The database does not answer. Nothing was stored; try again.",
    ),
}
