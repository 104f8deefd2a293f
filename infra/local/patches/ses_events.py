"""SES keeps all it was handed, and tells what became of it.

Stock: `services/ses_v2.handle_request` drops Headers (List-Unsubscribe), EmailTags, ConfigurationSetName and raw MIME,
accepts unknown configuration sets, and publishes no event at all. Here a mail is kept whole in the outbox, and Send,
Delivery, Bounce, Complaint and the rest reach the SNS and EventBridge destinations of its configuration set: at once
as the simulator addresses ask for, later on request of the mailbox page (`POST /_local/ses/event`).
"""

import base64
import contextvars
import json
import time
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from typing import Any

from ministack.services import ses, ses_v2

from infra.local.emulator import Emulator
from infra.local.outbox import Mail, bare
from infra.local.patches.ses_account import SENDS, refuse
from infra.local.ses_publisher import Publisher

DOMAIN = b"@email.amazonses.com"


def apply(emulator: Emulator) -> None:
    stock = ses_v2.handle_request
    publisher = Publisher(emulator)
    pool = ThreadPoolExecutor(8, thread_name_prefix="local-ses")

    def follow(mail: Mail) -> None:
        time.sleep(emulator.options.ses_event_delay_seconds)  # real time: a demo need not move its clock for a delivery
        publisher.outcome(mail)

    async def handle(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        sub = path.rstrip("/").removeprefix("/v2/email")
        if method != "POST" or sub not in SENDS:
            return await stock(method, path, headers, body, query)
        request = json.loads(body or b"{}")
        name = request.get("ConfigurationSetName")
        if name and name not in ses_v2._config_sets:
            return refuse(404, "NotFoundException", f"Configuration set <{name}> does not exist.")
        status, answer_headers, answer = await stock(method, path, headers, body, query)
        if status >= 300:
            return status, answer_headers, answer
        for index, message_id in enumerate(_message_ids(json.loads(answer))):
            mail = _mail(_record(message_id), request, index, emulator.clock.iso())
            emulator.outbox.add(mail)
            pool.submit(contextvars.copy_context().run, follow, mail)
        # SES answers the bare id, the one that its events carry; stock code appends a domain to it.
        return status, answer_headers, answer.replace(DOMAIN, b"")

    def event(body: dict[str, Any]) -> dict[str, Any]:
        mail = emulator.outbox.get(body["id"])
        if mail is None:
            return {"error": "no such mail"}
        published = publisher.later(mail, body["event"], body.get("type", "Permanent"))
        return {"published": published}

    ses_v2.handle_request = handle
    emulator.controls["ses/event"] = event


def _message_ids(answer: dict[str, Any]) -> list[str]:
    if "MessageId" in answer:
        return [answer["MessageId"]]
    return [entry["MessageId"] for entry in answer.get("BulkEmailEntryResults", []) if "MessageId" in entry]


def _record(message_id: str) -> dict[str, Any]:
    """What stock code noted about the mail; the newest stand at the end."""
    return next(record for record in reversed(ses._sent_emails_list()) if record["MessageId"] == message_id)


def _mail(record: dict[str, Any], request: dict[str, Any], index: int, at: str) -> Mail:
    content = request.get("Content") or request.get("DefaultContent") or {}
    entries = request.get("BulkEmailEntries") or []
    entry = entries[index] if index < len(entries) else {}
    form = content.get("Simple") or content.get("Template") or {}
    mail: Mail = {
        "id": bare(record["MessageId"]),
        "at": at,
        "from": record["Source"],
        "to": record["To"],
        "cc": record["CC"],
        "bcc": record["BCC"],
        "reply_to": request.get("ReplyToAddresses", []),
        "subject": record["Subject"],
        "text": record["BodyText"] or "",
        "html": record["BodyHtml"] or "",
        "headers": entry.get("ReplacementHeaders") or form.get("Headers") or [],
        "tags": entry.get("ReplacementTags") or request.get("EmailTags") or request.get("DefaultEmailTags") or [],
        "configuration_set": request.get("ConfigurationSetName"),
        "attachments": [attachment.get("FileName", "") for attachment in form.get("Attachments") or []],
    }
    if raw := (content.get("Raw") or {}).get("Data"):
        _add_raw(mail, base64.b64decode(raw))
    return mail


def _add_raw(mail: Mail, raw: bytes) -> None:
    parsed = message_from_bytes(raw, policy=policy.default)
    shown = {"from", "to", "cc", "bcc", "subject"}
    mail["raw"] = raw.decode("utf-8", "replace")
    mail["headers"] = [{"Name": key, "Value": str(value)} for key, value in parsed.items() if key.lower() not in shown]
    mail["from"] = mail["from"] or str(parsed.get("From", ""))
    mail["to"] = mail["to"] or [address.strip() for address in str(parsed.get("To", "")).split(",") if address.strip()]
    html, text = parsed.get_body(("html",)), parsed.get_body(("plain",))
    mail["html"] = html.get_content() if html else ""
    mail["text"] = text.get_content() if text else ""
    mail["attachments"] = [part.get_filename() or "" for part in parsed.iter_attachments()]
