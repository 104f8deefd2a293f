"""The job that writes records to a CSV file: page after page of the lake, some megabytes a step, one file at the end.

In the order in which they were made, whatever the list is sorted by: nothing is missed or told twice while others work.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from gotero.domain import condition as conditions
from gotero.domain import modules
from gotero.domain.catalogue import Language
from gotero.domain.errors import FieldError, InvalidError, NotFoundError
from gotero.domain.exchange import formula
from gotero.domain.job import DONE, Job
from gotero.domain.modules import SYSTEM_FIELDS, Field, Module
from gotero.domain.record import Ref
from gotero.domain.user import User
from gotero.ports import Definitions, Files, Json, Lists, Records
from gotero.ports.files import PART_BYTES
from gotero.services.find_sight import sight_of
from gotero.services.show_records import with_titles
from gotero.services.sighted import SightedLake, seen_records
from gotero.services.work_job import JobLine, Step, start_job

EXPORT = "export"
#: Rows of a question to the lake.
PAGE = 1000
#: A step ends after so many rows, unless a part is not yet as large as S3 wants it.
ROWS = 20_000
SEPARATORS = (";", ",", "\t")
Headers = Literal["label", "id"]


@dataclass(frozen=True, slots=True)
class Exporter:
    """What exporting needs."""

    files: Files
    lake: Lists
    records: Records
    definitions: Definitions


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be exported: the records of a module that meet a condition and a search, or those of a segment."""

    module: str
    condition: Json | None = None
    search: str | None = None
    segment: str | None = None
    columns: tuple[str, ...] = ()
    separator: str = ";"
    headers: Headers = "label"

    def to_json(self) -> Json:
        return {
            "module": self.module,
            "condition": self.condition,
            "search": self.search,
            "segment": self.segment,
            "columns": list(self.columns),
            "separator": self.separator,
            "headers": self.headers,
        }

    @classmethod
    def from_json(cls, data: Json) -> "Order":
        return cls(**{**{name: data[name] for name in cls.__slots__}, "columns": tuple(data["columns"])})


def exportable(module: Module) -> tuple[str, ...]:
    """Every column, those of the system last; the number first."""
    system = [field.id for field in SYSTEM_FIELDS if field.id != "number" and module.field(field.id) is None]
    return ("id", "number", *(field.id for field in module.fields if field.id != "number"), *system)


def start_export(
    exporter: Exporter, line: JobLine, order: Order, user: User, language: Language, key: str | None
) -> Job:
    """The job. InvalidError for a column, a condition or a segment that is not there."""
    module = modules.module(order.module)
    errors = [
        FieldError(f"columns[{index}]", "unknown_field")
        for index, column in enumerate(order.columns)
        if column not in exportable(module)
    ]
    if order.separator not in SEPARATORS:
        errors.append(FieldError("separator", "choice", (("choices", "; , TAB"),)))
    if order.segment is not None and (order.condition is not None or order.search):
        errors.append(FieldError("segment", "one_of", (("keys", "segment, filter"),)))
    segment = exporter.definitions.get("segments", order.segment) if order.segment else None
    if order.segment is not None and segment is None:
        errors.append(FieldError("segment", "not_found"))
    if errors:
        raise InvalidError(*errors)
    if order.condition is not None:
        conditions.parse(order.condition, module, modules.MODULES, context="filter")
    name = str(segment.data["name"]) if segment else module.label.to_json()[language]
    params = {**order.to_json(), "language": language}
    return start_job(line, EXPORT, params, name=name, user_id=user.id, key=key)


def export_step(exporter: Exporter, job: Job) -> Step:
    """The next part of the file: what its author sees, and no name that he does not."""
    sight = sight_of(exporter.definitions, job.created_by)
    exporter = replace(exporter, lake=SightedLake(exporter.lake, sight), records=seen_records(exporter.records, sight))
    order, key = Order.from_json(job.params), export_key(job.id)
    position = job.position or {"after": None, "upload": "", "parts": [], "rows": 0}
    writer = _Lines(exporter, order, job.params["language"])
    body = b"" if position["rows"] or position["parts"] else writer.head()
    after, rows = position["after"], 0
    while True:
        items, after = _page(exporter, order, after)
        body += writer.lines(items)
        rows += len(items)
        if after is None or (rows >= ROWS and len(body) >= PART_BYTES) or len(body) >= 4 * PART_BYTES:
            break
    seen = position["rows"] + rows
    outcome = {"rows": seen}
    if after is None and not position["upload"]:
        exporter.files.put(key, body)
        return Step(None, rows, outcome)
    upload = position["upload"] or exporter.files.begin(key)
    try:
        parts = [*position["parts"], exporter.files.add_part(key, upload, len(position["parts"]) + 1, body)]
    except NotFoundError:
        # The upload is over: this step has been here before, if the file is there.
        if exporter.files.size(key) is None:
            raise
        return Step(None, rows, outcome)
    if after is None:
        exporter.files.complete(key, upload, parts)
        return Step(None, rows, outcome)
    total = _total(exporter, order) if not position["parts"] else None
    return Step({"after": after, "upload": upload, "parts": parts, "rows": seen}, rows, outcome, total)


def export_key(job_id: str) -> str:
    return f"exports/{job_id}.csv"


def find_export(line: JobLine, id: str, user: User) -> Job:
    """The job; NotFoundError for one of somebody else: who exports sees what he may see, and nobody else does."""
    job = line.jobs.get(id)
    if job is None or job.kind != EXPORT or job.created_by != user.id:
        raise NotFoundError("export")
    return job


def download(files: Files, job: Job) -> str | None:
    """Where the file can be fetched, for some minutes; None before it is there, and after it was forgotten."""
    if job.state not in DONE or files.size(export_key(job.id)) is None:
        return None
    return files.download_url(export_key(job.id), f"{job.params['name']}.csv")


def _page(exporter: Exporter, order: Order, after: list[Any] | None) -> tuple[list[Json], list[Any] | None]:
    if order.segment is not None:
        page = exporter.lake.members(order.segment, module=order.module, limit=PAGE, after=after)
        refs = [Ref(item["module"], item["id"]) for item in page.items]
        found = exporter.records.get_many(refs) if refs else {}
        living = (found.get(ref) for ref in refs)
        return [record.to_json() for record in living if record and not record.deleted_at], page.after
    page = exporter.lake.page(
        order.module,
        condition=order.condition,
        search=order.search,
        sort=[("created_at", False)],
        limit=PAGE,
        after=after,
    )
    return page.items, page.after


def _total(exporter: Exporter, order: Order) -> int | None:
    """For the progress; a search is not counted."""
    if order.segment is not None:
        return exporter.lake.member_counts(order.segment).get(order.module, 0)
    return None if order.search else exporter.lake.count(order.module, order.condition, sample=0).count


class _Lines:
    """Records as lines of the file."""

    def __init__(self, exporter: Exporter, order: Order, language: Language) -> None:
        self._module, self._order, self._language = modules.module(order.module), order, language
        self._records = exporter.records
        self._columns = order.columns or exportable(self._module)
        self._people = {
            d.id: str(d.data.get("name", "")) for kind in ("groups", "users") for d in exporter.definitions.all(kind)
        }
        #: Where cells are cut by semicolons, Excel reads the comma as the decimal sign.
        self._decimal = "." if order.separator == "," else ","

    def head(self) -> bytes:
        names = self._columns if self._order.headers == "id" else [self._label(column) for column in self._columns]
        return formula.MARK + formula.write_rows([names], self._order.separator)

    def lines(self, items: Sequence[Json]) -> bytes:
        shown = with_titles(items, self._module, self._records)
        return formula.write_rows((self._line(item) for item in shown), self._order.separator)

    def _label(self, column: str) -> str:
        field = self._module.column(column)
        return field.label.to_json()[self._language] if field else column.upper()

    def _line(self, item: Json) -> list[str]:
        return [self._cell(column, item) for column in self._columns]

    def _cell(self, column: str, item: Json) -> str:
        field = self._module.column(column)
        own = self._module.field(column) is not None
        value = item["values"].get(column) if own else item.get(column)
        if value is None or value == []:
            return ""
        if field is None:
            return str(value)  # the id
        if field.relation:
            return formula.neutral(item["titles"].get(column) or str(value))
        if field.type == "user":
            return formula.neutral(self._people.get(str(value)) or str(value))
        return self._text(field, value)

    def _text(self, field: Field, value: Any) -> str:
        """A number is no formula by its type; everything that people typed is neutralised."""
        if field.type in ("integer", "decimal", "currency", "percent"):
            return format(Decimal(str(value)), "f").replace(".", self._decimal)
        if field.type == "boolean":
            return {"es": ("No", "Sí"), "en": ("No", "Yes")}[self._language][bool(value)]
        if isinstance(value, list):
            return formula.neutral(", ".join(self._option(field, str(each)) for each in value))
        return formula.neutral(self._option(field, str(value)))

    def _option(self, field: Field, value: str) -> str:
        chosen = next((option for option in field.options if option.value == value), None)
        return chosen.label.to_json()[self._language] if chosen else value
