"""`Messages` in a dictionary, with the same refusals as on DynamoDB."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from threading import RLock

from gotero.domain.errors import ConflictError
from gotero.domain.message import Message, MessageKey
from gotero.domain.record import Ref
from gotero.ports import Json


class MemoryMessages:
    """`on_change` is its stream: it hears every write that workflows may see, after it."""

    def __init__(self, on_change: Callable[[Message, Json], None] | None = None) -> None:
        self.lock = RLock()
        self.stored: dict[MessageKey, Message] = {}
        self._of: defaultdict[Ref, dict[MessageKey, None]] = defaultdict(dict)
        self.on_change = on_change

    def get(self, key: MessageKey) -> Message | None:
        return self.stored.get(key)

    def get_many(self, keys: Sequence[MessageKey]) -> dict[MessageKey, Message]:
        return {key: self.stored[key] for key in keys if key in self.stored}

    def of(self, recipient: Ref) -> list[Message]:
        return [self.stored[key] for key in sorted(self._of[recipient], key=str)]

    def create(self, message: Message, notice: Json) -> bool:
        with self.lock:
            if message.key in self.stored:
                return False
            self.stored[message.key] = message
            self._of[message.key.recipient][message.key] = None
        self._tell(message, notice)
        return True

    def create_many(self, messages: Sequence[tuple[Message, Json]]) -> list[MessageKey]:
        return [message.key for message, notice in messages if not self.create(message, notice)]

    def save(self, message: Message, notice: Json | None) -> None:
        with self.lock:
            self.check(message)
            self.stored[message.key] = message
        self._tell(message, notice)

    def check(self, message: Message) -> None:
        """ConflictError unless `message` is the next version of what is stored."""
        stored = self.stored.get(message.key)
        if stored is None or stored.version != message.version - 1:
            raise ConflictError("the message has another version")

    def _tell(self, message: Message, notice: Json | None) -> None:
        if self.on_change and notice is not None:
            self.on_change(message, notice)
