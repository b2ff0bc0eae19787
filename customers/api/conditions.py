"""ETags: what somebody has read can be asked for again for nothing, and changed only while it still is so.

The tag is a hash of the whole record as it is shown, nested parts included: no write path can forget to raise it.
"""

import hashlib

from django.http import Http404
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from customers.api.errors import PreconditionFailed, wrong_parameter


def etag_of(data: dict) -> str:
    """A strong tag of the full representation, whichever of its fields are asked for."""
    return f'"{hashlib.blake2b(JSONRenderer().render(data), digest_size=16).hexdigest()}"'


def unless_known(request, data: dict, shown: dict):
    """The answer with its tag, or 304 where the reader has this very version."""
    tag = etag_of(data)
    response = Response(shown, headers={"ETag": tag, "Cache-Control": "private, no-cache"})
    return get_conditional_response(request, etag=tag, response=response)


def lock(model, **key) -> None:
    """Nobody else changes this row until our transaction ends; looked at afterwards, it is as they left it.

    Who only refers to it does not wait: they would, with what we wait for next already theirs.
    """
    try:
        model._base_manager.select_for_update(no_key=True).filter(**key).values_list("pk").first()
    except (TypeError, ValueError, OverflowError) as error:
        raise Http404 from error


def require_match(request, data: dict) -> None:
    """Raise PreconditionFailed where the caller changes a version that is no longer the present one."""
    wanted = parse_etags(request.headers.get("If-Match", ""))
    if not wanted:  # passed over, a slip would let somebody overwrite what they have not read
        raise wrong_parameter("If-Match", _("This is no ETag."), "invalid_etag")
    if wanted != ["*"] and etag_of(data) not in wanted:
        raise PreconditionFailed()
