"""Chapters 3, 4 and 6: a campaign to everybody, what comes back, and results that can be recounted."""

import re
import time
from collections import Counter
from functools import partial

from infra.local.demo import contents
from infra.local.demo.company import CAMPAIGN, MIXED_LIST, TWITTER_LIST, demo_id
from infra.local.demo.desk import Desk, Json
from infra.local.demo.narrator import Narrator
from infra.local.http import request
from infra.local.stack import PATIENCE_SECONDS, Unexpected, wait_until

#: What people read mail with; robots call themselves otherwise.
READER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Accept": "text/html"}
NOT_SENT = {"no_email": "sin email", "invalid_email": "con email no válido", "do_not_email": "de baja"}
COUNTED = ("sent", "delivered", "opened", "clicked", "bounced", "dropped", "spam", "unsubscribed", "no_email")
#: States in which a mail has left.
ACCEPTED = frozenset({"accepted", "delivered", "dropped", "bounced"})


def send_campaign(desk: Desk, tell: Narrator) -> tuple[str, str]:
    """The campaign's id and the job's."""
    tell.chapter("3. La campaña «Twitter» a contactos, cuentas y pre-contactos")
    campaign = desk.record("campaigns", demo_id("campaigns", CAMPAIGN["name"]))
    template = desk.made("/v1/templates", contents.TWO_COLUMNS)
    audience = {"segments": [desk.segment(MIXED_LIST), desk.segment(TWITTER_LIST)]}
    order = {"template_id": template["id"], "audience": audience, "start": "now"}
    seen = desk.stack.api("POST", f"/v1/campaigns/{campaign['id']}/send/preview", order)
    left_out = ", ".join(f"{seen[reason]} {words}" for reason, words in NOT_SENT.items())
    tell.told(
        f"{campaign['number']}: {seen['recipients']} destinatarios; se enviará a {seen['will_send']} ({left_out}, "
        f"{seen['same_address']} con dirección repetida)",
        desk.console(f"records/campaigns/{campaign['id']}"),
    )
    answer = desk.stack.call(
        "POST", f"/v1/campaigns/{campaign['id']}/send", order, headers={"Idempotency-Key": "demo-campaign"}
    )
    if answer.status != 202:
        raise Unexpected(f"send: {answer.status} {answer.text[:500]}")
    job_id = str(answer.json()["job_id"])
    job, readings = watched(desk, job_id)
    shown = " ".join(f"{reading:.0%}" for reading in readings)
    tell.told(
        f"trabajo terminado: {job['total']} = {job['result']['accepted']} aceptados + {job['result']['skipped']} "
        f"no enviados; progreso visto: {shown}",
        desk.console(f"jobs/{job_id}"),
    )
    return str(campaign["id"]), job_id


def watched(desk: Desk, job_id: str, limit: float = 300) -> tuple[Json, list[float]]:
    """The job once it has ended, and the progress that was read on the way. `limit`: seconds without progress."""
    readings: list[float] = []
    until = time.monotonic() + limit
    while time.monotonic() < until:
        job = desk.stack.api("GET", f"/v1/jobs/{job_id}")
        if not readings or job["progress"] > readings[-1]:
            readings.append(job["progress"])
            until = time.monotonic() + limit  # a slow machine is no reason to give up
        if job["finished_at"]:
            return job, readings
        time.sleep(0.1)
    raise TimeoutError(f"job {job_id} stands still at {readings[-1]:.0%}")


def what_comes_back(desk: Desk, lia: Json, campaign: str, tell: Narrator) -> None:
    tell.chapter("4. Una hora después: aperturas, clics, rebotes, quejas y bajas")
    desk.made("/v1/workflows", contents.click_workflow(desk.segment(TWITTER_LIST)))
    desk.stack.clock.move(hours=1)
    mails = {message_id(mail): mail for mail in desk.stack.mailbox.messages(subject="naranjas nuevas")}
    tell.told("el reloj local avanza una hora", desk.stack.mailbox.url)

    message = _message_of(desk, lia, campaign)
    follow(desk, mails[message["id"]]["id"], opens=4, click=contents.FOLLOW_US)
    message = desk.wait_for_message(lia, opened=4, clicked=1)
    tell.told(
        f"{message['number']} de Lía: abierto {message['values']['opened']}, clic {message['values']['clicked']}, "
        f"última URL {message['values']['last_url']}",
        desk.console(f"records/messages/{message['id']}"),
    )
    angels = wait_until(
        lambda: desk.find("contacts", firstname="Àngels", lastname="Ferrandis"), PATIENCE_SECONDS, "Àngels"
    )
    segment = desk.segment(TWITTER_LIST)
    follow(desk, mails[_message_of(desk, angels, campaign)["id"]]["id"], opens=1, click=contents.FOLLOW_US)
    wait_until(lambda: desk.sources(segment, "contacts", angels["id"]), PATIENCE_SECONDS, "Àngels in the segment")
    tell.told(
        "Àngels Ferrandis también hace clic: el flujo «Twitter» sobre Mensajes la pone en la lista",
        desk.console(f"records/contacts/{angels['id']}"),
    )
    others = [mail for id, mail in sorted(mails.items()) if id.startswith("leads-")]
    for mail, action, word in zip(others, ("bounce", "complaint", "unsubscribe"), _BACK, strict=False):
        desk.stack.mailbox.act(mail["id"], action)
        message = wait_until(partial(_with, desk, message_id(mail), word), PATIENCE_SECONDS, f"the {action}")
        tell.told(f"{message['number']}: {_BACK[word]}", f"{desk.stack.mailbox.url}/mails/{mail['id']}")


#: Field of the message -> what the line says.
_BACK = {
    "bounced": "rebote permanente; la dirección queda suprimida para todo correo",
    "spam": "marcado como spam; se pone «No enviar email» en todos los registros con esa dirección",
    "unsubscribed": "baja con un clic (POST); la próxima campaña lo salta",
}


def results(desk: Desk, campaign: str, tell: Narrator) -> None:
    tell.chapter("6. Resultados de la campaña, y su recuento mensaje a mensaje")
    recounted = recount(desk, campaign)
    shown = wait_until(
        lambda: _settled(desk, campaign, recounted), PATIENCE_SECONDS, "the results to equal the recount"
    )
    words = ", ".join(f"{name} {shown[name]}" for name in COUNTED)
    tell.told(
        f"{words}: iguales al recuento de sus registros", desk.console(f"records/campaigns/{campaign}?tab=results")
    )


def recount(desk: Desk, campaign: str) -> dict[str, int]:
    """The results of a campaign from its message records, one by one."""
    messages = [m["values"] for m in desk.records("messages", {"field": "campaign", "op": "is", "value": campaign})]
    counts: Counter[str] = Counter()
    for values in messages:
        counts["sent"] += values["status"] in ACCEPTED
        for name in COUNTED[1:]:
            counts[name] += bool(values.get(name))
    return {name: counts[name] for name in COUNTED}


def _settled(desk: Desk, campaign: str, recounted: dict[str, int]) -> Json | None:
    shown: Json = desk.stack.api("GET", f"/v1/campaigns/{campaign}/results")
    return shown if {name: shown[name] for name in COUNTED} == recounted else None


def follow(desk: Desk, mail_id: str, *, opens: int, click: str | None) -> None:
    """What a reader does: the pixel is loaded, a link is followed. Where it leads is the template's own target."""
    html = desk.stack.mailbox.message(mail_id)["html"]
    for _ in range(opens):
        request("GET", links(html, desk.stack.public_url, "o")[0], headers=READER)
    if click is None:
        return
    for link in links(html, desk.stack.public_url, "c"):
        # The token tells nobody where it leads: a reader knows from the words. HEAD is not counted.
        if request("HEAD", link, headers=READER).headers.get("location") == click:
            request("GET", link, headers=READER)
            return
    raise Unexpected(f"no link to {click}")


def links(html: str, public_url: str, purpose: str) -> list[str]:
    """The addresses of one purpose (o, c, u, v) in a mail, in order."""
    return re.findall(rf'"({re.escape(public_url)}/{purpose}/[^"]+)"', html)


def _message_of(desk: Desk, recipient: Json, campaign: str) -> Json:
    def sent() -> Json | None:
        return next((m for m in desk.messages_to(recipient) if m["values"].get("campaign") == campaign), None)

    return wait_until(sent, PATIENCE_SECONDS, "the message of the campaign")


def message_id(mail: Json) -> str:
    """The message that a mail of the mailbox belongs to: its tag says so."""
    return next((str(tag["Value"]) for tag in mail["tags"] if tag["Name"] == "gotero_message"), "")


def _with(desk: Desk, message_id: str, name: str) -> Json | None:
    message = desk.record("messages", message_id)
    return message if message["values"].get(name) else None
