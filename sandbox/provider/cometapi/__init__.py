"""Speak CometAPI's protocol, in the words of the /mj family."""
