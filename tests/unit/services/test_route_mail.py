"""Which provider carries which mail, and what the settings may say about it."""

from typing import Any

import pytest

from gotero.adapters.memory.mail import MemoryMail
from gotero.domain.errors import InvalidError
from gotero.domain.handover import Accepted, OutgoingMail, Postponed, Unknown
from gotero.domain.sender_identity import SenderIdentity
from gotero.domain.template import MailContent
from gotero.domain.transport import Transports, parse
from gotero.services.route_mail import KEEP, RoutedMail
from gotero.services.save_settings import read_settings, save_settings
from tests.unit.services.office import BY_MARC, Office

KEY = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:gotero/transports/sendgrid-AbCdEf"
SMTP = {
    "host": "smtp.huertaturia.example",
    "login": "arn:aws:ssm:eu-west-1:123456789012:parameter/gotero/transports/smtp",
}


def mail(message_class: Any = "marketing") -> OutgoingMail:
    sender = SenderIdentity("Huerta", "hola@huerta.example")
    return OutgoingMail("contacts-a-job-b-1", sender, "a@x.example", MailContent("s", "h", "t", ()), message_class)


def routed_by(office: Office, carriers: Any) -> RoutedMail:
    return RoutedMail(office.definitions, office.clock, carriers)


def save(office: Office, data: Any) -> Any:
    return save_settings(office.definer, office.writer.numbers, "transports", data, cause=BY_MARC)


def test_each_class_goes_its_way_and_a_change_is_seen_within_seconds() -> None:
    office, made = Office(), list[Transports]()
    boxes = {name: MemoryMail() for name in ("ses", "sendgrid", "smtp")}

    def carriers(transports: Transports) -> Any:
        made.append(transports)
        return boxes

    routed = routed_by(office, carriers)
    routed.send(mail())
    save(office, {"default": "ses", "marketing": "sendgrid", "sendgrid": {"key": KEY}})
    assert read_settings(office.definitions, "transports")["sendgrid"] == {"key": KEY, "region": "global"}
    routed.send(mail())
    assert [len(box.box) for box in boxes.values()] == [2, 0, 0]
    office.clock.move(seconds=KEEP.total_seconds())
    routed.send(mail())
    routed.send(mail("transactional"))
    office.clock.move(seconds=KEEP.total_seconds())
    routed.send(mail())
    assert [len(box.box) for box in boxes.values()] == [3, 2, 0]
    # Unchanged settings keep their senders, and these their connections.
    assert len(made) == 2


def test_an_unknown_outcome_is_not_carried_to_another_provider() -> None:
    office = Office()
    save(office, {"default": "smtp", "smtp": SMTP})
    ses, smtp = MemoryMail(), MemoryMail(lambda mail: Unknown("lost"))
    routed = routed_by(office, lambda _: {"ses": ses, "smtp": smtp})
    assert routed.send(mail()) == Unknown("lost")
    assert ses.box == []


def test_a_transport_that_cannot_be_made_keeps_its_mails_waiting() -> None:
    office = Office()
    save(office, {"default": "smtp", "smtp": SMTP})
    routed = routed_by(office, lambda _: {"ses": MemoryMail()})
    assert routed.send(mail()) == Postponed("denied")


def test_without_settings_everything_goes_through_ses() -> None:
    office = Office()
    routed = routed_by(office, lambda _: {"ses": MemoryMail()})
    assert isinstance(routed.send(mail()), Accepted)
    office.clock.move(hours=-1)
    assert isinstance(routed.send(mail()), Accepted)


def test_what_is_saved_comes_back_whole() -> None:
    data = {"default": "smtp", "transactional": "ses", "smtp": {**SMTP, "relay": "postmark"}}
    parsed = parse(data)
    assert Transports.from_json(parsed.to_json()) == parsed
    assert (parsed.carrier("marketing"), parsed.carrier("transactional")) == ("smtp", "ses")


@pytest.mark.parametrize(
    ("data", "broken"),
    [
        ({"default": "pigeon"}, [("default", "choice")]),
        ({"marketing": "sendgrid"}, [("sendgrid", "required")]),
        ({"sendgrid": {}}, [("sendgrid.key", "required")]),
        ({"sendgrid": {"key": "SG.secret"}}, [("sendgrid.key", "id")]),
        ({"sendgrid": {"key": KEY.replace("transports", "webhooks")}}, [("sendgrid.key", "id")]),
        ({"smtp": {"host": "http://x"}}, [("smtp.host", "domain")]),
        ({"smtp": {**SMTP, "port": 6379}}, [("smtp.port", "choice")]),
        ({"smtp": {**SMTP, "security": "none"}}, [("smtp.security", "choice")]),
        ({"smtp": {**SMTP, "security": "none", "private": True}}, [("smtp.security", "choice")]),
        ({"smtp": {**SMTP, "password": "x"}}, [("smtp.password", "unknown_key")]),
        ({"smtp": "x", "foo": 1}, [("smtp", "object"), ("smtp.host", "required"), ("foo", "unknown_key")]),
    ],
)
def test_bad_transports_name_every_rule_and_write_nothing(data: Any, broken: list[tuple[str, str]]) -> None:
    office = Office()
    with pytest.raises(InvalidError) as refused:
        save(office, data)
    assert [(e.path, e.rule) for e in refused.value.errors] == broken
    assert read_settings(office.definitions, "transports") == {}
