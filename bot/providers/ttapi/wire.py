"""What TTAPI's video and picture pages have in common: states, errors, ids, and which verb a page takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.errors import ErrorKind, ProviderError
from bot.providers import json_fields
from bot.providers.http_client import ApiClient, ErrorMapping
from bot.providers.json_fields import Json
from bot.providers.midjourney import FAILURES
from bot.providers.snapshots import read_state
from bot.providers.types import RemoteState, Submitted

ERROR_MAPPING = ErrorMapping(
    statuses={403: ErrorKind.ACCOUNT_BLOCKED, 499: ErrorKind.QUEUE_FULL},
    prefixes=(
        *((bracket + words, kind) for words, kind in FAILURES for bracket in ("", "[")),
        ("[internal error", ErrorKind.UPSTREAM),
        ("[internal server error", ErrorKind.UPSTREAM),
        ("failed to process your command", ErrorKind.UPSTREAM),
        ("unknown integration", ErrorKind.UPSTREAM),
        ("unknown message", ErrorKind.UPSTREAM),
    ),
)

# ON_QUEUE is the state of a job that is being made, whatever its name says.
STATES = {
    "PENDING_QUEUE": RemoteState.WAITING,
    "ON_QUEUE": RemoteState.RUNNING,
    "SUCCESS": RemoteState.SUCCEEDED,
    "FAILED": RemoteState.FAILED,
}

# What the other verb may cure: some pages show GET with a query where others show POST with JSON.
_WRONG_VERB = frozenset({400, 404, 405, 415, 422})


@dataclass(frozen=True)
class Job:
    """Hold what a fetch said of a job; `data` is empty where the page gives a list or nothing at all."""

    state: RemoteState
    message: str
    data: Json


class TtapiWire:
    """Start and fetch jobs over one client; whoever shares it shares what was learned about verbs."""

    def __init__(self, api: ApiClient) -> None:
        self.api = api
        self._verbs: dict[str, str] = {}

    async def start(self, path: str, body: Json, callback_url: str | None) -> Submitted:
        """Start a job; its callback URL goes into `hookUrl` and nowhere else."""
        answer = await self.api.submit(path, {**body, "hookUrl": callback_url} if callback_url else body)
        remote_id = job_id(answer)
        if remote_id is not None:
            return Submitted(remote_id)
        message = json_fields.words(answer.get("message"))
        if answer.get("status") == "FAILED":
            raise ProviderError(ERROR_MAPPING.classify(message, ErrorKind.INVALID_REQUEST), "no", message, 200)
        raise ProviderError(ErrorKind.BAD_RESPONSE, "maybe", message or "accepted, but no job id", 200)

    async def fetch(self, path: str, remote_id: str, verbs: Sequence[str] = ("GET", "POST")) -> Job:
        """Fetch a job; an answer about another one, or a failure that names none, is no answer."""
        body = await self.ask(path, {"jobId": remote_id}, verbs)
        state, message, answered_ids = _state(body), json_fields.words(body.get("message")), _job_ids(body)
        if not answered_ids and state is RemoteState.FAILED:
            kind = ERROR_MAPPING.classify(message, ErrorKind.BAD_RESPONSE)
            raise ProviderError(kind, "yes", message or "a failure that names no job", 200)
        if answered_ids and remote_id not in answered_ids:
            raise ProviderError(
                ErrorKind.BAD_RESPONSE, "yes", f"asked for {remote_id}, answered about {answered_ids[0]}", 200
            )
        return Job(state, message, json_fields.section(body.get("data")) or {})

    async def ask(self, path: str, query: Mapping[str, str], verbs: Sequence[str] = ("GET", "POST")) -> Json:
        """Ask with the verb that worked before; while none has, a refusal may only mean that it is the wrong one."""
        refusals: list[ProviderError] = []
        known_verb = self._verbs.get(path)
        for verb in (known_verb,) if known_verb else verbs:
            try:
                body = await self._ask(verb, path, query)
            except ProviderError as error:
                if error.http_status not in _WRONG_VERB:
                    raise
                if error.http_status == 405:
                    self._verbs.pop(path, None)
                refusals.append(error)
            else:
                self._verbs[path] = verb
                return body
        raise next((error for error in refusals if error.kind is ErrorKind.NOT_FOUND), refusals[-1])

    async def _ask(self, verb: str, path: str, query: Mapping[str, str]) -> Json:
        if verb == "GET":
            return await self.api.ask(verb, path, params=query)
        return await self.api.ask(verb, path, body=dict(query))


def job_id(body: Json) -> str | None:
    """Find a job's id: the older pages say data.jobId, the newer ones data.job_id, tasks repeat it at the top."""
    return next(iter(_job_ids(body)), None)


def _job_ids(body: Json) -> list[str]:
    data = json_fields.section(body.get("data")) or {}
    places = (data.get("jobId"), data.get("job_id"), body.get("jobId"), body.get("job_id"))
    return list(filter(None, map(json_fields.name, places)))


def cost(quota: object) -> str | None:
    """Read what was charged, in TTAPI's quota (100 are one US dollar); nothing yet is "0"."""
    charged = json_fields.number(quota)
    return f"{charged:.10g}" if charged is not None and charged > 0 else None


def _state(body: Json) -> RemoteState:
    """Read the state; an unknown word counts as running, for our own deadline bounds it."""
    word = json_fields.text(body.get("status"), 40)
    if not word:
        raise ProviderError(ErrorKind.BAD_RESPONSE, "yes", "an answer without a status", 200)
    return read_state(word, STATES, "TTAPI")
