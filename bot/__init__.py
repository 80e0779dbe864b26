"""Animatic: a Discord bot that turns pictures into short films."""
