"""The gateway: who is connected, and which shard hears what (docs/events/gateway)."""

from __future__ import annotations

import asyncio
import json

from aiohttp import WSMsgType, web

from sandbox.discord.gateway_session import Connection, Opcode, Session
from sandbox.discord.json_types import (
    Json,
    as_id,
    as_int,
    as_list,
    as_object,
    dumps,
)
from sandbox.discord.observable import Observable
from sandbox.discord.session_starts import Start
from sandbox.discord.world import World

MESSAGE_CONTENT = 1 << 15
PRIVILEGED = (1 << 1) | (1 << 8) | MESSAGE_CONTENT
"""Guild members, presences, message content."""

NOT_AUTHENTICATED, AUTHENTICATION_FAILED, ALREADY_AUTHENTICATED = 4003, 4004, 4005
UNKNOWN_OPCODE, DECODE_ERROR, INVALID_SHARD, INVALID_INTENTS, DISALLOWED_INTENTS = 4001, 4002, 4010, 4013, 4014
MAX_PAYLOAD = 4096

LEAVING = (1000, 1001)
"""Codes with which a client ends its session; after any other it may resume (docs/events/gateway, Disconnecting)."""

ACK_SECONDS = 0.05

_INVALID_SESSION = dumps({"op": Opcode.INVALID_SESSION, "d": False, "s": None, "t": None})


class Gateway(Observable):
    """All sessions; `identifies` and `resumes` count what clients did."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.identifies = 0
        self.resumes = 0
        self.url = ""

    @property
    def ready(self) -> bool:
        """Whether every shard of some shard count is connected."""
        live = [session for session in self.sessions.values() if session.connection]
        counts = {session.shard_count for session in live}
        return any(len({s.shard_id for s in live if s.shard_count == count}) == count for count in counts)

    def transmit(self, event: str, payload: Json, guild_id: int | None, intent: int, redacted: Json | None) -> None:
        """Give an event to each session whose shard and intents it matches."""
        text: str | None = None
        for session in self.sessions.values():
            if not session.receives(guild_id, intent):
                continue
            if redacted is not None and not session.intents & MESSAGE_CONTENT:
                session.push(event, dumps(redacted))
            else:
                text = text or dumps(payload)
                session.push(event, text)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Speak with one client until either side closes; HTTPNotFound for what opens no WebSocket."""
        socket = web.WebSocketResponse(max_msg_size=1024 * 1024, compress=False)
        if not socket.can_prepare(request):
            raise web.HTTPNotFound
        await socket.prepare(request)
        connection = Connection(socket)
        self.connections.add(connection)
        connection.send(dumps({"op": Opcode.HELLO, "d": {"heartbeat_interval": 41_250}, "s": None, "t": None}))
        try:
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    continue
                code = self._receive(connection, str(frame.data))
                if code is not None:
                    await connection.close(code)
                    break
        finally:
            self.connections.discard(connection)
            if connection.session and not connection.cut and socket.close_code in LEAVING:
                self.sessions.pop(connection.session.id, None)
            await connection.finish()
            self.changed()
        return socket

    def _receive(self, connection: Connection, text: str) -> int | None:
        """Handle one payload; return the code to close with, if any."""
        if len(text) > MAX_PAYLOAD:
            return DECODE_ERROR
        try:
            payload = as_object(json.loads(text))
        except ValueError:
            return DECODE_ERROR
        data = payload.get("d")
        match payload.get("op"):
            case Opcode.HEARTBEAT:
                # A network away: discord.py notes a beat only after it was sent, and an answer that came sooner
                # would count from the beat before and be warned of as 41 seconds late.
                answer = dumps({"op": Opcode.HEARTBEAT_ACK})
                asyncio.get_running_loop().call_later(ACK_SECONDS, connection.send, answer)
            case Opcode.IDENTIFY:
                return self._identify(connection, as_object(data))
            case Opcode.RESUME:
                return self._resume(connection, as_object(data))
            case Opcode.PRESENCE_UPDATE | Opcode.VOICE_STATE_UPDATE:
                return None if connection.session else NOT_AUTHENTICATED
            case Opcode.REQUEST_GUILD_MEMBERS:
                if connection.session is None:
                    return NOT_AUTHENTICATED
                self._send_members(connection.session, as_object(data))
            case _:
                return UNKNOWN_OPCODE
        return None

    def _identify(self, connection: Connection, data: Json) -> int | None:
        self.identifies += 1
        if connection.session:
            return ALREADY_AUTHENTICATED
        if data.get("token") != self._world.token:
            return AUTHENTICATION_FAILED
        intents = data.get("intents")
        if not isinstance(intents, int) or intents < 0:
            return INVALID_INTENTS
        if intents & PRIVILEGED & ~self._world.knobs.privileged_intents:
            return DISALLOWED_INTENTS
        shard: list[object] = as_list(data.get("shard")) or [0, 1]
        shard_id, shard_count = as_id(shard[0]), as_id(shard[-1])
        if len(shard) != 2 or shard_id is None or not shard_count or shard_id >= shard_count:
            return INVALID_SHARD
        match self._world.session_starts.begin(shard_id):
            case Start.TOO_SOON:
                self._violated(f"shard {shard_id} identified before its turn (max_concurrency)")
                connection.send(_INVALID_SESSION)
                return None
            case Start.TOO_MANY:
                self._violated(f"shard {shard_id} identified after the day's session starts were used up")
                self._revoke()
                return AUTHENTICATION_FAILED
            case Start.ALLOWED:
                pass
        session = Session(shard_id, shard_count, intents)
        self._forget_lost_sessions()
        self.sessions[session.id] = session
        session.attach(connection)
        self._send_ready(session)
        self.changed()
        return None

    def _violated(self, sentence: str) -> None:
        self._world.violations.append(f"gateway: {sentence}")

    def _revoke(self) -> None:
        """End all sessions and make the token anew, as Discord does when a day's session starts are used up."""
        self._world.reset_token()
        self.sessions.clear()
        for connection in self.connections:
            connection.end(AUTHENTICATION_FAILED)

    def _forget_lost_sessions(self) -> None:
        lost = [session for session in self.sessions.values() if session.connection is None]
        for session in lost[: max(0, len(lost) - self._world.retention.lost_sessions)]:
            del self.sessions[session.id]

    def _send_ready(self, session: Session) -> None:
        world = self._world
        guilds = [guild for guild in world.guilds.values() if guild.has_bot and session.receives(guild.id, 0)]
        ready: Json = {
            "v": 10,
            "user": {**world.bot_user.to_json(), "verified": True, "mfa_enabled": True, "email": None},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": [session.shard_id, session.shard_count],
            "application": {"id": str(world.application_id), "flags": 0},
            "private_channels": [],
            "relationships": [],
            "user_settings": {},
        }
        session.push("READY", dumps(ready))
        for guild in guilds:
            session.push("GUILD_CREATE", dumps({**guild.to_gateway_json(), "unavailable": False}))

    def _resume(self, connection: Connection, data: Json) -> int | None:
        self.resumes += 1
        if data.get("token") != self._world.token:
            return AUTHENTICATION_FAILED
        session = self.sessions.get(str(data.get("session_id")))
        seen = as_id(data.get("seq"))
        if session is None or seen is None or not session.can_replay(seen):
            connection.send(_INVALID_SESSION)
            return None
        session.attach(connection)
        session.replay(seen)
        session.push("RESUMED", dumps({"_trace": []}))
        self.changed()
        return None

    def _send_members(self, session: Session, data: Json) -> None:
        guild = self._world.guilds.get(as_id(data.get("guild_id")) or 0)
        if guild is None or not guild.has_bot:
            return
        wanted = as_list(data.get("user_ids")) or [data["user_ids"]] if data.get("user_ids") else []
        names = str(data.get("query") or "").lower()
        members = [
            member.to_json()
            for member in guild.members.values()
            if (str(member.user.id) in [str(item) for item in wanted] if wanted else member.user.name.startswith(names))
        ]
        limit = as_int(data.get("limit")) or len(members)
        chunk: Json = {"guild_id": str(guild.id), "members": members[:limit], "chunk_index": 0, "chunk_count": 1}
        session.push("GUILD_MEMBERS_CHUNK", dumps({**chunk, "not_found": [], "nonce": data.get("nonce")}))

    async def drop(self, *, resumable: bool) -> None:
        """Cut every connection; without `resumable` the sessions are forgotten too."""
        if not resumable:
            self.sessions.clear()
        for connection in list(self.connections):
            await connection.close(4000)

    def request_reconnect(self) -> None:
        """Ask every client to reconnect and resume."""
        for connection in self.connections:
            connection.send(dumps({"op": Opcode.RECONNECT, "d": None, "s": None, "t": None}))
