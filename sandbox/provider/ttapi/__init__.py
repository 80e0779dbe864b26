"""Speak TTAPI's protocol, for videos, images and the account."""
