"""Appending to a dataset: one part a batch, one switch of the manifest; parts that pile up are folded into one."""

import gzip
import json
import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from gotero.adapters.lake import engine
from gotero.adapters.lake.fold import fold, without_older
from gotero.adapters.lake.manifest import Manifest, Part, manifest_key, parts_prefix, staged_prefix
from gotero.adapters.lake.objects import Objects
from gotero.domain.errors import TransientError
from gotero.ports import LakeRow

#: Switches lost in a row before the batch is given back to the stream; writers of one dataset are a handful.
_ATTEMPTS = 12
#: A part that no manifest names is a leftover once it is this old: readers and writers live shorter.
_LEFTOVER = timedelta(minutes=20)
#: A rebuild that has staged nothing for so long goes on no more: its job has failed, or was stopped.
_GIVEN_UP = timedelta(hours=24)

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class LakeWriter:
    """Keeps the manifests it last wrote, so that a warm append is two PUTs and no GET."""

    objects: Objects
    pause: Callable[[float], None] = time.sleep
    _known: dict[str, tuple[Manifest, str]] = field(default_factory=dict)

    def append(self, dataset: str, rows: Sequence[LakeRow], as_of: str, lag: float) -> None:
        """Lay `rows` over the dataset. A repetition is harmless: a version that is there already changes nothing."""
        newest: dict[str, LakeRow] = {}
        for row in rows:
            known = newest.get(row.id)
            if known is None or row.version > known.version:
                newest[row.id] = row
        if not newest:
            return
        body = lines(list(newest.values()))
        key = self._put_part(dataset, 0, body, engine.LINES)
        manifest = self.switch(dataset, lambda now: now.with_batch(key, len(newest), len(body), as_of, lag))
        if manifest is not None:
            self._tidy(dataset, manifest)

    def forget(self, dataset: str, rows: Sequence[LakeRow]) -> None:
        """Lay `rows` over the dataset and take every version below them out of its objects. Again is once."""
        # How fresh the dataset is, is not changed by it.
        self.append(dataset, rows, "", 0.0)
        newest = {row.id: row.version for row in rows}
        # Before the parts are read: what a rebuild has staged is either among them by then, or will be without these.
        self.switch(dataset, lambda now: now.forgetting(newest))
        for _ in range(_ATTEMPTS):
            manifest, _etag = self._read(dataset)
            # All of them, then once more: a fold may have carried an older version on meanwhile.
            if all([self._is_clean(dataset, part, newest) for part in manifest.parts]):  # noqa: C419  # each is rewritten
                self._sweep(dataset, manifest)
                return
        raise TransientError(f"the parts of {dataset} change faster than they can be rewritten")

    def _is_clean(self, dataset: str, part: Part, newest: Mapping[str, int]) -> bool:
        """Whether the part held no older version; one that did is rewritten, unless it was folded meanwhile."""
        try:
            [body] = self.objects.get_many([part.key])
        except KeyError:
            return False
        left = without_older((part.key, body), newest)
        if left is None:
            return True
        key = self._put_part(dataset, part.level, left[0], engine.PARQUET)
        if self.switch(dataset, lambda now: now.rewritten(part, key, left[1], len(left[0]))) is not None:
            # At once: who has just read the manifest before reads it again.
            self.objects.delete([part.key])
        return False

    def switch(self, dataset: str, change: Callable[[Manifest], Manifest | None]) -> Manifest | None:
        """Apply `change` to the manifest as it stands; None when the change no longer applies."""
        for attempt in range(_ATTEMPTS):
            manifest, etag = self._known.pop(dataset) if dataset in self._known else self._read(dataset)
            changed = change(manifest)
            if changed is None:
                return None
            written = self.objects.switch(manifest_key(dataset), changed.to_bytes(), etag or None)
            if written is not None:
                self._known[dataset] = (changed, written)
                return changed
            self.pause(random.uniform(0, 0.01 * 2 ** min(attempt, 5)))  # noqa: S311 - spreads writers, hides nothing
        raise TransientError(f"the manifest of {dataset} moved on {_ATTEMPTS} times")

    def _read(self, dataset: str) -> tuple[Manifest, str]:
        try:
            found = self.objects.get(manifest_key(dataset))
        except KeyError:
            return Manifest(epoch=uuid4().hex, next=1, as_of="", lag=0.0), ""
        assert found is not None, "an unconditional read always answers"
        return Manifest.from_bytes(found.body), found.etag

    def _put_part(self, dataset: str, level: int, body: bytes, ending: str) -> str:
        key = f"{parts_prefix(dataset)}{level}-{uuid4().hex}{ending}"
        self.objects.put(key, body)
        return key

    def _tidy(self, dataset: str, manifest: Manifest) -> None:
        """Fold what piles up. The batch is in: a failing fold must not bring it back, the next append tries again."""
        while parts := manifest.to_fold():
            try:
                folded = self._fold(dataset, parts)
                if folded is None:
                    return
                if parts[0].level > 0:
                    self._sweep(dataset, folded)
            except (TransientError, KeyError) as error:
                logger.warning("fold of %s level %d failed: %s", dataset, parts[0].level, type(error).__name__)
                return
            manifest = folded

    def _fold(self, dataset: str, parts: Sequence[Part]) -> Manifest | None:
        keys = [part.key for part in parts]
        body, rows = fold(list(zip(keys, self.objects.get_many(keys), strict=True)))
        key = self._put_part(dataset, parts[0].level + 1, body, engine.PARQUET)
        return self.switch(dataset, lambda now: now.folded(parts, key, rows, len(body)))

    def read(self, dataset: str) -> Manifest:
        return self._read(dataset)[0]

    def _sweep(self, dataset: str, manifest: Manifest) -> None:
        """Delete parts that were folded away or lost their switch. Every age is by the bucket's clock, never ours."""
        there = dict(self.objects.list(parts_prefix(dataset)))
        if not there:
            return
        newest, kept = max(there.values()), {part.key for part in manifest.parts}
        if job := manifest.rebuild:
            staged = {key: at for key, at in there.items() if key.startswith(staged_prefix(dataset, job))}
            if newest - max(staged.values(), default=newest) <= _GIVEN_UP:
                kept |= staged.keys()  # they have no name yet
            elif self.switch(dataset, lambda now: now.given_up(job)) is None:
                return  # another rebuild has begun just now
        self.objects.delete([key for key, at in there.items() if key not in kept and newest - at > _LEFTOVER])


def lines(rows: Sequence[LakeRow]) -> bytes:
    """One JSON object a line. The row's own JSON travels as a text, so that it comes back exactly as it was."""
    columns = ({"id": row.id, "version": row.version, "deleted": row.deleted, "data": _data(row)} for row in rows)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in columns)
    # A half of a surrogate pair would make the whole part unreadable.
    return gzip.compress(text.encode(errors="replace"), compresslevel=1)


def _data(row: LakeRow) -> str:
    return "{}" if row.deleted and not row.binned else json.dumps(row.data, ensure_ascii=False, separators=(",", ":"))
