"""Figures, not tests: what the bot must keep up, measured on real processes over real sockets, next to a floor."""
