"""Two front doors: the admin and the public HTTP API, each at `/` of its own port, as each has its own host on AWS.

The emulator serves both under `/_aws/execute-api/{id}/$default/…` of one port. A door rewrites the path and hands the
request on inside the process. The ids are written down by the deployer, and read again when they change.
"""

from infra.local.guard import App, Receive, Scope, Send, answer
from infra.local.home import Home, read_json


class Door:
    def __init__(self, app: App, home: Home, name: str) -> None:
        self._app = app
        self._file = home.doors
        self._name = name
        self._read_at = 0.0
        self._api = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await no_lifespan(receive, send)
            return
        api = self._api_id()
        if not api:
            await answer(send, 503, {"message": "nothing is deployed yet"})
            return
        prefix = f"/_aws/execute-api/{api}/$default"
        raw = scope.get("raw_path") or scope["path"].encode()
        await self._app(
            {**scope, "path": prefix + scope["path"], "raw_path": prefix.encode() + raw.split(b"?")[0]}, receive, send
        )

    def _api_id(self) -> str:
        try:
            changed_at = self._file.stat().st_mtime
        except FileNotFoundError:
            return ""
        if changed_at != self._read_at:
            self._api, self._read_at = str(read_json(self._file).get(self._name, "")), changed_at
        return self._api


async def no_lifespan(receive: Receive, send: Send) -> None:
    """The pages start and stop with the emulator; only its own port runs the lifespan."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
