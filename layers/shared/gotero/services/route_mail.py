"""Hand each mail to the provider that the settings name for its class. Once: no other one is tried when that fails."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from gotero.domain import company
from gotero.domain.handover import Handover, OutgoingMail, Postponed
from gotero.domain.transport import ID, Name, Transports
from gotero.ports import Carriers, Clock, Definitions, MailSender

#: How long a change of the settings may take to be seen by a sender.
KEEP = timedelta(seconds=30)


class RoutedMail:
    """`MailSender` that is one of several. `carriers` makes those that the settings describe."""

    def __init__(self, definitions: Definitions, clock: Clock, carriers: Carriers) -> None:
        self._definitions, self._clock, self._carriers = definitions, clock, carriers
        self._known: tuple[datetime, Transports, Mapping[Name, MailSender]] | None = None

    def send(self, mail: OutgoingMail) -> Handover:
        transports, senders = self._read()
        sender = senders.get(transports.carrier(mail.message_class))
        # Our own settings' fault, and no mail's: it waits until they are mended.
        return sender.send(mail) if sender else Postponed("denied")

    def _read(self) -> tuple[Transports, Mapping[Name, MailSender]]:
        now, known = self._clock.now(), self._known
        if known is not None and timedelta(0) <= now - known[0] < KEEP:
            return known[1], known[2]
        stored = self._definitions.get(company.KIND, ID)
        transports = Transports.from_json(stored.data if stored else {})
        # The same settings keep their senders, and these their connections.
        senders = known[2] if known is not None and known[1] == transports else self._carriers(transports)
        self._known = (now, transports, senders)
        return transports, senders
