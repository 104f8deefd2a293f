"""What a mail is made of beside its template: the campaign's marks, whose name it leaves under."""

from urllib.parse import unquote

import pytest

from gotero.domain import company, token
from gotero.domain.suppression import Suppression
from gotero.domain.user import User
from gotero.domain.visibility import parse
from gotero.services import find_sight
from gotero.services.save_record import create_record, update_record
from gotero.services.save_settings import save_settings
from gotero.services.save_template import create_template
from gotero.services.send_test import send_test
from gotero.services.suppress import suppress
from gotero.services.view_message import Viewer, view_message
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.post_office import COMPANY, PostOffice


def viewer_of(office: PostOffice) -> Viewer:
    renderer = office.line.composer.renderer
    return Viewer(office.signer, office.messages, office.records, office.definitions, office.letters, renderer)


def targets(office: PostOffice, html: str) -> list[str]:
    """Where the counted links of a mail lead."""
    tokens = [part.partition('"')[0] for part in html.split("/c/")[1:]]
    return [payload["u"] for text in tokens if (payload := office.signer.read(token.CLICK, text))]


def test_a_campaigns_marks_stand_in_its_links_and_in_those_of_the_page_that_shows_it() -> None:
    office = PostOffice()
    campaign = office.campaign()
    update_record(office.writer, campaign, {"utm_source": "gotero", "utm_campaign": "otoño"}, cause=BY_MARC)
    ana = office.contact()
    job = office.send(campaign, office.order(office.segment([ana])))
    office.run(job)

    [mail] = office.mail.box
    marked = "https://twitter.com/huertaturia?utm_source=gotero&utm_campaign=oto%C3%B1o"
    assert targets(office, mail.content.html) == [marked]
    assert "utm_" not in unquote(mail.content.html)  # and only there: not in ours
    shown = view_message(viewer_of(office), office.signer.sign(token.VIEW, {"m": office.message(job, ana).id}))
    assert shown is not None and targets(office, shown.html) == [marked]


def test_the_owner_of_the_campaign_signs_and_outside_the_verified_domains_gets_the_answers() -> None:
    office = PostOffice()
    for address, sender, reply_to in (
        ("eva@huertaturia.example", "eva@huertaturia.example", ""),
        ("eva@gmail.example", "hola@huertaturia.example", "eva@gmail.example"),
    ):
        office.mail.box.clear()
        eva = {"name": "Eva", "email": address, "role": "marketer", "language": "es", "groups": [], "disabled": False}
        user = office.define("users", eva).id
        campaign = office.campaign()
        update_record(office.writer, campaign, {}, owner=user, cause=BY_MARC)
        segment = office.segment([office.contact(f"ana.{user}@example.com")], f"s{user}")
        office.run(office.send(campaign, office.order(segment, sender="campaign_owner")))
        [mail] = office.mail.box
        assert (mail.sender.name, mail.sender.address, mail.sender.reply_to) == ("Eva", sender, reply_to)


def test_the_seed_list_gets_a_copy_once_that_no_result_counts() -> None:
    office = PostOffice()
    settings = {**COMPANY, "seed_list": ["semilla@huertaturia.example", "otra@example.com"]}
    save_settings(office.definer, office.writer.numbers, "company", settings, cause=BY_MARC)
    suppress(
        office.intake.protector, Suppression("otra@example.com", "manual", "2026-11-21T09:00:00.000Z"), mirror=False
    )
    ana = office.contact(firstname="Secreta")
    job = office.run(office.send(office.campaign(), office.order(office.segment([ana]))))
    office.execute(job)
    office.work()

    copies = [m for m in office.messages.stored.values() if m.key.recipient.module == "seeds"]
    assert sorted((m.key.source_kind, m.mailing.campaign, m.mailing.job, m.outcome) for m in copies) == [
        ("test", None, None, "accepted"),
        ("test", None, None, "skipped"),
    ]
    to = {mail.to: mail for mail in office.mail.box}
    assert sorted(to) == ["ana@example.com", "semilla@huertaturia.example"]
    # About an invented person: what Ana told us is hers.
    assert "Secreta" not in to["semilla@huertaturia.example"].content.html
    assert (job.total, office.outcomes(job)) == (1, {"accepted": 1})


def test_a_mail_that_grows_too_large_for_one_is_skipped_and_the_others_leave() -> None:
    office = PostOffice()
    source = {"name": "Larga", "subject": "Hola", "html": "<p>" + "{{ description }}" * 60 + "</p>"}
    office.template = create_template(office.definer, office.line.composer.renderer, source, cause=BY_MARC).id
    people = [office.contact(f"p{n}@example.com", description="ñ" * (20_000 if n == 2 else 10)) for n in range(5)]
    job = office.send(office.campaign(), office.order(office.segment(people)))
    office.run(job)
    assert office.outcomes(job) == {"accepted": 4, "skipped": 1}
    assert office.job(job).skips == {"too_large": 1}
    assert office.message(job, people[2]).reason == "too_large"


@pytest.mark.parametrize("private", [(), ("accounts",)])
def test_a_test_mail_tells_of_no_record_that_whoever_tries_it_does_not_see(private: tuple[str, ...]) -> None:
    office = PostOffice()
    source = {"name": "Cuenta", "subject": "Hola", "html": "<p>{{ account.accountname }}</p>"}
    template = create_template(office.definer, office.line.composer.renderer, source, cause=BY_MARC).id
    account = create_record(office.writer, "accounts", {"accountname": "Secreta"}, cause=BY_MARC, owner=MARC)
    office.define("users", {"name": "L", "email": "lucia@huertaturia.example", "role": "marketer"}, "lucia")
    office.define(company.KIND, parse({"private": list(private)}).to_json(), find_sight.ID)
    lucia = User("lucia", "L", "lucia@huertaturia.example", "marketer")
    message = send_test(office.planner, template, lucia, source_id="t1", about=office.contact(account=account.id))
    office.work()
    [mail] = office.mail.box
    shown = view_message(viewer_of(office), office.signer.sign(token.VIEW, {"m": message.id}))
    assert shown is not None
    assert ("Secreta" in mail.content.html, "Secreta" in shown.html) == (not private, not private)
