"""Look at what Discord lets the bot do: whether its token works, and what it lacks in the servers that it is in."""

import asyncio
from typing import Any

import aiohttp
import discord
from discord.http import Route

from bot.config import Settings
from bot.doctor.findings import CHECK_SECONDS, Finding, Verdict, ok, origin, plain, warn, wrong

TOKEN, API, SERVER, ALLOWED = "DISCORD_TOKEN", "DISCORD_API_URL", "server", "ALLOWED_GUILDS"

PERMISSIONS = {
    "View Channels": discord.Permissions(view_channel=True),
    "Send Messages": discord.Permissions(send_messages=True),
    "Send Messages in Threads": discord.Permissions(send_messages_in_threads=True),
    "Attach Files": discord.Permissions(attach_files=True),
    "Read Message History": discord.Permissions(read_message_history=True),
}
"""What the bot needs, by the names that people see."""

PAGE = 200
"""Servers that Discord lists at once; no more are looked at."""

SHOWN = 20
"""Servers that get a line of their own."""

_CURE = "Look at this machine's network, at discordstatus.com, and at DISCORD_API_URL if it is set."
_WORST_FIRST = (Verdict.WRONG, Verdict.WARN, Verdict.OK)


class Visitor(discord.Client):
    """Speak with Discord's HTTP API, and hear nothing of servers, members and messages."""

    def __init__(self, settings: Settings, **options: Any) -> None:
        super().__init__(intents=discord.Intents.none(), max_messages=None, **options)
        self._token = settings.discord_token
        Route.BASE = settings.discord_api_url.rstrip("/")

    async def enter(self) -> None:
        """Log in; raises what discord.py does, or TimeoutError."""
        async with asyncio.timeout(CHECK_SECONDS):
            await self.login(self._token.get_secret_value())


async def check_token(visitor: Visitor, api_url: str) -> Finding:
    """Log in with the token."""
    try:
        await visitor.enter()
    except discord.LoginFailure:
        return wrong(
            TOKEN, "Discord does not accept it. Make a new one under Bot in the developer portal and put it into .env."
        )
    except discord.HTTPException as error:
        said = plain(error.text) or "no reason given"
        return wrong(
            API,
            f"{origin(api_url)} does not answer like Discord's API: {error.status} {said}. Correct it, or unset it.",
        )
    except TimeoutError:
        return wrong(API, f"{origin(api_url)} gives no usable answer within {CHECK_SECONDS:.0f} seconds. {_CURE}")
    except (aiohttp.ClientError, OSError) as error:
        return wrong(API, f"{origin(api_url)} cannot be reached: {error}. {_CURE}")
    return ok(TOKEN, f"Discord accepts it; the bot is {visitor.user}, application {visitor.application_id}.")


async def check_servers(visitor: Visitor, allowed: frozenset[int]) -> list[Finding]:
    """Compare what the bot's roles allow in each server with what it needs, and the servers with ALLOWED_GUILDS."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            listed = await visitor.http.get_guilds(PAGE, with_counts=False)
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError) as error:
        return [wrong(SERVER, f"the servers could not be listed: {str(error) or 'no answer'}. Ask again in a minute.")]
    invitation = _invitation(visitor)
    if not listed:
        return [warn(SERVER, f"the bot is in none. Invite it: {invitation}")]
    findings = [_server(dict(server), allowed, invitation) for server in listed]
    findings.sort(key=lambda finding: _WORST_FIRST.index(finding.verdict))
    absent = allowed - {int(server["id"]) for server in listed}
    complete = len(listed) < PAGE
    return [
        *findings[:SHOWN],
        *_unshown(findings[SHOWN:]),
        *([] if complete else [_unseen(visitor)]),
        *([_absent(absent, invitation)] if absent and complete else []),
    ]


def _server(server: dict[str, Any], allowed: frozenset[int], invitation: str) -> Finding:
    name = f"“{plain(str(server['name']), 60)}” ({server['id']})"
    if allowed and int(server["id"]) not in allowed:
        return warn(
            SERVER, f"{name} is not in ALLOWED_GUILDS: there the bot only says so. Add its id, or let the bot leave."
        )
    has = discord.Permissions(int(server["permissions"]))
    lacking = [title for title, one in PERMISSIONS.items() if not (has.administrator or one <= has)]
    if not lacking:
        return ok(SERVER, f"{name}: the bot's roles allow all that it needs.")
    return wrong(
        SERVER,
        f"{name}: the bot lacks {', '.join(lacking)}. "
        f"Allow it to the bot's role under Server Settings, Roles, or invite the bot again: {invitation}",
    )


def _unshown(rest: list[Finding]) -> list[Finding]:
    """Say of the servers without a line of their own, the worst of them first, how many are in trouble."""
    troubled = sum(finding.verdict is not Verdict.OK for finding in rest)
    if troubled:
        words = f"and {len(rest)} more, {troubled} of them in trouble too. Cure those above first."
        return [Finding(rest[0].verdict, SERVER, words)]
    return [ok(SERVER, f"and {len(rest)} more, in which nothing is wrong.")] if rest else []


def _unseen(visitor: Visitor) -> Finding:
    about = visitor.application.approximate_guild_count if visitor.application else 0
    number = f"about {about}" if about > PAGE else "more"
    return warn(SERVER, f"only {PAGE} servers were looked at, and the bot is in {number}.")


def _absent(absent: frozenset[int], invitation: str) -> Finding:
    some = ", ".join(map(str, sorted(absent)[:5])) + (", …" if len(absent) > 5 else "")
    return warn(ALLOWED, f"names {some}, where the bot is not. Invite it, or take the id out: {invitation}")


def _invitation(visitor: Visitor) -> str:
    needed = discord.Permissions(sum(one.value for one in PERMISSIONS.values()))
    return discord.utils.oauth_url(
        visitor.application_id or 0, permissions=needed, scopes=("bot", "applications.commands")
    )
