"""Which requests of browsers are answered."""

import pytest

from infra.local.guard import origins_of, refusal
from infra.local.http import request
from tests.local.probe import Probe

OWN = origins_of(4570)


@pytest.mark.parametrize(
    ("headers", "any_origin", "answered"),
    [
        ({"host": "127.0.0.1:4570"}, False, True),
        ({"host": "localhost:4570"}, False, True),
        ({"host": "[::1]:4570"}, False, True),
        ({"host": "bucket.s3.localhost:4570"}, False, True),
        ({"host": "127.0.0.1:4570", "origin": "http://127.0.0.1:4570"}, False, True),
        ({"host": "127.0.0.1:4570", "origin": "http://localhost:4570"}, False, True),
        ({"host": "127.0.0.1:4570", "origin": "http://127.0.0.1:9999"}, False, False),
        ({"host": "127.0.0.1:4570", "origin": "https://evil.example"}, False, False),
        ({"host": "127.0.0.1:4570", "origin": "null"}, False, False),
        ({"host": "127.0.0.1:4570", "sec-fetch-site": "cross-site"}, False, False),
        ({"host": "127.0.0.1:4570", "sec-fetch-site": "same-site"}, False, True),
        ({"host": "rebound.evil.example"}, False, False),
        ({"host": "127.0.0.1.evil.example"}, False, False),
        ({"host": "localhost.evil.example:4570"}, False, False),
        ({"host": "192.168.1.5:4570"}, False, False),
        ({}, False, False),
        ({"host": "127.0.0.1:4580", "origin": "https://www.huertaturia.example"}, True, True),
        ({"host": "127.0.0.1:4580", "origin": "null"}, True, True),
        ({"host": "rebound.evil.example", "origin": "https://www.huertaturia.example"}, True, False),
    ],
)
def test_refusal(headers: dict[str, str], any_origin: bool, answered: bool) -> None:
    assert (refusal(headers, OWN, any_origin=any_origin) is None) == answered


@pytest.mark.parametrize("name", ["aws", "admin", "mailbox"])
def test_foreign_pages_and_hosts_are_refused_on_every_private_port(repaired: Probe, name: str) -> None:
    url = f"http://127.0.0.1:{getattr(repaired.ports, name)}/_ministack/health"
    assert request("GET", url, headers={"Origin": "https://evil.example"}).status == 403
    assert request("GET", url, headers={"Host": "evil.example"}).status == 403


def test_websites_may_post_forms_to_the_public_port(repaired: Probe) -> None:
    answer = request(
        "POST", f"{repaired.ports.public_url}/f/x", form={"a": "b"}, headers={"Origin": "https://any.example"}
    )
    assert answer.status == 200
    assert request("POST", f"{repaired.ports.public_url}/f/x", headers={"Host": "evil.example"}).status == 403


def test_the_control_plane_is_not_on_the_front_doors(repaired: Probe) -> None:
    for url in (repaired.ports.public_url, repaired.ports.admin_url):
        assert request("GET", f"{url}/_ministack/health").status == 404
        assert request("POST", f"{url}/_local/clock", json_body={"seconds": 1}).status == 404
