"""Speak APIMart's protocol, for videos and its imagine tasks."""
