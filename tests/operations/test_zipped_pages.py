"""Pages are zipped for whoever takes them so; the API's answers keep the ETag that If-Match is compared with."""

import gzip

import pytest

pytestmark = pytest.mark.django_db
TAKES_IT = {"accept-encoding": "gzip, br"}


def test_a_page_goes_over_the_line_zipped(client, owner, customer):
    client.force_login(owner)
    plain = client.get("/customers/")
    assert not plain.has_header("Content-Encoding") and "Accept-Encoding" in plain["Vary"]
    zipped = client.get("/customers/", headers=TAKES_IT)
    assert zipped["Content-Encoding"] == "gzip"
    assert int(zipped["Content-Length"]) == len(zipped.content) < len(plain.content) / 3
    assert customer.name in gzip.decompress(zipped.content).decode()


def test_an_answer_of_the_api_keeps_its_etag(client, owner, customer):
    client.force_login(owner)
    answer = client.get(f"/api/v1/customers/{customer.pk}/", headers=TAKES_IT)
    assert answer.status_code == 200 and not answer.has_header("Content-Encoding")
    assert answer["ETag"].startswith('"')
