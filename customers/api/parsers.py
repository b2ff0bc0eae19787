"""JSON as the database can hold it; whatever else comes in is told so in one sentence."""

import hashlib
import json
import math
import zlib

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.parsers import JSONParser

GZIP = "gzip"
ESCAPED_SURROGATE = (b"\\ud", b"\\uD")


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"

    def __init__(self):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
        super().__init__(
            _("The body is larger than %(most)s MB; send it in parts.") % {"most": most}
        )


def body_of(stream, request) -> bytes:
    """All of it, unpacked where it came packed; leaves its fingerprint on the request."""
    # Not the stream's own end: a client that sends more than it announced is cut off by the server.
    body = stream.read()
    if encoding_of(request) == GZIP:
        body = unpacked(body, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    request.body_fingerprint = hashlib.blake2b(body, digest_size=16).hexdigest()
    return body


def encoding_of(request) -> str:
    return request.headers.get("Content-Encoding", "").strip().lower()


def unpacked(body: bytes, most: int) -> bytes:
    """What was packed with gzip; no more is ever unpacked than may be sent."""
    found = bytearray()
    while body:
        unpack = zlib.decompressobj(wbits=31)
        try:
            found += unpack.decompress(body, most + 1 - len(found))
        except zlib.error as error:
            raise exceptions.ParseError(_("The body is not gzip."), "malformed") from error
        if len(found) > most:
            raise TooLarge()
        if not unpack.eof:
            raise exceptions.ParseError(_("The body is cut off: its gzip has no end."), "malformed")
        body = unpack.unused_data
    return bytes(found)


def finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):  # 1e999 is JSON, and infinite to Python
        raise ValueError(f"Out of range: {text}")
    return number


def refuse(word: str):
    raise ValueError(f"Out of range: {word}")


class StrictJSONParser(JSONParser):
    """No NaN, no infinity, no half characters; leaves the body's fingerprint on the request."""

    def parse(self, stream, media_type=None, parser_context=None):
        body = body_of(stream, parser_context["request"]._request)
        try:
            data = json.loads(body.decode(), parse_float=finite, parse_constant=refuse)
            if any(mark in body for mark in ESCAPED_SURROGATE):
                json.dumps(data, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            reason = _("too deeply nested") if isinstance(error, RecursionError) else str(error)
            message = _("The body is not JSON: %(reason)s") % {"reason": reason}
            raise exceptions.ParseError(message, "malformed") from error
        return data
