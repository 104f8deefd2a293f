"""The demo company and its story: put in once, and never a second time onto the same people."""

import time

from infra.local.demo.website import Website
from infra.local.home import read_json, write_json
from infra.local.stack import Stack


def play_once(stack: Stack, site: Website) -> None:
    """Seed, then play; each leaves a mark, so an interrupted demo goes on where it stopped. `site` shows the form."""
    marks = read_json(stack.home.story)
    if "seeded" not in marks:
        _seed(stack)
        marks["seeded"] = stack.clock.now()
        write_json(stack.home.story, marks)
    from infra.local.demo.capture import put_up_again
    from infra.local.demo.desk import Desk

    if "played" in marks:
        print(f"the story was played already (until {marks['played']}); `make demo RESET=1` plays it afresh")
        put_up_again(Desk(stack), site)
        return
    from infra.local.demo.story import play

    begun = time.monotonic()
    play(stack, site)
    marks["played"] = stack.clock.now()
    write_json(stack.home.story, marks)
    print(f"the story took {time.monotonic() - begun:.0f} s")


def _seed(stack: Stack) -> None:
    """The company; on a clock that begins in the past (past.py) with what it has sent since."""
    from infra.local.demo.seed import seed, seed_people, seed_sales

    if stack.clock.behind() < 1:
        print("this stack has run before: the demo begins without past campaigns; `make demo RESET=1` makes them")
        seed(stack)
        return
    from infra.local.demo.past import CAMPAIGNS, play_past

    seed_people(stack, campaigns_before=CAMPAIGNS)
    play_past(stack)
    seed_sales(stack)
