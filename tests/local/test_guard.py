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


LINK = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}


def test_a_link_of_another_site_opens_pages_and_nothing_else() -> None:
    at = {"host": "127.0.0.1:4570", **LINK}
    assert refusal(at, OWN, any_origin=False, link=True) is None
    assert refusal(at, OWN, any_origin=False, link=False) is not None
    assert refusal({**at, "sec-fetch-mode": "no-cors"}, OWN, any_origin=False, link=True) is not None
    assert refusal({**at, "origin": "https://evil.example"}, OWN, any_origin=False, link=True) is not None


def test_links_lead_to_pages_but_not_to_commands(repaired: Probe) -> None:
    ports = repaired.ports
    assert request("GET", f"{ports.mailbox_url}/", headers=LINK).status == 200
    assert request("GET", f"{ports.aws_url}/?Action=ListQueues&Version=2012-11-05", headers=LINK).status == 403
    assert request("GET", f"{ports.aws_url}/oauth2/authorize", headers=LINK).status != 403
    assert request("POST", f"{ports.mailbox_url}/messages/x/bounce", headers=LINK).status == 403


def test_localhost_is_sent_to_the_address_that_logins_are_for(repaired: Probe) -> None:
    port = repaired.ports.admin
    typed = {"Host": f"localhost:{port}", "sec-fetch-mode": "navigate"}
    answer = request("GET", f"http://127.0.0.1:{port}/console/records?q=a%20b", headers=typed)
    assert (answer.status, answer.headers["location"]) == (307, f"http://127.0.0.1:{port}/console/records?q=a%20b")


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
