"""The story that `make demo` plays: a form, a list, a campaign, what comes back, drips, results; over real HTTP."""

from infra.local.demo.capture import capture_by_form, capture_by_origin
from infra.local.demo.desk import Desk
from infra.local.demo.narrator import Narrator
from infra.local.demo.website import website
from infra.local.stack import Stack


def play(stack: Stack) -> None:
    desk, tell = Desk(stack), Narrator()
    iker = capture_by_origin(desk, tell)
    with website() as site:
        lia = capture_by_form(desk, site, tell)
