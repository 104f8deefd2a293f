"""Story step 4: what comes back from the campaign: opens and clicks, bounces, complaints, people who leave."""

import pytest

from infra.local.demo import contents
from infra.local.demo.campaign import message_id
from infra.local.demo.company import demo_id
from infra.local.demo.desk import Desk
from infra.local.stack import wait_until
from tests.e2e.evidence import Json, Sent, click_link, follow, is_listed, link, send

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def mails(desk: Desk, sent: Sent) -> dict[str, Json]:
    """Message id -> mail, an hour after delivery."""
    desk.stack.clock.move(hours=1)
    return {message_id(mail): mail for mail in desk.stack.mailbox.messages(subject="naranjas nuevas")}


def mail_to(desk: Desk, sent: Sent, mails: dict[str, Json], module: str, id: str) -> tuple[Json, Json]:
    """The message record and the whole mail."""
    message = desk.record("messages", f"{module}-{id}-job-{sent.job['id']}-1")
    return message, desk.stack.mailbox.message(mails[message["id"]]["id"])


@pytest.fixture(scope="module")
def reader(desk: Desk, sent: Sent, mails: dict[str, Json]) -> tuple[Json, Json]:
    return mail_to(desk, sent, mails, "contacts", demo_id("contacts", "uxia-castro"))


def test_four_opens_and_a_click_are_counted_and_the_target_is_the_templates(
    desk: Desk, reader: tuple[Json, Json], twitter: str
) -> None:
    message, mail = reader
    uxia = message["values"]["contact"]
    desk.made("/v1/workflows", contents.click_workflow(twitter))
    assert not desk.sources(twitter, "contacts", uxia)

    for _ in range(4):
        assert follow("GET", link(desk, "o", mail)).status == 200
    answer = follow("GET", click_link(desk, mail, contents.FOLLOW_US))

    assert (answer.status, answer.headers["location"]) == (302, contents.FOLLOW_US)

    def counted() -> bool:
        values = desk.record("messages", message["id"])["values"]
        return (values.get("opened"), values.get("clicked")) == (4, 1)

    wait_until(counted, 300, "4 opens and a click")
    values = desk.record("messages", message["id"])["values"]
    assert values["last_url"] == contents.FOLLOW_US
    assert values["description"] == contents.FOLLOW_US
    # The second workflow: both conditions on this message, the task on its contact.
    (source,) = wait_until(lambda: desk.sources(twitter, "contacts", uxia), 300, "Uxía in the segment")
    workflow = next(w for w in desk.stack.api("GET", "/v1/workflows")["items"] if w["name"] == "Twitter")
    assert (source["kind"], source["id"]) == ("workflow", workflow["id"])


def test_a_click_elsewhere_is_counted_and_all_urls_are_kept(desk: Desk, reader: tuple[Json, Json]) -> None:
    message, mail = reader

    follow("GET", click_link(desk, mail, contents.SHOP))

    wait_until(lambda: desk.record("messages", message["id"])["values"]["clicked"] == 2, 300, "the second click")
    values = desk.record("messages", message["id"])["values"]
    assert values["last_url"] == contents.SHOP
    assert set(values["description"].split(";")) == {contents.FOLLOW_US, contents.SHOP}


def test_a_reader_of_another_link_is_not_put_into_the_segment(
    desk: Desk, sent: Sent, mails: dict[str, Json], twitter: str
) -> None:
    message, mail = mail_to(desk, sent, mails, "contacts", demo_id("contacts", "angels-ferrandis"))

    follow("GET", click_link(desk, mail, contents.SHOP))

    wait_until(lambda: desk.record("messages", message["id"])["values"]["clicked"] == 1, 300, "the click")
    assert not desk.sources(twitter, "contacts", message["values"]["contact"])


def test_tampered_tokens_and_links_put_together_of_two_mails_are_refused(
    desk: Desk, sent: Sent, mails: dict[str, Json], reader: tuple[Json, Json]
) -> None:
    _, mine = reader
    _, other = mail_to(desk, sent, mails, "contacts", demo_id("contacts", "kaethe-gross"))
    click, theirs = click_link(desk, mine, contents.FOLLOW_US), click_link(desk, other, contents.SHOP)
    payload, _, signature = click.rpartition(".")
    other_payload, _, other_signature = theirs.rpartition(".")

    for broken in (
        f"{payload}.{other_signature}",
        f"{other_payload}.{signature}",
        click[:-1],
        f"{payload[:-2]}AA.{signature}",
        link(desk, "o", mine).replace("/o/", "/c/"),
        link(desk, "u", mine).replace("/u/", "/c/"),
    ):
        answer = follow("GET", broken)
        assert (answer.status, "location" in answer.headers) == (404, False)


def test_bounce_complaint_and_leaving_protect_the_person_in_every_later_mail(
    desk: Desk, sent: Sent, mails: dict[str, Json]
) -> None:
    stack = desk.stack
    bounced = ("contacts", demo_id("contacts", "prueba-twitter"))
    # An account and a contact share an address, and so do an account and a lead: each got one mail.
    accounts = [demo_id("accounts", key) for key in ("account-4", "account-6")]
    leaver = ("contacts", demo_id("contacts", "webform-prueba-1"))
    message, mail = mail_to(desk, sent, mails, *bounced)
    stack.mailbox.act(mail["id"], "bounce", type="hard")
    wait_until(lambda: desk.record("messages", message["id"])["values"]["status"] == "bounced", 300, "the bounce")
    sharing = []
    for account in accounts:
        values = desk.record("accounts", account)["values"]
        email = {"field": "email", "op": "is", "value": values["email"]}
        sharing += [(m, r["id"]) for m in ("contacts", "accounts", "leads") for r in desk.records(m, email)]
        (together,) = stack.mailbox.messages(to=values["email"], subject="naranjas nuevas")
        stack.mailbox.act(together["id"], "complaint")
    assert sorted(module for module, _ in sharing) == ["accounts", "accounts", "contacts", "leads"]

    def opted_out(module: str, id: str, source: str) -> bool:
        values = desk.record(module, id)["values"]
        return bool(values.get("do_not_email")) and values["do_not_email_source"] == source

    wait_until(lambda: all(opted_out(*ref, "complaint") for ref in sharing), 300, "«No enviar email» on all four")
    message, mail = mail_to(desk, sent, mails, *leaver)
    leave = link(desk, "u", mail)
    for method in ("GET", "HEAD"):
        assert follow(method, leave).status == 200
    assert not opted_out(*leaver, "unsubscribe")
    assert stack.mailbox.act(mail["id"], "unsubscribe").json()["status"] == 200
    wait_until(lambda: opted_out(*leaver, "unsubscribe"), 300, "the person gone")
    wait_until(lambda: desk.record("messages", message["id"])["values"].get("unsubscribed"), 300, "the message's flag")

    # The next campaign skips each of them, with a reason; the provider is handed nothing.
    people = [bounced, *sharing, leaver]
    again = _next_campaign(desk, sent, people)
    reasons = {m["id"].split("-")[1]: (m["values"]["status"], m["values"]["reason"]) for m in again.messages(desk)}
    assert reasons[bounced[1]] == ("skipped", "suppressed")
    assert {reasons[id] for _, id in sharing} == {("skipped", "suppressed")}
    assert reasons[leaver[1]] == ("skipped", "unsubscribed")
    assert again.job["counts"]["accepted"] == 0
    # And so does a mail by another path.
    welcome = desk.scheduled("Después del rebote", contents.WELCOME[0], contents.after(0))
    body = {"recipients": [{"module": bounced[0], "id": bounced[1]}]}
    (item,) = stack.api("POST", f"/v1/scheduled-actions/{welcome}/assign", body)["items"]
    wait_until(lambda: stack.api("GET", f"/v1/assignments/{item['id']}")["reason"] == "suppressed", 300, "the refusal")
    assert len(stack.mailbox.messages(to=desk.record(*bounced)["values"]["email"])) == 1


def _next_campaign(desk: Desk, sent: Sent, people: list[tuple[str, str]]) -> Sent:
    segment = desk.stack.api("POST", "/v1/segments", {"name": "Los que se fueron"}, expect=201)
    items = [{"module": module, "id": id} for module, id in people]
    desk.stack.api("POST", f"/v1/segments/{segment['id']}/members", {"items": items})
    for item in items:
        wait_until(lambda item=item: is_listed(desk, segment["id"], item), 300, "the members")  # type: ignore[misc]  # mypy infers no lambda with a default
    campaign = desk.typed_in("campaigns", {"name": "Twitter, segunda vuelta"})
    return send(desk, campaign, sent.template, [segment["id"]])
