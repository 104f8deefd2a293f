"""From a posted form to the mail that SES has accepted, beside the least chain that could do it, on one emulator.

PYTHONPATH=layers/shared:. python -m benchmarks.form_answer [posts]        (without: 30)

The least chain is API → function → table → stream → function → SES (bare_chain/template.yaml): no deduplication, no
workflow, no ledger. The two take turns, so that whatever else the machine does falls on both.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from infra.local.demo import contents
from infra.local.demo.company import MARC
from infra.local.demo.desk import Desk
from infra.local.demo.seed import seed
from infra.local.deployer.deploy import deploy
from infra.local.http import request
from infra.local.stack import Stack
from infra.local.testing import local_stack

GOAL = 1.5
SITE = "https://huertaturia.example"
_WARM_UP = 5
_LONGEST = 60.0


def _ours(stack: Stack) -> Callable[[str], None]:
    """Posts to a form that a workflow answers."""
    desk = Desk(stack)
    form = desk.made("/v1/forms", contents.contact_form(desk.user(MARC), f"{SITE}/thanks", ["huertaturia.example"]))
    template = desk.made("/v1/templates", contents.AUTO_REPLY)
    desk.made("/v1/workflows", contents.auto_reply_workflow(form["id"], template["id"]))
    url = f"{stack.public_url}/f/{form['public_id']}"

    def post(name: str) -> None:
        typed = {"firstname": name, "lastname": "Visita", "email": f"{name}@ours.example"}
        answer = request("POST", url, form=typed, headers={"Origin": SITE, "Accept": "text/html"})
        assert answer.status == 303, answer.text

    return post


def _bare(stack: Stack) -> Callable[[str], None]:
    template = Path(__file__).parent / "bare_chain/template.yaml"
    outputs = deploy(stack.ports.aws_url, template, "bare-chain", {"Sender": "hola@huertaturia.example"})
    url = f"{stack.ports.aws_url}/_aws/execute-api/{outputs['Api']}/$default/post"

    def post(name: str) -> None:
        answer = request("POST", url, form={"firstname": name, "email": f"{name}@bare.example"})
        assert answer.status == 303, answer.text

    return post


def _seconds(stack: Stack, post: Callable[[str], None], name: str, address: str) -> float:
    """From the post to the mail in the mailbox, which is when SES has accepted it."""
    begun = time.monotonic()
    post(name)
    while not stack.mailbox.messages(to=address):
        if time.monotonic() - begun > _LONGEST:
            raise TimeoutError(f"no mail to {address}")
        time.sleep(0.01)
    return time.monotonic() - begun


def measure(posts: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, local_stack(Path(folder)) as stack:
        seed(stack)
        ours, bare = _ours(stack), _bare(stack)
        taken: dict[str, list[float]] = {"ours": [], "bare": []}
        for number in range(-_WARM_UP, posts):
            for kind, post in (("ours", ours), ("bare", bare)):
                name = f"{kind}{number + _WARM_UP}"
                seconds = _seconds(stack, post, name, f"{name}@{kind}.example")
                if number >= 0:
                    taken[kind].append(seconds)
    ours_median, bare_median = (statistics.median(taken[kind]) for kind in ("ours", "bare"))
    return {
        "posts": posts,
        "ours_median_ms": round(ours_median * 1000),
        "bare_median_ms": round(bare_median * 1000),
        "ours_p95_ms": round(statistics.quantiles(taken["ours"], n=20)[-1] * 1000),
        "bare_p95_ms": round(statistics.quantiles(taken["bare"], n=20)[-1] * 1000),
        "ratio": round(ours_median / bare_median, 2),
        "goal": GOAL,
    }


def main() -> None:
    figures = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
    for name, value in figures.items():
        print(f"{name:16} {value:>8}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
