"""Put the chunks of a job on the send queue. Twice is harmless: a chunk is sent by whoever claims it, once.

A chunk whose instant is still to come is put there by its due item; one whose due item was lost, by the next round.
"""

from gotero.domain import instant
from gotero.domain.job import AT_WORK
from gotero.ports import Clock, Jobs, Queue

CHUNKS_PER_CALL = 500


def enqueue_chunks(jobs: Jobs, queue: Queue, clock: Clock, job_id: str, start: int) -> int | None:
    """Enqueue chunks from `start` on that are due and not done; where to go on, or None after the last."""
    job = jobs.get(job_id)
    if job is None or job.state not in AT_WORK:
        return None
    stop = min(job.prepared, start + CHUNKS_PER_CALL)
    now = instant.write(clock.now())
    # Who is cancelled is told so at once.
    cancelling = job.state == "cancelling"
    states = jobs.chunk_states(job_id, start, stop)
    ready = [state.number for state in states if not state.done and (cancelling or state.not_before <= now)]
    queue.put({"job": job_id, "chunk": number} for number in ready)
    return stop if stop < job.prepared else None
