"""Put the chunks of a job on the send queue. Twice is harmless: a chunk is sent by whoever claims it, once."""

from gotero.domain.job import AT_WORK
from gotero.ports import Jobs, Queue

CHUNKS_PER_CALL = 1000


def enqueue_chunks(jobs: Jobs, queue: Queue, job_id: str, start: int) -> int | None:
    """Enqueue chunks from `start` on; where the next call goes on, or None after the last."""
    job = jobs.get(job_id)
    if job is None or job.state not in AT_WORK:
        return None
    stop = min(job.prepared, start + CHUNKS_PER_CALL)
    queue.put({"job": job_id, "chunk": number} for number in range(start, stop))
    return stop if stop < job.prepared else None
