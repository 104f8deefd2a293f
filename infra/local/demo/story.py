"""The story that `make demo` plays: a form, a list, a campaign, what comes back, drips, results; over real HTTP."""

from collections import Counter
from contextlib import suppress

from gotero.domain.price import mail_cost
from infra.local.demo.campaign import ACCEPTED, message_id, results, send_campaign, what_comes_back
from infra.local.demo.capture import capture_by_form, capture_by_origin
from infra.local.demo.desk import Desk
from infra.local.demo.drips import drip
from infra.local.demo.narrator import Narrator
from infra.local.demo.website import Website
from infra.local.stack import PATIENCE_SECONDS, Stack, wait_until

#: In which a message has not been handed over yet.
WAITING = frozenset({"planned", "claimed"})
#: The provider's answer was lost: the product does not send again by itself, a person decides.
IN_DOUBT = frozenset({"uncertain", "held"})


def play(stack: Stack, site: Website) -> None:
    desk, tell = Desk(stack), Narrator()
    iker = capture_by_origin(desk, tell)
    lia = capture_by_form(desk, site, tell)
    campaign, _ = send_campaign(desk, tell)
    what_comes_back(desk, lia, campaign, tell)
    drip(desk, iker, lia, tell)
    results(desk, campaign, tell)
    print(f"\n  {summary(desk)}\n", flush=True)


def summary(desk: Desk) -> str:
    """Counted, not claimed: every mail in the mailbox against every message record."""
    with suppress(TimeoutError):
        wait_until(lambda: not _missing(desk), PATIENCE_SECONDS, "the last mails to be seen as sent")
    mails = desk.stack.mailbox.messages()
    copies = Counter((", ".join(mail["to"]), message_id(mail)) for mail in mails)
    repeated = sum(count - 1 for count in copies.values())
    statuses = Counter(message["values"]["status"] for message in desk.records("messages", {"all": []}))
    doubtful = sum(statuses[status] for status in IN_DOUBT)
    return (
        f"{len(mails)} correos, {repeated} repetidos, {_missing(desk)} perdidos; "
        f"{statuses['skipped']} no enviados, cada uno con su motivo"
        + (f"; {doubtful} sin confirmar, a la espera de que alguien decida" if doubtful else "")
        + f"; en AWS, {_spanish(mail_cost(len(mails)).provider)} $ de SES (tablas y funciones aparte: aquí no se miden)"
    )


def _spanish(number: float) -> str:
    return f"{number:.3f}".replace(".", ",")


def _missing(desk: Desk) -> int:
    """Messages that were never handed over, or were accepted and stand in nobody's mailbox."""
    in_mailbox = {message_id(mail) for mail in desk.stack.mailbox.messages()}
    return sum(
        message["values"]["status"] in WAITING
        or (message["values"]["status"] in ACCEPTED and message["id"] not in in_mailbox)
        for message in desk.records("messages", {"all": []})
    )
