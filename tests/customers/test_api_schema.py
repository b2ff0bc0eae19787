"""The API says of itself what it does."""

from io import StringIO

from django.core.management import call_command
from django.urls import reverse


def test_the_schema_is_complete_and_without_warnings(capsys):
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=StringIO())


def test_the_documentation_page_needs_nothing_from_elsewhere(client, owner):
    client.force_login(owner)
    page = client.get(reverse("api-docs")).content.decode()
    assert "swagger-ui" in page
    assert "https://" not in page.replace("https://swagger.io", "")
