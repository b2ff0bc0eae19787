"""Tokens for tests that speak to the API as another system does."""

from rest_framework.test import APIClient

from customers.models import ApiToken


def bearer(user, *scopes: str, **fields) -> str:
    """The value of an Authorization header; every scope where none is named."""
    __, secret = ApiToken.objects.issue(user, "Test", scopes or ApiToken.Scope.values, **fields)
    return f"Bearer {secret}"


def api_of(user, *scopes: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=bearer(user, *scopes))
    return client
