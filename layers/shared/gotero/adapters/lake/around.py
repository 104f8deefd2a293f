"""Which datasets a condition reads beside the records that it is asked of."""

from gotero.adapters.lake.columns import ACTIVITY, LINKS, MEMBERS
from gotero.domain.condition import POSTS, Condition, links_read, relations_read, segments_read
from gotero.domain.modules import Module


def asked_around(condition: Condition, module: Module) -> list[str]:
    """Of what the records point to and are pointed to from, what they are linked with, and of who is in segments."""
    relations = (module.column(relation) for relation in relations_read(condition))
    found = [field.relation for field in relations if field and field.relation]
    links = links_read(condition)
    # Of the activity, form posts alone are asked for: what happened to messages stands on them.
    found += [ACTIVITY if link.module == POSTS else link.module for link in links]
    found += [LINKS for link in links if link.linked]
    return [*found, *([MEMBERS] if segments_read(condition) else ())]
