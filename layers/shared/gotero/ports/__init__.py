"""What the services ask of the outside world; adapters/ answers, in AWS and in memory."""

from gotero.ports.doctor import MailProvider, NameTexts, WebPages
from gotero.ports.files import Files
from gotero.ports.lake import Count, Lake, LakeRow, Lists, Page, Sizes
from gotero.ports.mail_content import Renderer
from gotero.ports.people import IdentityProvider, PhoneNumbers, Signer
from gotero.ports.rebuild import LakeRebuild, Moved, Posted, Truth
from gotero.ports.records import Definition, Definitions, IndexKeys, Numbers, Post, Records, Timeline, TimelineEntry
from gotero.ports.segments import MAX_SETTLED, Membership, Memberships, Source, Standing
from gotero.ports.sending import (
    Alarms,
    Brakes,
    Carriers,
    JobLog,
    Jobs,
    Letters,
    MailClients,
    MailSender,
    MessageReader,
    Messages,
    Pace,
    ProviderSuppressions,
    RemainingTime,
    StateMachine,
    Suppressions,
    Tallies,
)
from gotero.ports.webhooks import HookProvider, Secrets
from gotero.ports.work import Assignments, Counters, Due, DueIndex, Marks, Queue, Rests
from gotero.ports.world import Clock, Ids, Json

__all__ = [
    "MAX_SETTLED",
    "Alarms",
    "Assignments",
    "Brakes",
    "Carriers",
    "Clock",
    "Count",
    "Counters",
    "Definition",
    "Definitions",
    "Due",
    "DueIndex",
    "Files",
    "HookProvider",
    "IdentityProvider",
    "Ids",
    "IndexKeys",
    "JobLog",
    "Jobs",
    "Json",
    "Lake",
    "LakeRebuild",
    "LakeRow",
    "Letters",
    "Lists",
    "MailClients",
    "MailProvider",
    "MailSender",
    "Marks",
    "Membership",
    "Memberships",
    "MessageReader",
    "Messages",
    "Moved",
    "NameTexts",
    "Numbers",
    "Pace",
    "Page",
    "PhoneNumbers",
    "Post",
    "Posted",
    "ProviderSuppressions",
    "Queue",
    "Records",
    "RemainingTime",
    "Renderer",
    "Rests",
    "Secrets",
    "Signer",
    "Sizes",
    "Source",
    "Standing",
    "StateMachine",
    "Suppressions",
    "Tallies",
    "Timeline",
    "TimelineEntry",
    "Truth",
    "WebPages",
]
