"""Speak AceData's protocol, for videos and its tasks API."""
