"""The job that imports a file, and the one that rehearses it: some rows a step, from the byte where the last one ended.

Each line makes its record under an id of its own, so that a step that was cut off and runs again makes nothing twice.
The rows that were refused lie beside the file, step by step, and are put together when somebody asks for them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import cast
from zoneinfo import ZoneInfo

from gotero.domain import catalogue, modules, validation
from gotero.domain.catalogue import Language
from gotero.domain.company import ID, KIND, Company
from gotero.domain.errors import FieldError
from gotero.domain.exchange import formula
from gotero.domain.exchange.cells import Style
from gotero.domain.exchange.plan import Plan
from gotero.domain.exchange.rows import MAX_ROW, Row, take_rows
from gotero.domain.exchange.sniff import Dialect
from gotero.domain.ids import is_id
from gotero.domain.job import Job
from gotero.domain.modules import Module
from gotero.domain.record import Ref
from gotero.ports import Definitions, Files, Json, Lake, Lists, Memberships, Numbers, Records, Suppressions
from gotero.services.find_sight import sight_of
from gotero.services.foreseen_records import BlockNumbers, ForeseenDefinitions, ForeseenRecords, NoNumbers
from gotero.services.import_row import Draft, Hands, Import, Result, read_draft, work_row
from gotero.services.save_record import RecordWriter
from gotero.services.sighted import SightedLake, seen_records
from gotero.services.work_job import Step

IMPORT, REHEARSAL = "import", "import_check"
#: Rows of a step: some seconds of work, and one batch of reads.
ROWS = 400
#: Rows are written by so many at once; those about one record are written one after the other.
LANES = 8
_PIECE = 256 * 1024
#: Conditions take two hundred leaves at most.
_ASKED = 150
#: A digest of a key that a rehearsal remembers: 100 k rows stay under a megabyte.
_DIGEST = 8


@dataclass(frozen=True, slots=True)
class Importer:
    """What importing needs."""

    files: Files
    writer: RecordWriter
    memberships: Memberships
    suppressions: Suppressions
    lake: Lake


def source_key(import_id: str) -> str:
    return f"imports/{import_id}/source.csv"


def part_key(import_id: str, number: int) -> str:
    return f"imports/{import_id}/refused/{number:06d}.csv"


def import_of(importer: Importer, params: Json) -> Import:
    """The import that a job, or somebody at the screen, means."""
    definitions = importer.writer.definitions
    people = {
        str(name).casefold(): d.id
        for kind in ("groups", "users")
        for d in definitions.all(kind)
        for name in (d.data.get("name"), d.data.get("email"), d.id)
        if name
    }
    settings = definitions.get(KIND, ID)
    zone = ZoneInfo(Company.from_json(settings.data if settings else {}).zone)
    plan = Plan.from_json(params["plan"])
    style = Style(plan.decimal, plan.dates, zone)
    user: str = params["user"]
    return Import(
        params["import"], params["module"], plan, style, plan.owner or user, people, sight_of(definitions, user)
    )


def import_step(importer: Importer, job: Job) -> Step:
    """The next rows of a file, or its end."""
    here = import_of(importer, job.params)
    size = job.params["size"]
    position = job.position or {"byte": here.plan.dialect.start, "line": 1, "seen": 0}
    key, dialect = source_key(here.id), here.plan.dialect
    first = position["line"] == 1
    rows, following = read_on(importer.files, key, dialect, position, size, ROWS + first)
    rows = rows[first:]  # the header is no row
    rehearsal = job.kind == REHEARSAL
    results = work_rows(importer, here, rows, rehearsal=rehearsal)
    if rehearsal:
        results = _repeated(importer.files, here, rows, results, job)
    outcome = _outcome(job.outcome, results)
    refused = [(row, result) for row, result in zip(rows, results, strict=True) if result.outcome == "refused"]
    if refused:
        number = outcome["parts"] = outcome["parts"] + 1
        language = cast("Language", job.params["language"])
        lines = (_refused_line(here, row, result, language) for row, result in refused)
        body = formula.write_rows(lines, here.plan.dialect.separator)
        importer.files.put(part_key(job.id, number), body)
    seen = position["seen"] + len(rows)
    if following["byte"] >= size:
        return Step(None, len(rows), outcome)
    done = following["byte"] - here.plan.dialect.start
    total = max(seen, round(seen * (size - here.plan.dialect.start) / done)) if done else None
    return Step({**following, "seen": seen}, len(rows), outcome, total)


def read_on(files: Files, key: str, dialect: Dialect, position: Json, size: int, limit: int) -> tuple[list[Row], Json]:
    """The next rows from `position`, at least one unless the file ends, and where to go on."""
    byte, line, rows = position["byte"], position["line"], list[Row]()
    while byte < size and len(rows) < limit:
        for length in (_PIECE, MAX_ROW):
            piece = files.read(key, byte, length)
            last = byte + len(piece) >= size or not piece
            taken = take_rows(piece, dialect, line=line, limit=limit - len(rows), last=last, full=length == MAX_ROW)
            if taken.size or last:
                break
        if not taken.size:
            # One line longer than any row may be: passed over up to its end, and named.
            byte = _behind_line(files, key, byte, size, dialect.encoding) if piece else size
            rows.append(Row(line, (), "row_too_long"))
            line += 1
            continue
        rows += taken.rows
        byte, line = byte + taken.size, line + taken.lines
    return rows, {"byte": byte, "line": line}


def _behind_line(files: Files, key: str, byte: int, size: int, encoding: str) -> int:
    mark = {"utf-16-le": b"\n\x00", "utf-16-be": b"\x00\n"}.get(encoding, b"\n")
    while byte < size:
        piece = files.read(key, byte, MAX_ROW)
        at = piece.find(mark)
        if at >= 0:
            return byte + at + len(mark)
        byte += max(len(piece), 1)
    return size


# --------------------------------------------------------------------------------------------------------- the rows


def work_rows(importer: Importer, here: Import, rows: Sequence[Row], *, rehearsal: bool) -> list[Result]:
    """What became of each row, in their order; in a rehearsal, what would become of it."""
    drafts = [read_draft(here, row) for row in rows]
    _find_related(importer, here, drafts)
    made = [here.ref_of(draft.row.line) for draft in drafts if not draft.errors]
    seen = seen_records(importer.writer.records, here.sight, frozenset(made))
    records = ForeseenRecords(seen, rehearsal=rehearsal)
    numbered = _numbered(importer, here, drafts)
    keys: dict[str, list[str]] = {}
    for draft in drafts:
        for name, value in validation.unique_keys(here.declared, draft.values).items():
            keys.setdefault(name, []).append(value)
    named = [d.named for d in drafts if d.named and is_id(d.named)] if here.plan.match == "id" else []
    refs = [Ref(here.module, id) for id in (*named, *numbered.values())]
    related = [ref for draft in drafts for ref in validation.references(here.declared, draft.values).values()]
    records.foresee(here.module, [*refs, *made, *(ref for ref in related if is_id(ref.id))], keys)
    addresses = {key for draft in drafts for key in validation.addresses(here.declared, draft.values)}
    numbers = NoNumbers() if rehearsal else BlockNumbers(importer.writer.numbers, len(drafts))
    writer = replace(
        importer.writer,
        records=cast(Records, records),
        numbers=cast(Numbers, numbers),
        definitions=cast(Definitions, ForeseenDefinitions(importer.writer.definitions)),
    )
    hands = Hands(
        writer,
        records,
        None if rehearsal else importer.memberships,
        frozenset(importer.suppressions.get_many(addresses)),
        numbered,
    )
    if rehearsal or len(drafts) <= LANES:
        return [work_row(here, draft, hands) for draft in drafts]
    return _in_lanes(here, drafts, hands)


def _in_lanes(here: Import, drafts: Sequence[Draft], hands: Hands) -> list[Result]:
    lanes: list[list[int]] = [[] for _ in range(LANES)]
    for index, draft in enumerate(drafts):
        lanes[hash(draft.named) % LANES if draft.named else index % LANES].append(index)

    def work(lane: list[int]) -> list[tuple[int, Result]]:
        return [(index, work_row(here, drafts[index], hands)) for index in lane]

    with ThreadPoolExecutor(LANES) as pool:
        done = dict(pair for results in pool.map(work, lanes) for pair in results)
    return [done[index] for index in range(len(drafts))]


def _find_related(importer: Importer, here: Import, drafts: Sequence[Draft]) -> None:
    """Relation cells hold a number or a name; the lake knows both. What it does not find is refused by the rule."""
    for declared in here.declared.fields:
        texts = {draft.pointed[declared.id] for draft in drafts if declared.id in draft.pointed}
        if not texts or not declared.relation:
            continue
        found = _by_words(SightedLake(importer.lake, here.sight), modules.module(declared.relation), sorted(texts))
        for draft in drafts:
            text = draft.pointed.get(declared.id)
            if text is not None and text.casefold() in found:
                draft.values[declared.id] = found[text.casefold()]
            elif text is not None:
                draft.errors.append(FieldError(f"values.{declared.id}", "relation"))


def _by_words(lake: Lists, module: Module, texts: Sequence[str]) -> dict[str, str]:
    """Number or title, in lower case -> id; of several records of one title the first made."""
    named = ("number", *module.title_fields[:1])
    found: dict[str, str] = {}
    for item in _asked(lake, module, named, [text[:255] for text in texts]):
        for word in (item["number"], *(item["values"].get(field) for field in named[1:])):
            found.setdefault(str(word).casefold(), item["id"])
    return found


def _asked(lake: Lists, module: Module, fields: Sequence[str], texts: Sequence[str]) -> Iterator[Json]:
    each = _ASKED // len(fields)
    for start in range(0, len(texts), each):
        leaves = [{"field": f, "op": "is", "value": text} for text in texts[start : start + each] for f in fields]
        page = lake.page(module.id, condition={"any": leaves}, sort=[("created_at", False)], limit=1000)
        yield from page.items


def _numbered(importer: Importer, here: Import, drafts: Sequence[Draft]) -> dict[str, str]:
    if here.plan.match != "number":
        return {}
    wanted = sorted({draft.named[:255] for draft in drafts if draft.named})
    return {
        item["number"]: item["id"]
        for item in _asked(SightedLake(importer.lake, here.sight), here.declared, ["number"], wanted)
    }


# ------------------------------------------------------------------------------------------------------ what came of it


def _outcome(before: Json, results: Sequence[Result]) -> Json:
    counts = Counter(result.outcome for result in results)
    reasons: Counter[str] = Counter(before.get("reasons", {}))
    for result in results:
        reasons.update({f"{e.path.removeprefix('values.')}:{e.rule}" for e in result.errors})
    outcome: Json = {name: before.get(name, 0) + counts[name] for name in ("new", "changed", "unchanged", "refused")}
    kept_out = sum(result.kept_out for result in results)
    return {
        **outcome,
        "failed": outcome["refused"],
        "kept_out": before.get("kept_out", 0) + kept_out,
        "reasons": dict(sorted(reasons.items())),
        "parts": before.get("parts", 0),
    }


def reason(module: Module, error: FieldError, language: Language) -> str:
    """`Email: No es una dirección de email válida.`"""
    name = error.path.removeprefix("values.")
    field = module.column(name)
    label = f"{field.label.to_json()[language]}: " if field else ""
    return label + catalogue.text("errors", error.rule, language, **dict(error.values))


def _refused_line(here: Import, row: Row, result: Result, language: Language) -> list[str]:
    why = " ".join(reason(here.declared, error, language) for error in result.errors)
    cells = [*row.cells, *[""] * (len(here.plan.columns) - len(row.cells))]
    return [*map(formula.neutral, cells), str(row.line), why]


def _repeated(files: Files, here: Import, rows: Sequence[Row], results: list[Result], job: Job) -> list[Result]:
    """A rehearsal writes nothing, so it must remember whom earlier steps would have made."""
    key = f"imports/{here.id}/rehearsal/{job.id}"
    known_before = files.read(f"{key}-{job.turn}", 0, 1 << 24) if job.turn else b""
    known = {known_before[i : i + _DIGEST] for i in range(0, len(known_before), _DIGEST)}
    told, added = list[Result](), list[bytes]()
    for row, result in zip(rows, results, strict=True):
        named = read_draft(here, row).named if result.outcome == "new" else None
        mark = _mark(named) if named else None
        told.append(replace(result, outcome="changed") if mark in known else result)
        if mark and mark not in known:
            added.append(mark)
    files.put(f"{key}-{job.turn + 1}", known_before + b"".join(added))
    return told


def _mark(named: str) -> bytes:
    return sha256(named.encode()).digest()[:_DIGEST]
