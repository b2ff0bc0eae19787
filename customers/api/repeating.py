"""A POST with an ``Idempotency-Key`` is done once, however often it is sent (draft-ietf-httpapi-idempotency-key).

Key, work and answer are one transaction. A second sender waits at the key's constraint until the first has
committed, and gets its answer; one that was killed on the way has left nothing behind.
"""

import functools
import hashlib
import json
import re
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from customers.api.errors import Conflict, wrong_parameter
from customers.models import KeyedAnswer

HEADER = "Idempotency-Key"
KEY = re.compile(r'[!#-\[\]-~]{1,255}|"[ !#-\[\]-~]{1,255}"')  # bare, or quoted as the draft has it
KEPT_HEADERS = ("ETag", "Location")


class KeyUsedOtherwise(exceptions.APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"

    def __init__(self):
        super().__init__(_("This key was used for another request; take a new one."))


def once(handler: Callable[..., Response]) -> Callable[..., Response]:
    """The view's handler, done once for each key; without a key it is simply called."""

    @functools.wraps(handler)
    def repeatable(request, *args, **kwargs):
        key = key_of(request)
        if key is None:
            return handler(request, *args, **kwargs)
        fingerprint = fingerprint_of(request)
        with transaction.atomic():
            mine, answer = claim(request.user, key, fingerprint)
            if not mine:
                return replayed(answer, fingerprint)
            response = handler(request, *args, **kwargs)
            keep(answer, response)
            return response

    return repeatable


def key_of(request) -> str | None:
    text = request.headers.get(HEADER)
    if text is None:
        return None
    if not KEY.fullmatch(text):
        message = _("A key is 1 to 255 visible ASCII characters.")
        raise wrong_parameter(HEADER, message, "invalid_idempotency_key")
    return text.strip('"')


def fingerprint_of(request) -> str:
    """Of method, address and body; reading the body here also finds one that is no JSON before the key is taken."""
    __ = request.data
    body = getattr(request._request, "body_fingerprint", "")
    text = f"{request.method} {request.get_full_path()}\n{body}"
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def claim(user, key: str, fingerprint: str) -> tuple[bool, KeyedAnswer]:
    """(True, a row for the answer), or (False, the answer given already); waits while somebody is at it."""
    try:
        with transaction.atomic():
            return True, KeyedAnswer.objects.create(user=user, key=key, fingerprint=fingerprint)
    except IntegrityError:
        pass
    answer = KeyedAnswer.objects.filter(user=user, key=key).first()
    if answer is None:
        raise Conflict(_("The same request was under way; send it again."), "in_progress")
    if answer.is_outdated:
        old = KeyedAnswer.objects.filter(pk=answer.pk, created_at=answer.created_at)
        if old.update(created_at=timezone.now(), fingerprint=fingerprint, status=None):
            return True, answer
        answer.refresh_from_db()
    return False, answer


def keep(answer: KeyedAnswer, response: Response) -> None:
    """With the work, in its transaction. A refusal is not kept: whoever puts it right may use the key again."""
    row = KeyedAnswer.objects.filter(pk=answer.pk)
    if response.status_code >= 400:
        row.delete()
        return
    row.update(
        status=response.status_code,
        headers={name: response[name] for name in KEPT_HEADERS if name in response},
        body=JSONRenderer().render(response.data).decode(),
    )


def replayed(answer: KeyedAnswer, fingerprint: str) -> Response:
    if answer.fingerprint != fingerprint:
        raise KeyUsedOtherwise()
    data = json.loads(answer.body) if answer.body else None
    headers = {**answer.headers, "Idempotent-Replayed": "true"}
    return Response(data, status=answer.status, headers=headers)
