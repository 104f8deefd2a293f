"""The account side of SES: a granted rate and quota that are enforced, and the suppression list.

Stock: `services/ses_v2.handle_request` names a rate of 14 a second and never enforces it, and its suppression list is
always empty (put, get and delete answer 404); here it is listed in pages and from a date. The rate here is that of an
account some time out of the sandbox.
"""

import json
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from ministack.services import ses, ses_v2

from infra.local.emulator import Emulator
from infra.local.ses_account import Account

Answer = tuple[int, dict[str, str], bytes]
LIST = "/suppression/addresses"
SENDS = ("/outbound-emails", "/outbound-bulk-emails")


def apply(emulator: Emulator) -> None:
    account = emulator.account
    stock = ses_v2.handle_request

    async def handle(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        sub = path.rstrip("/").removeprefix("/v2/email")
        if sub == LIST or sub.startswith(f"{LIST}/"):
            return _suppression(account, method, sub.removeprefix(LIST).strip("/"), body, query)
        if method == "POST" and sub in SENDS:
            day_ago = emulator.clock.now() - 86_400
            sent = sum(1 for mail in ses._sent_emails_list() if mail["Timestamp"] >= day_ago)
            if refusal := account.refusal(sent):
                return refuse(429, "TooManyRequestsException", refusal)
        result = await stock(method, path, headers, body, query)
        if method == "GET" and sub == "/account":
            shown = json.loads(result[2])
            shown["SendQuota"] |= {"Max24HourSend": account.max_24_hour_send, "MaxSendRate": account.max_send_rate}
            return respond(shown)
        return result

    ses_v2.handle_request = handle
    _save_with(account)
    emulator.controls["ses/account"] = account.adjust


def _suppression(account: Account, method: str, address: str, body: bytes, query: Any) -> Answer:
    if method == "PUT":
        entry = json.loads(body)
        account.suppress(entry["EmailAddress"], entry["Reason"])
        return respond({})
    if not address:
        return respond(_page(account, query))
    name = unquote(address).lower()
    if not account.is_suppressed(name):
        return refuse(404, "NotFoundException", f"Email address {name} does not exist on your suppression list.")
    if method == "DELETE":
        del account.suppressed[name]
        return respond({})
    return respond({"SuppressedDestination": {"EmailAddress": name, **account.suppressed[name]}})


def _page(account: Account, query: Any) -> dict[str, Any]:
    """In the order in which they were put there, from StartDate on."""
    asked = {key: value[0] if isinstance(value, list) else value for key, value in (query or {}).items()}
    since = float(datetime.fromisoformat(asked["StartDate"]).timestamp()) if "StartDate" in asked else 0.0
    entries = [{"EmailAddress": key, **value} for key, value in account.suppressed.items()]
    entries = [entry for entry in entries if entry["LastUpdateTime"] >= since]
    start, size = int(asked.get("NextToken", 0)), int(asked.get("PageSize", 1000))
    following = {"NextToken": str(start + size)} if len(entries) > start + size else {}
    return {"SuppressedDestinationSummaries": entries[start : start + size], **following}


def respond(body: dict[str, Any], status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(body).encode()


def refuse(status: int, name: str, message: str) -> Answer:
    code, headers, body = respond({"message": message}, status)
    return code, {**headers, "x-amzn-errortype": name}, body


def _save_with(account: Account) -> None:
    """The list is saved and restored with the state of SES v2."""
    stock_get, stock_load = ses_v2.get_state, ses_v2.load_persisted_state

    def get_state() -> dict[str, Any]:
        return {**stock_get(), "suppressed": account.suppressed}

    def load(state: dict[str, Any]) -> Any:
        account.suppressed.update(state.get("suppressed") or {})
        return stock_load(state)

    ses_v2.get_state, ses_v2.load_persisted_state = get_state, load
