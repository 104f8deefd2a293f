"""Story step 4, by its links: what a mail carries, what following it does, and that unsubscribing is final."""

import re
from base64 import b64encode
from typing import Any

import pytest

from infra.local.http import Response, request
from infra.local.stack import Stack, wait_until

pytestmark = pytest.mark.e2e
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Accept": "text/html"}
TWITTER = "https://twitter.com/huertaturia?from=mail&q=%C3%B1+1"
MJML = (
    "<mjml><mj-body><mj-section><mj-column><mj-text>Hola {{ contact.firstname|default('hola') }}</mj-text>"
    f'<mj-button href="{TWITTER.replace("&", "&amp;")}">follow on Twitter</mj-button>'
    '<mj-text><a href="{{ view_url }}">Ver en el navegador</a></mj-text></mj-column></mj-section></mj-body></mjml>'
)


@pytest.fixture(scope="module")
def scheduled_action(stack: Stack) -> str:
    """One mail, at once, to whom it is assigned."""
    settings = stack.api("GET", "/v1/settings/company")
    if not settings.get("sender"):
        company = {"name": "Huerta Turia, S.L.", "address": "Camino del Huerto 1, Valencia", "send_delay_minutes": 0}
        stack.api("PUT", "/v1/settings/company", {**company, "sender": "hola@huertaturia.example"})
    template = {"name": "Enlaces", "subject": "Enlaces", "mjml": MJML}
    params = {"template_id": stack.api("POST", "/v1/templates", template, expect=201)["id"]}
    action = {"name": "Enlaces", "kind": "mail", "class": "marketing", "params": params}
    when = {"on": "assignment", "offset": {"days": 0}}
    body = {"reference": "Enlaces", "status": "active", "when": when}
    body["action_id"] = stack.api("POST", "/v1/actions", action, expect=201)["id"]
    return str(stack.api("POST", "/v1/scheduled-actions", body, expect=201)["id"])


def contact(stack: Stack, email: str) -> str:
    values = {"firstname": "Lía", "lastname": "Núñez", "email": email}
    return str(stack.api("POST", "/v1/records/contacts", {"values": values}, expect=201)["id"])


def assign(stack: Stack, scheduled_action: str, person: str) -> str:
    """The id of the message that the assignment plans."""
    recipients = {"recipients": [{"module": "contacts", "id": person}]}
    (item,) = stack.api("POST", f"/v1/scheduled-actions/{scheduled_action}/assign", recipients)["items"]
    return f"contacts-{person}-as-{item['id']}-1"


def values(stack: Stack, module: str, id: str) -> dict[str, Any]:
    answer = stack.call("GET", f"/v1/records/{module}/{id}")
    return dict(answer.json()["values"]) if answer.status == 200 else {}


def follow(method: str, url: str, **more: Any) -> Response:
    return request(method, url, headers=PERSON, **more)


def link(stack: Stack, purpose: str, mail: dict[str, Any]) -> str:
    found = re.search(rf'"({re.escape(stack.public_url)}/{purpose}/[^"]+)"', mail["html"])
    assert found
    return found[1]


def test_links_of_a_mail_from_opening_to_leaving(stack: Stack, scheduled_action: str) -> None:
    lia = contact(stack, "lia.enlaces@example.com")
    message = assign(stack, scheduled_action, lia)
    mail = stack.mailbox.wait_for(to="lia.enlaces@example.com", subject="Enlaces")
    headers = {header["Name"]: header["Value"] for header in mail["headers"]}
    leave = link(stack, "u", mail)
    assert headers["List-Unsubscribe"] == f"<{leave}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stack.api("GET", "/v1/settings/company")["address"] in mail["html"]
    assert leave in mail["text"]

    # Four openings and a click; what robots do by HEAD is not counted.
    for _ in range(4):
        assert follow("GET", link(stack, "o", mail)).headers["content-type"] == "image/gif"
    click = link(stack, "c", mail)
    answer = follow("GET", click)
    assert (answer.status, answer.headers["location"]) == (302, TWITTER)
    assert follow("HEAD", click).headers["location"] == TWITTER
    assert follow("HEAD", link(stack, "o", mail)).status == 200

    def counted() -> bool:
        now = values(stack, "messages", message)
        return (now.get("opened"), now.get("clicked"), now.get("last_url")) == (4, 1, TWITTER)

    wait_until(counted, 300, "4 openings and a click")

    # Nobody else's targets: neither a changed token nor one put together of two.
    body, _, signature = click.rpartition(".")
    for broken in (click[:-1], f"{body}A.{signature}", link(stack, "o", mail).replace("/o/", "/c/")):
        refused = follow("GET", broken)
        assert (refused.status, "location" in refused.headers) == (404, False)

    view = follow("GET", link(stack, "v", mail))
    assert (view.status, "Hola Lía" in view.text) == (200, True)
    assert view.headers["content-security-policy"].startswith("sandbox")

    # Scanners look and change nothing; one click is final.
    for method in ("GET", "HEAD"):
        assert follow(method, leave).status == 200
    assert not values(stack, "contacts", lia).get("do_not_email")
    assert follow("POST", leave, form={"List-Unsubscribe": "One-Click"}).status == 200
    assert follow("POST", leave, form={"List-Unsubscribe": "One-Click"}).status == 200
    wait_until(lambda: values(stack, "contacts", lia).get("do_not_email"), 300, "no more mails to Lía")
    again = assign_again(stack, scheduled_action, lia)
    wait_until(lambda: values(stack, "messages", again).get("status") == "skipped", 300, "a mail not sent")
    assert values(stack, "messages", again)["reason"]
    assert len(stack.mailbox.messages(to="lia.enlaces@example.com")) == 1
    assert follow("GET", link(stack, "o", mail)).status == 200


def assign_again(stack: Stack, scheduled_action: str, person: str) -> str:
    """The same mail by another scheduled action: another reason, so another message."""
    first = stack.api("GET", f"/v1/scheduled-actions/{scheduled_action}")
    body = {key: first[key] for key in ("action_id", "status", "when")} | {"reference": "Enlaces otra vez"}
    return assign(stack, stack.api("POST", "/v1/scheduled-actions", body, expect=201)["id"], person)


@pytest.mark.parametrize(
    "path", ["/o/x", "/c/x", "/u/x", "/p/x", "/v/x", "/", "/nada", "/f/x/y", "/v1/records/contacts"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_public_address_fails(stack: Stack, method: str, path: str) -> None:
    answer = follow(method, f"{stack.public_url}{path}")

    assert answer.status in ((200,) if path.startswith("/o/") else (404,))
    assert "location" not in answer.headers


def test_one_mail_by_the_api_and_a_way_back_for_who_left(stack: Stack, scheduled_action: str) -> None:
    """`POST /v1/messages` with a file, once a key; then out by the page, and in again by the link in a mail."""
    company = stack.api("GET", "/v1/settings/company")
    stack.api("PUT", "/v1/settings/company", {**company, "unsubscribe_mail": "bajas@huertaturia.example"})
    nora = contact(stack, "nora.enlaces@example.com")
    html = "<p>Pedido {{ data.order }} de {{ firstname }}</p>"
    file = {"name": "Factura.pdf", "type": "application/pdf", "content": b64encode(b"%PDF-1.4").decode()}
    body = {
        "to": "nora.enlaces@example.com",
        "content": {"subject": "Pedido {{ data.order }}", "html": html},
        "data": {"order": 17},
        "attachments": [file],
    }
    key = {"Idempotency-Key": "order-17"}
    answers = [stack.call("POST", "/v1/messages", asked, headers=key) for asked in (body, body, {**body, "data": {}})]
    assert [answer.status for answer in answers] == [202, 202, 409]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    mail = stack.mailbox.wait_for(to="nora.enlaces@example.com", timeout=300)
    assert "Pedido 17 de Lía" in mail["html"]
    assert mail["attachments"] == ["Factura.pdf"]
    leave = {header["Name"]: header["Value"] for header in mail["headers"]}["List-Unsubscribe"]
    assert "mailto:bajas@huertaturia.example?subject=unsubscribe%20" in leave

    page = leave.partition("<")[2].partition(">")[0]
    assert follow("POST", page, form={"confirm": "1"}).status == 200
    wait_until(lambda: values(stack, "contacts", nora).get("do_not_email"), 300, "no more mails to Nora")
    assert follow("POST", page, form={"again": "1"}).status == 200
    asked = stack.mailbox.wait_for(to="nora.enlaces@example.com", subject="Confirma", timeout=300)
    back = re.search(rf'{re.escape(stack.public_url)}/r/[^"\s]+', asked["text"])
    assert back
    assert follow("GET", back[0]).status == 200
    assert values(stack, "contacts", nora)["do_not_email"]
    assert follow("POST", back[0], form={"confirm": "1"}).status == 200
    wait_until(lambda: not values(stack, "contacts", nora).get("do_not_email"), 300, "mails to Nora again")
    # And out by the mail that her program writes to the mailto: of the same header, as SES receives it.
    stack.mailbox.act(mail["id"], "unsubscribe_mail")
    wait_until(lambda: values(stack, "contacts", nora).get("do_not_email"), 300, "no more mails to Nora, by mail")
    stack.api("PUT", "/v1/settings/company", company)
    assert len(stack.mailbox.messages(to="nora.enlaces@example.com")) == 2


def test_a_campaign_marks_its_links_and_leaves_a_copy_with_the_house(stack: Stack, scheduled_action: str) -> None:
    company = stack.api("GET", "/v1/settings/company")
    stack.api("PUT", "/v1/settings/company", {**company, "seed_list": ["semilla@huertaturia.example"]})
    olga = contact(stack, "olga.enlaces@example.com")
    segment = {"name": "enlaces", "type": "Newsletter", "status": "Activo"}
    segment_id = stack.api("POST", "/v1/segments", segment, expect=201)["id"]
    stack.api("POST", f"/v1/segments/{segment_id}/members", {"items": [{"module": "contacts", "id": olga}]})
    campaign = {"name": "Enlaces", "utm_source": "gotero", "utm_campaign": "otoño"}
    campaign_id = stack.api("POST", "/v1/records/campaigns", {"values": campaign}, expect=201)["id"]
    template = stack.api("POST", "/v1/templates", {"name": "Copia", "subject": "Copia", "mjml": MJML}, expect=201)
    order = {"template_id": template["id"], "audience": {"segments": [segment_id]}, "start": "hold"}
    send = f"/v1/campaigns/{campaign_id}/send"
    wait_until(lambda: stack.api("POST", f"{send}/preview", order)["recipients"] == 1, 300, "the member in the lake")
    job = stack.api("POST", send, order, expect=202)["job_id"]
    stack.api("POST", f"/v1/jobs/{job}/start", {})

    mail = stack.mailbox.wait_for(to="olga.enlaces@example.com", timeout=300)
    target = follow("GET", link(stack, "c", mail)).headers["location"]
    assert target == f"{TWITTER}&utm_source=gotero&utm_campaign=oto%C3%B1o"
    copy = stack.mailbox.wait_for(to="semilla@huertaturia.example", timeout=300)
    assert copy["subject"] == "Copia"
    done = stack.wait_for_job(job)
    assert (done["total"], done["counts"]["accepted"]) == (1, 1)
    stack.api("PUT", "/v1/settings/company", company)
