"""A local Discord: the HTTP API v10, the gateway and the CDN on one loopback port, and people who use them.

    async with Discord() as discord:
        guild = discord.guild("Paper Boats")
        mira = discord.user("mira")
        guild.join(mira)
        clips = guild.text_channel("clips")
        ...  # start a bot with discord.token against discord.api_url and discord.gateway_url
        await discord.ready()
        await discord.commands_registered()
        used = await mira.slash(clips, "video", prompt="a boat", image=discord.attachment("boat.png", data))
        card = await used.until(lambda message: message.buttons)
        await mira.click(card, card.buttons[0])

From the ground up; a file imports only from its own line and from those above it, never in a circle:

    formats   json_types errors emoji permissions components modals modal_rules known_deviations
    shared    observable retention fault_injection session_starts request_log accounts files world_context
    model     guild_members mentions interaction_metadata component_rendering message_view reactions
              messages channels guilds interactions commands
    changes   attachments message_writes interaction_log observers world_state
              reaction_writes
    people    option_input modal_input user_messages user_reactions client users world
    server    gateway_session gateway routing request_body rate_limits openapi command_rules
              routes api cdn server

It refuses what Discord refuses and notes it in `discord.violations`; `discord.knobs` and `discord.faults` make it
misbehave; `discord.advance(seconds)` lets time pass; `discord.retention` says how much it remembers. Facts are from
Discord's documentation (github.com/discord/discord-api-docs) and from its API description, which is kept beside this
file.
"""

from sandbox.discord.accounts import Account
from sandbox.discord.channels import (
    AnyChannel,
    DirectChannel,
    TextChannel,
    Thread,
)
from sandbox.discord.errors import NotOffered
from sandbox.discord.fault_injection import Fault, Faults, Knobs
from sandbox.discord.files import StoredFile
from sandbox.discord.guild_members import Member, Role
from sandbox.discord.guilds import Guild
from sandbox.discord.interactions import DID_NOT_RESPOND, Interaction
from sandbox.discord.mentions import Pinged
from sandbox.discord.message_view import Button, Media
from sandbox.discord.messages import Channel, Message
from sandbox.discord.modals import Choice, Field, Modal
from sandbox.discord.permissions import EVERYONE, Permission
from sandbox.discord.request_log import Recorded
from sandbox.discord.retention import Retention
from sandbox.discord.server import Discord
from sandbox.discord.users import User

__all__ = [
    "DID_NOT_RESPOND",
    "EVERYONE",
    "Account",
    "AnyChannel",
    "Button",
    "Channel",
    "Choice",
    "DirectChannel",
    "Discord",
    "Fault",
    "Faults",
    "Field",
    "Guild",
    "Interaction",
    "Knobs",
    "Media",
    "Member",
    "Message",
    "Modal",
    "NotOffered",
    "Permission",
    "Pinged",
    "Recorded",
    "Retention",
    "Role",
    "StoredFile",
    "TextChannel",
    "Thread",
    "User",
]
