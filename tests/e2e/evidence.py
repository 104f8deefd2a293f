"""What the story's tests look at: mails, links, and the stores where "nothing was written" can be seen."""

import re
from dataclasses import dataclass
from typing import Any

from infra.local.demo import contents
from infra.local.demo.campaign import links, watched
from infra.local.demo.company import CAMPAIGN, MIXED_LIST, TWITTER_LIST, demo_id
from infra.local.demo.desk import Desk
from infra.local.http import Response, request
from infra.local.stack import Stack, wait_until

Json = dict[str, Any]
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Accept": "text/html"}
MARC_FROM = "Marc Soler <marc.soler@huertaturia.example>"


@dataclass(frozen=True)
class Form:
    body: Json
    html: str
    #: The workflow that answers it.
    answering: str


@dataclass
class Sent:
    """A campaign that has been sent, and what was read of its job on the way."""

    campaign: Json
    template: Json
    job: Json
    readings: list[float]
    first_answer: Response

    def messages(self, desk: Desk) -> list[Json]:
        return list(desk.records("messages", {"field": "campaign", "op": "is", "value": self.campaign["id"]}))


def send_to_all(desk: Desk, member: Json) -> Sent:
    """To the mixed list of 500 and to the list `twitter`, once it shows `member`."""
    campaign = desk.record("campaigns", demo_id("campaigns", CAMPAIGN["name"]))
    template = desk.stack.api("POST", "/v1/templates", contents.TWO_COLUMNS, expect=201)
    segments = [desk.segment(MIXED_LIST), desk.segment(TWITTER_LIST)]
    wait_until(lambda: is_listed(desk, segments[1], member), 300, "the list to show its member")
    return send(desk, campaign, template, segments)


def send(desk: Desk, campaign: Json, template: Json, segments: list[str]) -> Sent:
    order = {"template_id": template["id"], "audience": {"segments": segments}, "start": "now"}
    answer = desk.stack.call("POST", f"/v1/campaigns/{campaign['id']}/send", order)
    assert answer.status == 202, answer.text
    job, readings = watched(desk, answer.json()["job_id"])
    return Sent(campaign, template, job, readings, answer)


def is_listed(desk: Desk, segment: str, record: Json) -> bool:
    members = desk.stack.api("GET", f"/v1/segments/{segment}/members?limit=200")["items"]
    return any(member["id"] == record["id"] for member in members)


def stored(stack: Stack, table: str) -> int:
    """How many items a table holds: `RECORDS`, `DEFINITIONS`, …; the emulator counts as it writes."""
    described = stack.aws("dynamodb").describe_table(TableName=stack.environment[f"{table}_TABLE"])
    return int(described["Table"]["ItemCount"])


def tick(stack: Stack) -> None:
    """One more run of the tick, beside those of the scheduler."""
    functions = stack.aws("lambda").list_functions(MaxItems=100)["Functions"]
    (name,) = (function["FunctionName"] for function in functions if "TickFunction" in function["FunctionName"])
    assert stack.aws("lambda").invoke(FunctionName=name, Payload=b"{}")["StatusCode"] == 200


def headers_of(mail: Json) -> dict[str, str]:
    return {header["Name"]: header["Value"] for header in mail["headers"]}


def link(desk: Desk, purpose: str, mail: Json) -> str:
    return links(mail["html"], desk.stack.public_url, purpose)[0]


def click_link(desk: Desk, mail: Json, target: str) -> str:
    """The counted link of a mail that leads to `target`; looked for by HEAD, which counts nothing."""
    found = links(mail["html"], desk.stack.public_url, "c")
    return next(url for url in found if follow("HEAD", url).headers.get("location") == target)


def follow(method: str, url: str, **more: Any) -> Response:
    """As a person's browser does."""
    return request(method, url, headers=PERSON, **more)


def assert_lawful(desk: Desk, mail: Json) -> None:
    """The headers of one-click unsubscribing, the visible link, the postal address."""
    headers, leave = headers_of(mail), link(desk, "u", mail)
    assert headers["List-Unsubscribe"] == f"<{leave}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    anchor = re.search(rf'<a [^>]*href="{re.escape(leave)}"[^>]*>(.*?)</a>', mail["html"], re.S)
    assert anchor and re.sub(r"<[^>]+>", "", anchor[1]).strip()
    address = desk.stack.api("GET", "/v1/settings/company")["address"]
    assert address in mail["html"]
    assert address in mail["text"]
    assert leave in mail["text"]
