"""Makes the lake anew from the tables, on AWS as on the laptop: `python -m infra.make.rebuild`.

It only begins the job, and watches it: the steps are done by the stack, and go on when this program is stopped. What
people see is the old lake until the last step, with every change that is made meanwhile.
"""

import os
import sys
import time

from infra.make.administrator import stack_environment

_EVERY_SECONDS = 0.5


def main() -> None:
    if len(sys.argv) != 1:
        sys.exit("usage: make rebuild [AWS=1]")
    os.environ.update(stack_environment(os.environ.get("GOTERO_STACK", "gotero")))
    from gotero.domain.job import DONE
    from gotero.entry import wiring_jobs, wiring_sending  # they read the settings that were just put there

    job_id, told = wiring_jobs.rebuild_lake(), -1
    print(f"job {job_id}", flush=True)
    while (job := wiring_sending.jobs().get(job_id)) is not None:
        rows = int(job.outcome.get("rows", 0))
        if rows != told:
            print(f"{rows:10} rows", flush=True)
            told = rows
        if job.state in DONE:
            sys.exit(0 if job.state == "finished" else f"{job.state}: {job.outcome.get('error', '')}")
        time.sleep(_EVERY_SECONDS)
    sys.exit("the job is gone")


if __name__ == "__main__":
    main()
