"""One JSON object on each line: a line that is none spoils no other."""

import json

from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from customers.api.bulk.batch import Unreadable
from customers.api.parsers import ESCAPED_SURROGATE, body_of, finite, refuse

NDJSON = "application/x-ndjson"


class NDJSONParser(BaseParser):
    media_type = NDJSON

    def parse(self, stream, media_type=None, parser_context=None) -> list:
        body = body_of(stream, parser_context["request"]._request)
        # Not by splitlines(), which also breaks at characters that may stand inside a text.
        return [_row(line) for line in body.split(b"\n") if line.strip()]


def _row(line: bytes):
    try:
        row = json.loads(line.decode(), parse_float=finite, parse_constant=refuse)
        if any(mark in line for mark in ESCAPED_SURROGATE):
            json.dumps(row, ensure_ascii=False).encode()
        return row
    except RecursionError:
        return Unreadable(_("This line is too deeply nested."))
    except ValueError as error:
        return Unreadable(_("This line is not JSON: %(reason)s") % {"reason": error})
