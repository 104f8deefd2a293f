"""Every key of every table, so that two nouns never meet by accident.

Records      <module>#<id>              #                        the record
                                        F#<workflow>             the event by which it first matched this workflow
                                        P#<event>                a form that was posted, and when
                                        T#<execution>            a task that has been applied to it, for some days
                                        R#<module>#<field>#<id>  a record that points to it through that field
                                        R#<module>##<id>         a record that is linked with it, many to many
                                        L#<module>#<id>          the link with a record that comes after it, or its end
             U#<module>#<field>#<hash>  #                        who holds a unique value
             A#<hash>                   <module>#<id>            a record that has this e-mail address
Memberships  <module>#<id>              S#<segment>              one membership, its sources, entered and left
Timeline     <module>#<id>              <instant>#<entry id>     one thing that happened
Definitions  <kind>                     <id>                     one definition
             N#<kind>                   <name>#<value hash>      which definition holds a name
             VERSIONS                   <kind>                   how often the kind has changed
             NUMBERS                    <module>                 the next visible number
Work         COUNT#<key>                <window>                 a small counter
             DUE#<shard>                <instant>#<thing>        the due index (due_index.py)
             MARK#<name>                #                        how far something has been read
             PACE                       #                        when the line of senders is free again
             TALLY#<key>                <window>                 what came back in an hour, or of a job
Assignments  <module>#<id>              <scheduled action>#<subject or ->#<round>
             ID#<assignment id>         #                        the key behind an id
             PLAN#<plan>#<shard>        <module>#<id>#<scheduled action>#<subject or ->#<round>
Messages     <module>#<id>              <kind>:<source>#<round>  one message to that recipient
             SUPPRESSED#<first letter>  <address>                an address that gets nothing any more
             RELEASED#<first letter>    <address>                when it was last taken off that list
             ERASED#<2 of hash>         <keyed hash>             the same of somebody who was erased
Jobs         JOB#<id>                   #                        a job and its counts
                                        CHUNK#<number>           some of its recipients
                                        LOG#<note>#<part>        what a step noted (job_log.py)
             JOB#<id>#<2 of hash>       A#<hash>                 which message of the job has that address
             BRAKE                      #                        the account's brake
             JOBS                       <year-month>             a month with jobs
             JOBS#<year-month>          <instant>#<job>          a job of that month
             CAMPAIGN#<id>              <instant>#<job>          a job that sends that campaign
"""

from hashlib import sha256

from gotero.domain.assignment import Key
from gotero.domain.message import MessageKey
from gotero.domain.record import Ref

SELF = "#"


def digest(text: str) -> str:
    """A short, fixed-length stand-in for a value that may be long or personal."""
    return sha256(text.encode()).hexdigest()[:40]


def record(ref: Ref) -> str:
    return f"{ref.module}#{ref.id}"


def unique(module: str, field: str, key: str) -> str:
    return f"U#{module}#{field}#{digest(key)}"


def address(normalised: str) -> str:
    return f"A#{digest(normalised)}"


def relation(module: str, field: str, id: str) -> str:
    return f"R#{module}#{field}#{id}"


def link(other: Ref) -> str:
    return f"L#{other}"


def post(event: str) -> str:
    return f"P#{event}"


def task(execution: str) -> str:
    return f"T#{execution}"


def first_match(workflow: str) -> str:
    return f"F#{workflow}"


def membership(segment: str) -> str:
    return f"S#{segment}"


def timeline(at: str, entry: str) -> str:
    return f"{at}#{entry}"


def names(kind: str) -> str:
    return f"N#{kind}"


def name(field: str, value: str) -> str:
    return f"{field}#{digest(value.casefold())}"


def counter(key: str) -> str:
    return f"COUNT#{key}"


def rest(name: str) -> str:
    return f"REST#{name}"


def mark(name: str) -> str:
    return f"MARK#{name}"


def due_shard(shard: int) -> str:
    return f"DUE#{shard}"


def due(at: str, thing: str) -> str:
    return f"{at}#{thing}"


def assignment(key: Key) -> str:
    return f"{key.scheduled_action}#{key.subject or '-'}#{key.round}"


def assignment_id(id: str) -> str:
    return f"ID#{id}"


def plan_shard(plan: str, shard: int) -> str:
    return f"PLAN#{plan}#{shard}"


def of_plan(key: Key) -> str:
    return f"{record(key.recipient)}#{assignment(key)}"


VERSIONS = "VERSIONS"
NUMBERS = "NUMBERS"


def message(key: MessageKey) -> str:
    return f"{key.source_kind}:{key.source_id}#{key.round}"


#: What an address key begins with; everything else stands together.
_INITIALS = "0123456789abcdefghijklmnopqrstuvwxyz"


def _initial(address_key: str) -> str:
    first = address_key[:1]
    return first if first and first in _INITIALS else "!"


def suppression(address_key: str) -> tuple[str, str]:
    return f"SUPPRESSED#{_initial(address_key)}", address_key


def release(address_key: str) -> tuple[str, str]:
    return f"RELEASED#{_initial(address_key)}", address_key


def erased(keyed_hash: str) -> tuple[str, str]:
    return f"ERASED#{keyed_hash[:2]}", keyed_hash


def suppression_parts(prefix: str) -> list[str]:
    """The partitions of the suppression list in which addresses with this prefix stand, in their order."""
    return [f"SUPPRESSED#{initial}" for initial in (_initial(prefix) if prefix else f"!{_INITIALS}")]


def job(job_id: str) -> str:
    return f"JOB#{job_id}"


def chunk(number: int) -> str:
    return f"CHUNK#{number:06d}"


def job_note(name: str, part: int | None = None) -> str:
    return f"LOG#{name}#" if part is None else f"LOG#{name}#{part:03d}"


def chunk_number(sort: str) -> int:
    return int(sort.removeprefix("CHUNK#"))


def job_address(job_id: str, address_key: str) -> tuple[str, str]:
    """Spread over 256 partitions: a job of a million takes in a thousand addresses a second and more."""
    hashed = digest(address_key)
    return f"JOB#{job_id}#{hashed[:2]}", f"A#{hashed}"


def waiting_for(job_id: str, address_key: str, message_id: str = "") -> tuple[str, str]:
    """A message that waits for an address of its job, beside the one that has it; without one the prefix of all."""
    partition, sort = job_address(job_id, address_key)
    return partition, f"{sort}#{message_id}"


def tally(key: str) -> str:
    return f"TALLY#{key}"


BRAKE = "BRAKE"
JOBS = "JOBS"
PACE = "PACE"


def sends_of(campaign: str) -> str:
    return f"CAMPAIGN#{campaign}"


def jobs_of(month: str) -> str:
    return f"JOBS#{month}"
