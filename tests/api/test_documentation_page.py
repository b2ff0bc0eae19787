"""The page that describes the API keeps to the policy of all pages: nothing of others, nothing unforeseen inside."""

import re

from django.urls import reverse


def test_its_policy_names_its_own_script_and_no_other_host(client, owner):
    client.force_login(owner)
    answer = client.get(reverse("api-docs"))
    page, policy = answer.content.decode(), answer["Content-Security-Policy"]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    nonce = re.search(r"'nonce-([^']+)'", rules["script-src"])[1]
    assert rules["script-src"] == f"'self' 'nonce-{nonce}'" == rules["style-src"]
    assert rules["default-src"] == "'self'" and "unsafe" not in policy and "http" not in policy
    inline = re.findall(r"<(?:script|style)(?![^>]*src=)[^>]*>", page)
    assert len(inline) == 2 and all(f'nonce="{nonce}"' in tag for tag in inline)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert client.get(reverse("api-docs"))["Content-Security-Policy"] != policy
