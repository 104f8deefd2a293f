"""A record's timeline as people read it: each entry with its sentence in both languages."""

from collections.abc import Mapping, Sequence
from typing import Any

from gotero.domain import catalogue, modules
from gotero.domain.bounce import classify
from gotero.domain.catalogue import Language
from gotero.domain.record import Record, Ref
from gotero.ports import Definitions, Records, Timeline, TimelineEntry

#: Where the name of a cause stands.
_NAMED = {"user": "users", "form": "forms", "workflow": "workflows"}
#: Entries that name another record.
_OF_TWO = frozenset({"linked", "unlinked"})
#: What they are called in print.
_PROVIDERS: Mapping[str, str] = {
    "ses": "Amazon SES",
    "sns": "Amazon SES",
    "sendgrid": "SendGrid",
    "postmark": "Postmark",
    "mailgun": "Mailgun",
    "brevo": "Brevo",
}
_QUOTED: Mapping[Language, str] = {"es": "«{}»", "en": "“{}”"}


def read_timeline(
    timeline: Timeline,
    definitions: Definitions,
    ref: Ref,
    limit: int,
    after: str | None,
    absorbed: Sequence[str] = (),
    records: Records | None = None,
    elsewhere: Sequence[TimelineEntry] = (),
) -> tuple[list[dict[str, Any]], str | None]:
    """Newest first: {at, kind, cause, data, text}, and where to go on.

    What happened to the records that were merged into it is among it, in its order, and what is kept `elsewhere`.
    `records`: those that the reader sees; what another record is called is told of these alone.
    """
    known = [entry for entry in elsewhere if after is None or _position(entry) < after]
    entries, following = _page(timeline, [ref, *(Ref(ref.module, id) for id in absorbed)], limit, after, known)
    names = _Names(definitions)
    others = list(dict.fromkeys(Ref.from_json(entry.data) for entry in entries if entry.kind in _OF_TWO))
    found = records.get_many(others) if records and others else {}
    return [_shown(entry, ref, names, found) for entry in entries], following


def _page(
    timeline: Timeline, refs: Sequence[Ref], limit: int, after: str | None, known: Sequence[TimelineEntry]
) -> tuple[list[TimelineEntry], str | None]:
    pages = [timeline.page(ref, limit, after) for ref in refs]
    if len(pages) == 1 and not known:
        return pages[0]
    entries = sorted([*(e for page, _ in pages for e in page), *known], key=_position, reverse=True)
    more = len(entries) > limit or any(following for _, following in pages)
    return entries[:limit], _position(entries[:limit][-1]) if more else None


def _position(entry: TimelineEntry) -> str:
    return f"{entry.at}#{entry.id}"


class _Names:
    """The names of who and what caused entries, each kind read once."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._known: dict[str, dict[str, str]] = {}

    def of(self, entry: TimelineEntry) -> str:
        kind = _NAMED.get(entry.cause.kind)
        if kind is None:
            return ""
        if kind not in self._known:
            self._known[kind] = {d.id: str(d.data.get("name", "")) for d in self._definitions.all(kind)}
        return self._known[kind].get(entry.cause.id, entry.cause.id)


def _shown(entry: TimelineEntry, ref: Ref, names: _Names, others: Mapping[Ref, Record]) -> dict[str, Any]:
    name = names.of(entry)
    cause = {**entry.cause.to_json(), **({"name": name} if name else {})}
    return {
        "at": entry.at,
        "kind": entry.kind,
        "cause": cause,
        "data": entry.data,
        "text": {language: _sentence(entry, ref, name, language, others) for language in ("es", "en")},
    }


def _sentence(entry: TimelineEntry, ref: Ref, name: str, language: Language, others: Mapping[Ref, Record]) -> str:
    by = catalogue.text("timeline", f"by_{entry.cause.kind}", language, name=name)
    values = {key: str(value) for key, value in entry.data.items()}
    if entry.kind == "changed":
        module = modules.module(ref.module)
        labels = (module.column(id) for id in entry.data)
        values["fields"] = ", ".join(str(label.label.to_json()[language]) for label in labels if label)
    if entry.kind in _OF_TWO:
        values["other"] = _called(Ref.from_json(entry.data), others, language)
    if entry.kind == "message_skipped":
        values["reason"] = catalogue.text("skips", values.get("detail", ""), language)
    if entry.kind == "message_bounced":
        values["reason"] = catalogue.text("bounces", classify(values.get("detail", "")), language)
    if entry.kind == "provider_event":
        values["event"] = catalogue.text("timeline", f"event_{values['event']}", language)
        values["provider"] = _PROVIDERS.get(values["provider"], values["provider"])
    text = catalogue.text("timeline", entry.kind, language, **{**values, "by": by})
    # Spanish joins the two: «Cambios del formulario …», wherever the sentence has «de {by}».
    return text.replace(" de el ", " del ", 1) if by.startswith("el ") else text


def _called(ref: Ref, others: Mapping[Ref, Record], language: Language) -> str:
    """The kind of record and its title, as far as it has one and may be seen."""
    module, record = modules.module(ref.module), others.get(ref)
    title = modules.title(module, record.values) if record else ""
    return " ".join(filter(None, (module.label_one.to_json()[language], title and _QUOTED[language].format(title))))
