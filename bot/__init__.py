"""Animatic: a Discord bot that turns pictures into short films.

Entry, wiring and the few things everybody needs: __main__ (CLI), app (composition root), client (gateway connection),
web (HTTP server), config, errors, locks, log.
"""
