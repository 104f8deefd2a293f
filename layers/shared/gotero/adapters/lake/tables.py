"""The rows of each dataset as a table in this process, kept up to date by what the manifest says is new."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gotero.adapters.lake import engine
from gotero.adapters.lake.columns import Column, columns_of, create_table, quote, rows_table, typed
from gotero.adapters.lake.manifest import Manifest, Part, manifest_key
from gotero.adapters.lake.objects import Found, Objects
from gotero.adapters.lake.search import with_words
from gotero.domain import instant
from gotero.domain.errors import TransientError
from gotero.domain.modules import Module

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: Seconds that the projection may trail before an answer is no longer called exact…
MAX_LAG = 2.0
#: …for twice its lag after it was last seen trailing, at least and at most so long. A backlog shows itself in the next
#: batch, which takes no longer than that; without one, the late batch was a cold start and the last that there was.
_REMEMBERED = (5.0, 60.0)
#: Rows that are taken in at once: a dataset that is read for the first time does not stand in memory twice.
_BITE = 200_000
#: Rows laid over before memory is given back: replaced rows stay in it until then, and new ones are not compressed.
_CHECKPOINT = 150_000
#: How often a manifest is read again because a part has been folded away under the reader.
_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Freshness:
    as_of: str
    exact: bool


@dataclass(slots=True)
class _Loaded:
    """What this process holds of a dataset."""

    columns: tuple[Column, ...]
    etag: str | None = None
    epoch: str = ""
    #: All batches up to this one are in the table.
    applied: int = 0
    as_of: str = ""
    lag: float = 0.0


class Tables:
    """A warm, unchanged dataset costs one conditional GET that answers 304; a change costs its new parts."""

    def __init__(self, objects: Objects, modules: Mapping[str, Module], now: Callable[[], datetime]) -> None:
        self._objects = objects
        self._modules = modules
        self._now = now
        self._loaded: dict[str, _Loaded] = {}
        self._laid_over = 0
        self.connection: DuckDBPyConnection = engine.connect()

    def refresh(self, datasets: Iterable[str]) -> Freshness:
        """Bring these datasets up to their manifests, and say how fresh the stalest of them is."""
        names = sorted(set(datasets))
        for name in names:
            loaded = self._loaded.get(name)
            # A field declared since is a column of all rows: they are read again.
            if loaded is None or loaded.columns != columns_of(name, self._modules):
                self._start(name)
        if len(names) == 1:
            found = [self._manifest(names[0])]
        else:
            with ThreadPoolExecutor(len(names)) as pool:
                found = list(pool.map(self._manifest, names))
        for name, manifest in zip(names, found, strict=True):
            self._follow(name, manifest)
        return self._freshness(names)

    def _start(self, dataset: str) -> _Loaded:
        columns = columns_of(dataset, self._modules)
        self.connection.execute(create_table(dataset, columns))
        loaded = self._loaded[dataset] = _Loaded(columns)
        return loaded

    def _manifest(self, dataset: str) -> Found | None:
        """The manifest when it is another one than before."""
        try:
            return self._objects.get(manifest_key(dataset), unless=self._loaded[dataset].etag)
        except KeyError:
            return None  # nothing has been projected yet

    def _follow(self, dataset: str, found: Found | None) -> None:
        for _ in range(_ATTEMPTS):
            if found is None:
                return
            try:
                self._load(dataset, Manifest.from_bytes(found.body), found.etag)
                return
            except KeyError:
                # A part was folded away after this manifest was read; the present one names its successor.
                found = self._objects.get(manifest_key(dataset))
        raise TransientError(f"the parts of {dataset} change faster than they can be read")

    def _load(self, dataset: str, manifest: Manifest, etag: str) -> None:
        loaded = self._loaded[dataset]
        if loaded.epoch != manifest.epoch:
            loaded = self._start(dataset)
        for parts in _in_bites(manifest.since(loaded.applied)):
            self._lay_over(dataset, loaded.columns, parts)
        loaded.etag, loaded.epoch, loaded.applied = etag, manifest.epoch, manifest.next - 1
        loaded.as_of, loaded.lag = manifest.as_of, manifest.lag

    def _lay_over(self, dataset: str, columns: tuple[Column, ...], parts: Sequence[Part]) -> None:
        keys = [part.key for part in parts]
        bodies = self._objects.get_many(keys)
        table = quote(rows_table(dataset))
        with engine.files(list(zip(keys, bodies, strict=True))) as paths:
            engine.take_in(self.connection, paths)
        rows = typed(f"(FROM incoming ANTI JOIN {table} USING (id))", columns)
        searched = self._modules[dataset].search_fields if dataset in self._modules else ()
        # In a transaction: a query that streams from a cursor keeps seeing the rows of its own instant.
        self.connection.execute(
            "BEGIN;"
            f"DELETE FROM {table} USING incoming i WHERE {table}.id = i.id AND {table}.version < i.version;"
            f"INSERT INTO {table} BY NAME {with_words(rows, searched)};"
            "COMMIT; DROP TABLE incoming"
        )
        self._laid_over += sum(part.rows for part in parts)
        if self._laid_over > _CHECKPOINT:
            self._laid_over = 0
            self.connection.execute("CHECKPOINT")

    def _freshness(self, names: list[str]) -> Freshness:
        states = [self._loaded[name] for name in names]
        now = self._now()
        known = [state for state in states if state.as_of]
        exact = not any(_trails(state.lag, (now - instant.read(state.as_of)).total_seconds()) for state in known)
        # A dataset without a single row has nothing to trail behind.
        return Freshness(min((state.as_of for state in known), default=instant.write(now)), exact)

    def records(self, module: str, ids: Iterable[str]) -> dict[str, dict[str, object]]:
        """The JSON of these records, by id, as far as they are in the lake."""
        query = f"SELECT id, data FROM {quote(module)} WHERE list_contains(?, id)"
        return {id: json.loads(data) for id, data in self.connection.execute(query, [list(ids)]).fetchall()}


def _trails(lag: float, age: float) -> bool:
    least, most = _REMEMBERED
    return lag > MAX_LAG and age < min(max(2 * lag, least), most)


def _in_bites(parts: Sequence[Part]) -> Iterator[list[Part]]:
    bite: list[Part] = []
    for part in parts:
        if bite and sum(p.rows for p in bite) + part.rows > _BITE:
            yield bite
            bite = []
        bite.append(part)
    if bite:
        yield bite
