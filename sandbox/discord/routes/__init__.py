"""The routes of the HTTP API that the stand-in has, by Discord's path templates."""

from sandbox.discord.routes import (
    application,
    channels,
    guilds,
    interactions,
    reactions,
    webhooks,
)

ROUTE_TABLES = (application.table, channels.table, guilds.table, interactions.table, reactions.table, webhooks.table)
