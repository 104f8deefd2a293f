"""What disturbs a simulated campaign at random instants, while its audience freezes and its mails leave."""

from collections.abc import Callable
from functools import partial

from benchmarks.send_provider import Provider
from benchmarks.send_world import World


def unrest(
    world: World, provider: Provider, within: float, pause: Callable[[], None], cancel: Callable[[], None]
) -> None:
    """Deployments, used-up quotas, storms of bounces and pauses; and somebody cancels."""
    random, at = world.random, world.at
    for _ in range(world.faults.unrest):
        at(random.uniform(0, within), world.deploy)
        at(random.uniform(0, within), pause)
        for what, trouble, calm, seconds in (("exhausted", True, False, 600), ("bounces", 0.3, 0.01, 300)):
            begin = random.uniform(0, within)
            at(begin, partial(setattr, provider, what, trouble))
            at(begin + seconds, partial(setattr, provider, what, calm))
    if world.faults.unrest:
        at(random.uniform(0, within / 2), cancel)
