"""`make simulate N=… SEED=…`: the send simulator; a table, and one JSON object as the last line."""

import argparse
import json
from time import perf_counter

from benchmarks.send_control import naive
from benchmarks.send_simulation import simulate
from benchmarks.send_world import Faults


def main() -> None:
    parser = argparse.ArgumentParser(description="Sends to N recipients with faults at every step, and counts.")
    parser.add_argument("--n", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=0.3, help="share of mails whose handing over goes wrong")
    parser.add_argument("--event-loss", type=float, default=0.0, help="share of provider events that never arrive")
    options = parser.parse_args()
    faults = Faults(options.rate, options.event_loss)
    began = perf_counter()
    # Three mails for each ten recipients and more go out beside the campaign: N counts the mails.
    result = simulate(options.n * 10 // 13, options.seed, faults)
    control = naive(options.n, options.seed, faults)
    figures = {**result.to_json(), "control": control, "seconds": round(perf_counter() - began, 1)}
    print(f"{'planned messages':<40}{result.recipients:>12,}")
    for name in ("accepted", "skipped", "cancelled", "uncertain", "duplicates", "lost", "wrong"):
        print(f"  {name:<38}{getattr(result, name):>12,}")
    for why, times in result.doubts.items():
        print(f"  {'in doubt: ' + why:<38}{times:>12,}")
    print(f"{'instants at which the sums were right':<40}{result.instants:>12,}")
    print(f"{'longest list; longest payload, bytes':<40}{result.longest['list']:>6,};{result.longest['payload']:>5,}")
    print(f"{'faults':<40}{sum(result.faults.values()):>12,}")
    for name, times in sorted(result.faults.items()):
        print(f"  {name:<38}{times:>12,}")
    print(f"{'send, then mark: people written to twice':<40}{control['duplicates']:>12,}")
    print(json.dumps({**figures, "seed": options.seed, "rate": options.rate, "event_loss": options.event_loss}))


if __name__ == "__main__":
    main()
