"""`/v1/suppressions`: who gets no mail. `/v1/deliverability`: how the account stands. `/v1/doctor`: what to mend."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.validation import address
from gotero.entry import bodies, http, listing, wiring, wiring_sending
from gotero.services.brake import let_go_of_account
from gotero.services.edit_suppressions import add_by_hand, import_list, take_off
from gotero.services.examine_mail import examine_mail
from gotero.services.read_deliverability import read_deliverability
from gotero.services.read_timeline import read_timeline
from gotero.services.suppress import history_of

api = http.Api(find_user=wiring.find_user)
handler = api.handler


class LetGo(bodies.Body):
    note: Annotated[str, Field(max_length=500)]


@api.get("/v1/suppressions")
def suppressions() -> http.Json:
    search = (api.query("search") or "").strip().lower()
    query = ["suppressions", search]
    after = listing.cursor_after(api, wiring.signer(), query)
    found, following = wiring_sending.suppressions().page(search, listing.limit_of(api), after)
    return {
        "items": [suppression.to_json() for suppression in found],
        "next": listing.cursor(wiring.signer(), query, following),
    }


@api.get("/v1/suppressions/history")
def history() -> http.Json:
    key = address.key(api.query("address") or "")
    if key is None:
        raise InvalidError(FieldError("address", "email"))
    stored = wiring_sending.suppressions().get_many([key]).get(key)
    entries, _ = read_timeline(wiring.timeline(), wiring.definitions(), history_of(key), 50, None)
    return {"suppression": stored.to_json() if stored else None, "items": entries}


@api.post("/v1/suppressions")
def add() -> Response[str]:
    return http.created(add_by_hand(wiring_sending.protector(), api.json(), api.user).to_json())


@api.post("/v1/suppressions/import")
def add_list() -> http.Json:
    return import_list(wiring_sending.protector(), wiring.due_index(), api.json(), api.user)


@api.post("/v1/suppressions/remove")
def remove() -> Response[str]:
    take_off(wiring_sending.protector(), api.json(), api.user)
    return http.empty()


@api.get("/v1/deliverability")
def deliverability() -> http.Json:
    return read_deliverability(wiring_sending.brake_desk(), wiring_sending.ses_account().quota())


@api.post("/v1/deliverability/resume")
def resume() -> http.Json:
    note = api.read(LetGo).note
    return let_go_of_account(wiring_sending.brake_desk(), api.user.id, note).to_json()


@api.get("/v1/doctor")
def doctor() -> http.Json:
    return examine_mail(wiring_sending.doctor())
