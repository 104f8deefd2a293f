"""Makes lake and due index anew from the tables, on AWS as on the laptop: `python -m infra.make.rebuild [lake|due]`.

It only begins the jobs, and watches them: the steps are done by the stack, and go on when this program is stopped. What
people see is the old lake until the last step, with every change that is made meanwhile.
"""

import os
import sys
import time

from infra.make.administrator import stack_environment

PARTS = ("due", "lake")
_EVERY_SECONDS = 0.5


def main() -> None:
    parts = sys.argv[1:] or list(PARTS)
    if not set(parts) <= set(PARTS):
        sys.exit("usage: make rebuild [PART=lake|due] [AWS=1]")
    os.environ.update(stack_environment(os.environ.get("GOTERO_STACK", "gotero")))
    from gotero.entry import wiring_jobs  # it reads the settings that were just put there

    begun = {part: wiring_jobs.rebuild(part) for part in parts}
    failed = [wrong for part, job_id in begun.items() if (wrong := _watched(part, job_id))]
    sys.exit("; ".join(failed) or 0)


def _watched(part: str, job_id: str) -> str:
    """Until it has ended; what went wrong."""
    from gotero.domain.job import DONE
    from gotero.entry import wiring_sending

    told = -1
    print(f"{part}: job {job_id}", flush=True)
    while (job := wiring_sending.jobs().get(job_id)) is not None:
        if job.seen != told:
            print(f"{part}: {job.seen:10} read", flush=True)
            told = job.seen
        if job.state in DONE:
            return "" if job.state == "finished" else f"{part}: {job.state}: {job.outcome.get('error', '')}"
        time.sleep(_EVERY_SECONDS)
    return f"{part}: the job is gone"


if __name__ == "__main__":
    main()
