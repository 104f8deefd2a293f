"""Which rules of AutoSync a change can touch: a change costs what reads the changed fields, however many rules exist.

A rule is entered under everything that its verdict depends on, by a path: a field of the record (`city`), of one that
it points to (`account.industry`), of those that point to it (`invoices.contact:status`, `messages:opened`) or are
linked with it (`campaigns:status`), what happened to messages (`opened`, by campaign), posts of forms, and membership
of segments. Where all that a rule asks of a field is whether it equals something, it stands under those values and is
found by the old and the new one alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gotero.domain import condition as conditions
from gotero.domain.autosync import Rule
from gotero.domain.condition.activity import FORM_POSTED, ActivityLeaf
from gotero.domain.condition.families import READERS, family_of
from gotero.domain.condition.nodes import FieldLeaf, Node
from gotero.domain.condition.related import MESSAGES, RelatedLeaf
from gotero.domain.condition.view import NOTHING
from gotero.domain.message_facts import happened
from gotero.domain.modules import LINK
from gotero.domain.record import Record, Ref

Columns = Mapping[str, Any]
Facts = dict[str, list[str]]
Found = dict[str, None]


def columns_of(record: Record | None) -> Columns:
    """What conditions see of a record; of one that is not there, or in the bin, nothing."""
    return {} if record is None or record.deleted_at else conditions.columns(record)


def _ids() -> defaultdict[Any, list[str]]:
    return defaultdict(list)


class RuleIndex:
    """Which rules a change can have turned: by the fields, values, links, messages and segments that they read."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = {rule.id: rule for rule in rules}
        self._by_path = _ids()
        self._by_value: defaultdict[tuple[str, str], defaultdict[Any, list[str]]] = defaultdict(_ids)
        #: Field -> how its values are read for comparison.
        self._readers: dict[tuple[str, str], Any] = {}
        self._by_relation = _ids()
        #: What holds for a record that has nothing in it: looked at for every new record.
        self._of_nothing = _ids()
        #: (subject, link) -> all rules that look through it; those that count a record with nothing in it.
        self._by_link = _ids()
        self._by_new_related = _ids()
        #: (subject, kind, campaign or None): what happened to messages. (subject, form or None): posts.
        self._by_fact = _ids()
        self._by_post = _ids()
        self._by_segment = _ids()
        #: Module -> (module, relation field) of those whose rules look at its records.
        self._looking: defaultdict[str, dict[tuple[str, str], None]] = defaultdict(dict)
        #: Module -> (subject, field) of those that its records point to, and whose rules look at them.
        self._looked_from: defaultdict[str, dict[tuple[str, str], None]] = defaultdict(dict)
        #: Module -> the subjects whose rules look at its records where they are linked with them.
        self._linked: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._of_module = _ids()
        self._of_segment = _ids()
        self._by_time = _ids()
        for rule in self.rules.values():
            self._enter(rule)

    # -- what a change touches

    def touched(self, module: str, before: Record | None, after: Record | None) -> list[Rule]:
        """The rules whose verdict on the record itself this change of its fields can have turned."""
        old, new = columns_of(before), columns_of(after)
        if before is not None and not old and new:
            return self._rules(dict.fromkeys(self._of_module[module]))  # back from the bin, with all that it has
        found: Found = dict.fromkeys(self._of_nothing[module] if not old else ())
        for name in _changed(old, new):
            found |= self._reading(module, name, old.get(name), new.get(name))
            found |= dict.fromkeys(self._by_relation.get((module, name), ()))
        return self._rules(found)

    def looking_at(
        self, module: str, before: Record | None, after: Record | None
    ) -> Iterator[tuple[str, str, list[Rule]]]:
        """(module, relation, rules) of records that point to the changed one or are linked with it, and may turn."""
        old, new = columns_of(before), columns_of(after)
        names = _changed(old, new)
        for pointing, relation in self._looking.get(module, ()):
            found: Found = {}
            for name in names:
                found |= self._reading(pointing, f"{relation}.{name}", old.get(name), new.get(name))
            if found:
                yield pointing, relation, self._rules(found)
        for subject in self._linked.get(module, ()):
            if found := self._related(subject, module, old, new):
                yield subject, LINK, self._rules(found)

    def looked_at_from(
        self, module: str, before: Record | None, after: Record | None
    ) -> Iterator[tuple[Ref, list[Rule]]]:
        """(record, rules) that the changed record points to, or did, and that may turn with it."""
        old, new = columns_of(before), columns_of(after)
        for subject, field in self._looked_from.get(module, ()):
            key, was, now = f"{module}.{field}", old.get(field), new.get(field)
            if was == now and was:
                if found := self._related(subject, key, old, new):
                    yield Ref(subject, was), self._rules(found)
                continue
            for id, gone, come in ((was, old, {}), (now, {}, new)):
                if id and (found := self._related(subject, key, gone, come)):
                    yield Ref(subject, id), self._rules(found)

    def linked(self, subject: str, other: Record) -> list[Rule]:
        """The rules on a record that its new link with `other` can have turned: by what that one has now.

        What it had before is told by its own change, which finds the link.
        """
        return self._rules(self._related(subject, other.module, {}, columns_of(other)))

    def unlinked(self, subject: str, module: str) -> list[Rule]:
        """The same of a link that is gone: all that look through it. The other may have changed since the rules were
        decided, and that change has not found this record any more.
        """
        return self._rules(dict.fromkeys(self._by_link.get((subject, module), ())))

    def messaged(self, subject: str, before: Record | None, after: Record, known: Facts, told: Facts) -> list[Rule]:
        """The rules on a recipient that a change of one of its messages can have turned."""
        old, new = columns_of(before), columns_of(after)
        found = self._related(subject, MESSAGES, old, new)
        for kind in happened(known, told):
            for campaign in {None, after.values.get("campaign")}:
                found |= dict.fromkeys(self._by_fact.get((subject, kind, campaign), ()))
        return self._rules(found)

    def posted(self, subject: str, form: str) -> list[Rule]:
        """The rules that count posts of a form."""
        found: Found = {}
        for key in (None, form):
            found |= dict.fromkeys(self._by_post.get((subject, key), ()))
        return self._rules(found)

    def on_members(self, subject: str, segment: str) -> list[Rule]:
        """The rules that ask whether a record of `subject` is in a segment."""
        return self._rules(dict.fromkeys(self._by_segment.get((subject, segment), ())))

    def of_segment(self, segment: str, module: str) -> list[Rule]:
        """The rules of one segment on one module."""
        return [self.rules[id] for id in self._of_segment[segment] if self.rules[id].module == module]

    def by_time(self, module: str) -> list[Rule]:
        """The rules whose verdict the time alone can turn."""
        return [self.rules[id] for id in self._by_time[module]]

    def _rules(self, found: Found) -> list[Rule]:
        return [self.rules[id] for id in sorted(found)]

    def _reading(self, module: str, path: str, old: Any, new: Any) -> Found:
        key = (module, path)
        found: Found = dict.fromkeys(self._by_path.get(key, ()))
        values = self._by_value.get(key)
        if values:
            reader = self._readers[key]
            for value in _told_apart(reader(old), reader(new)):
                found |= dict.fromkeys(values.get(value, ()))
        return found

    def _related(self, subject: str, link: str, old: Columns, new: Columns) -> Found:
        """The rules that ask of a related record what has changed; where it comes or goes, those that count it bare."""
        if (subject, link) not in self._by_link:
            return {}
        found: Found = dict.fromkeys(self._by_new_related[subject, link] if not old or not new else ())
        for name in _changed(old, new):
            found |= self._reading(subject, f"{link}:{name}", old.get(name), new.get(name))
        return found

    # -- entering a rule

    def _enter(self, rule: Rule) -> None:
        module = rule.module
        own = [leaf for leaf in rule.condition.leaves() if isinstance(leaf, FieldLeaf)]
        self._enter_fields(rule, "", own)
        for leaf in own:
            if leaf.relation and leaf.module:
                self._looking[leaf.module][module, leaf.relation] = None
        for relation in conditions.relations_read(rule.condition):
            self._by_relation[module, relation].append(rule.id)
        for node in rule.condition.leaves():
            self._enter_beyond(rule, node)
        for segment in conditions.segments_read(rule.condition):
            self._by_segment[module, segment].append(rule.id)
        self._of_module[module].append(rule.id)
        self._of_segment[rule.segment].append(rule.id)
        if rule.condition.by_time:
            self._by_time[module].append(rule.id)
        if conditions.decide(rule.condition, NOTHING):
            self._of_nothing[module].append(rule.id)

    def _enter_beyond(self, rule: Rule, leaf: Node) -> None:
        """What a leaf asks of the records that point to this one, of its messages, of forms posted for it."""
        module = rule.module
        if isinstance(leaf, RelatedLeaf):
            self._enter_link(rule, leaf.link.key, leaf.inner())
            if leaf.link.linked:
                self._linked[leaf.link.module][module] = None
            elif leaf.link.field:
                self._looked_from[leaf.link.module][module, leaf.link.field] = None
            if leaf.counts_one_with_nothing():
                self._by_new_related[module, leaf.link.key].append(rule.id)
        elif isinstance(leaf, ActivityLeaf) and leaf.kind == FORM_POSTED:
            self._by_post[module, leaf.form].append(rule.id)
        elif isinstance(leaf, ActivityLeaf):
            self._by_fact[module, leaf.kind, leaf.campaign].append(rule.id)
            self._enter_link(rule, MESSAGES, leaf.inner())

    def _enter_link(self, rule: Rule, link: str, inner: Iterable[FieldLeaf]) -> None:
        self._by_link[rule.module, link].append(rule.id)
        self._enter_fields(rule, f"{link}:", inner)

    def _enter_fields(self, rule: Rule, prefix: str, leaves: Iterable[FieldLeaf]) -> None:
        by_path: dict[str, list[FieldLeaf]] = {}
        for leaf in leaves:
            by_path.setdefault(leaf.path, []).append(leaf)
        for path, asking in by_path.items():
            key, equal = (rule.module, prefix + path), [leaf.equality() for leaf in asking]
            if all(values is not None for values in equal):
                self._readers[key] = READERS[family_of(asking[0].field)]
                for value in {value for values in equal if values for value in values}:
                    self._by_value[key][value].append(rule.id)
            else:
                self._by_path[key].append(rule.id)


def _changed(old: Columns, new: Columns) -> list[str]:
    return [name for name in {**old, **new} if old.get(name) != new.get(name)]


def _told_apart(old: Any, new: Any) -> Iterable[Any]:
    """The values of which exactly one side has, or is."""
    if isinstance(old, frozenset) or isinstance(new, frozenset):
        return (old or frozenset()) ^ (new or frozenset())
    return (old, new) if old != new else ()
