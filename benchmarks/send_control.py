"""The control of the send simulation: send, then mark as sent, with the SDK's retries, as most systems do it."""

from collections import Counter
from random import Random

from benchmarks.send_world import Faults
from gotero.ports import Json


def naive(recipients: int, seed: int, faults: Faults) -> Json:
    """The same provider and kills as in the world of the real services; who was written to twice, and who never."""
    random = Random(seed)
    rate, taken = faults.rate, Counter[int]()
    for recipient in range(recipients):
        for _attempt in range(60):
            accepted = False
            for _try in range(3):  # the SDK asks again, whatever the reason
                chance = random.random()
                if chance < 2 * rate / 3 or chance > 1 - rate / 100:
                    continue
                taken[recipient] += 1
                accepted = chance <= 1 - rate / 3
                if accepted:
                    break
            # Killed, or refused by the store, between the provider's answer and the mark: it comes again.
            if accepted and random.random() > faults.kill + faults.call:
                break
    return {"duplicates": sum(n > 1 for n in taken.values()), "lost": recipients - len(taken)}
