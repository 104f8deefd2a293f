"""Half a year of newsletters before the story: sent, read and returned on a clock that begins in the past.

A stack that has never run starts half a year ago. Each month a campaign goes out by the admin API, as any other does;
its readers open and click, some mails bounce, and the clock moves on to the next month, and at last to now. No row is
made past the product, so records, timelines, lake and counters tell the same.
"""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from random import Random

from infra.local.clock import SHORT_SECONDS, begin_at
from infra.local.demo.campaign import follow
from infra.local.demo.company import LUCIA, demo_id
from infra.local.demo.contents import SHOP
from infra.local.demo.desk import Desk, Json
from infra.local.demo.newsletters import month_of, newsletter
from infra.local.demo.people import SEED, Customer, customers
from infra.local.home import Home
from infra.local.stack import PATIENCE_SECONDS, Stack, Unexpected, wait_until

CAMPAIGNS = 6
HALF_A_YEAR = timedelta(days=182)
_MONTH = timedelta(days=30)
LIST = "Boletín mensual"
#: Shares of a healthy small sender: of the mails that are delivered.
_OPENED, _CLICKED = 0.38, 0.06
#: How many mails of each month come back: for good, or from a full mailbox; how many people leave.
_HARD, _SOFT, _LEFT = (2, 2, 1, 2, 2, 2), (1, 2, 1, 1, 2, 1), (0, 1, 0, 1, 0, 1)
#: After the send, which share of the readers reads by then.
_ROUNDS = ((timedelta(hours=1), 0.7), (timedelta(hours=26), 1.0))
_AT_ONCE = 8
_SEND_LIMIT_SECONDS = 120
_POLL_SECONDS = 0.2


def begin_in_the_past(home: Home) -> bool:
    """Set the clock of a stack that has never run half a year back; False for any other, which keeps its time."""
    if home.clock.exists() or home.outputs.exists():
        return False
    home.create()
    begin_at(home.clock, -HALF_A_YEAR.total_seconds())
    return True


def play_past(stack: Stack) -> None:
    """What is left of the half year, then on to now. One that was interrupted goes on with its month."""
    desk, begun = Desk(stack), time.monotonic()
    readers = _readers()
    segment = _list(desk, readers)
    first = datetime.fromisoformat(str(desk.stack.api("GET", f"/v1/segments/{segment}")["created_at"]))
    for month in range(CAMPAIGNS):
        at = first + timedelta(days=1) + month * _MONTH
        if (ahead := at - datetime.fromisoformat(stack.clock.now())) < -_MONTH / 2:
            continue
        stack.clock.move(seconds=max(0.0, ahead.total_seconds()))
        sent = _send(desk, segment, at)
        _read(desk, sent, month, readers)
        print(f"    {len(sent):4} mails: {month_of(at.isoformat())} ({time.monotonic() - begun:.0f} s)", flush=True)
    stack.clock.catch_up()


def _readers() -> dict[str, Customer]:
    """Address -> reader: a hundred and fifty, of whom the last sixty have no part in the story that follows."""
    made = customers()
    contacts = [customer for customer in made if customer.module == "contacts"]
    leads = [customer for customer in made if customer.module == "leads"]
    chosen = [*contacts[56:146], *contacts[390:440], *leads[70:80]]
    return {customer.values.get("email", customer.key): customer for customer in chosen}


def _list(desk: Desk, readers: dict[str, Customer]) -> str:
    body = {"name": LIST, "type": "Newsletter", "status": "Activo", "owner": desk.user(LUCIA)}
    segment = str(desk.made("/v1/segments", body)["id"])
    items = [{"module": who.module, "id": demo_id(who.module, who.key)} for who in readers.values()]
    desk.stack.api("POST", f"/v1/segments/{segment}/members", {"items": items})
    wait_until(lambda: _size(desk, segment) >= len(items), PATIENCE_SECONDS, "the readers to be on their list")
    return segment


def _size(desk: Desk, segment: str) -> int:
    return sum(desk.stack.api("GET", f"/v1/segments/{segment}")["counts"].values())


def _send(desk: Desk, segment: str, at: datetime) -> list[Json]:
    """The mails that left."""
    content = newsletter(at.isoformat())
    template = desk.made("/v1/templates", content)
    values = {"name": content["name"], "type": "Email", "status": "Completed", "audience": LIST}
    campaign = desk.typed_in("campaigns", values, owner=desk.user(LUCIA))
    order = {"template_id": template["id"], "audience": {"segments": [segment]}, "start": "now"}
    key = {"Idempotency-Key": f"demo-{campaign['id']}"}
    answer = desk.stack.call("POST", f"/v1/campaigns/{campaign['id']}/send", order, headers=key)
    if answer.status != 202:
        raise Unexpected(f"send: {answer.status} {answer.text[:500]}")
    until = time.monotonic() + _SEND_LIMIT_SECONDS
    while not desk.stack.api("GET", f"/v1/jobs/{answer.json()['job_id']}")["finished_at"]:
        if time.monotonic() > until:
            raise TimeoutError(f"the campaign of {month_of(at.isoformat())} does not end")
        desk.stack.clock.move(seconds=SHORT_SECONDS / 2)  # what the job waits for passes at once
        time.sleep(_POLL_SECONDS)
    return sorted(desk.stack.mailbox.messages(subject=content["subject"]), key=lambda mail: str(mail["to"]))


def _read(desk: Desk, sent: list[Json], month: int, readers: dict[str, Customer]) -> None:
    chance = Random(SEED + month)
    unhappy = [mail for mail in sent if _has_no_part(readers.get(mail["to"][0]))]
    chance.shuffle(unhappy)
    hard, soft, left = _HARD[month], _SOFT[month], _LEFT[month]
    for mail in unhappy[:hard]:
        desk.stack.mailbox.act(mail["id"], "bounce")
    for mail in unhappy[hard : hard + soft]:
        desk.stack.mailbox.act(mail["id"], "bounce", type="soft")
    gone = {mail["id"] for mail in unhappy[: hard + soft]}
    delivered = [mail for mail in sent if mail["id"] not in gone]
    opening = chance.sample(delivered, round(len(delivered) * _OPENED))
    clicking = {mail["id"] for mail in opening[:: round(_OPENED / _CLICKED)]}
    passed, done = timedelta(), 0
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for after, share in _ROUNDS:
            desk.stack.clock.move(seconds=(after - passed).total_seconds())
            passed, until = after, round(len(opening) * share)
            _all(
                pool,
                (
                    partial(follow, desk, mail["id"], opens=1, click=SHOP if mail["id"] in clicking else None)
                    for mail in opening[done:until]
                ),
            )
            done = until
    for mail in unhappy[hard + soft : hard + soft + left]:
        desk.stack.mailbox.act(mail["id"], "unsubscribe")


def _has_no_part(reader: Customer | None) -> bool:
    """Whose address may be suppressed: the story writes to others, some of whom it picks by their time zone."""
    if reader is None:
        return False
    number = int(reader.key.rpartition("-")[2])
    return reader.module == "leads" or (number >= 390 and reader.values["time_zone"] == "Europe/Madrid")


def _all(pool: ThreadPoolExecutor, things: Iterable[Callable[[], None]]) -> None:
    for done in [pool.submit(thing) for thing in things]:
        done.result()
