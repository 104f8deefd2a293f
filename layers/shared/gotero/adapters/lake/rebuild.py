"""`LakeRebuild` on S3: parts that no manifest names until all of them are there, and one switch a dataset."""

from collections.abc import Mapping, Sequence

from gotero.adapters.lake import engine
from gotero.adapters.lake.fold import without_older
from gotero.adapters.lake.manifest import Fresh, staged_prefix
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
            self._objects.put(_key(f"{staged_prefix(dataset, job)}{turn:06}", len(rows), body, engine.LINES), body)

    def swap(self, dataset: str, job: str) -> bool:
        while (now := self._writer.read(dataset)).rebuild == job:
            self._try(dataset, job, now.forgotten)
        return now.rebuilt_by == job

    def _try(self, dataset: str, job: str, forgotten: Mapping[str, int]) -> None:
        """Switch, unless more is forgotten meanwhile."""
        staged = sorted(key for key, _ in self._objects.list(staged_prefix(dataset, job)))
        parts = [_fresh(self._without(key, forgotten) if forgotten else key) for key in staged]
        # The objects of before go with the next sweep: who is reading them has until then.
        self._writer.switch(dataset, lambda now: now.rebuilt(job, parts, forgotten))

    def _without(self, key: str, forgotten: Mapping[str, int]) -> str:
        """The part without the versions that somebody who was erased had, when it was read before that."""
        left = without_older((key, self._objects.get_many([key])[0]), forgotten)
        if left is None:
            return key
        body, rows = left
        clean = _key(key.rsplit("-", 2)[0], rows, body, engine.PARQUET)
        self._objects.put(clean, body)
        self._objects.delete([key])
        return clean


def _key(turn: str, rows: int, body: bytes, ending: str) -> str:
    return f"{turn}-{rows}-{len(body)}{ending}"


def _fresh(key: str) -> Fresh:
    _, rows, size = key.removesuffix(engine.LINES).removesuffix(engine.PARQUET).rsplit("-", 2)
    return Fresh(key, int(rows), int(size))
