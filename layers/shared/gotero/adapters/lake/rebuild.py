"""`LakeRebuild` on S3: parts that no manifest names until all of them are there, and one switch a dataset."""

from collections.abc import Sequence

from gotero.adapters.lake import engine
from gotero.adapters.lake.manifest import Fresh, parts_prefix
from gotero.adapters.lake.objects import Objects
from gotero.adapters.lake.writer import LakeWriter, lines
from gotero.ports import LakeRow


class S3Rebuild:
    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._writer = LakeWriter(objects)

    def begin(self, dataset: str, job: str) -> None:
        self._writer.switch(dataset, lambda now: now.rebuilding(job))

    def stage(self, dataset: str, job: str, turn: int, rows: Sequence[LakeRow]) -> None:
        if rows:
            body = lines(rows)
            # Its name says what the manifest will: a turn that is done again writes the same part, or one beside it.
            self._objects.put(f"{_staged(dataset, job)}{turn:06}-{len(rows)}-{len(body)}{engine.LINES}", body)

    def swap(self, dataset: str, job: str) -> bool:
        parts = [_fresh(key) for key, _ in sorted(self._objects.list(_staged(dataset, job)))]
        switched = self._writer.switch(dataset, lambda now: now.rebuilt(job, parts))
        if switched is None:
            # Done before, or taken over by a rebuild that began later.
            return self._writer.read(dataset).rebuild in ("", job)
        # The objects of before go with the next sweep: who is reading them has until then.
        return True


def _staged(dataset: str, job: str) -> str:
    return f"{parts_prefix(dataset)}rebuilt-{job}-"


def _fresh(key: str) -> Fresh:
    _, rows, size = key.removesuffix(engine.LINES).rsplit("-", 2)
    return Fresh(key, int(rows), int(size))
