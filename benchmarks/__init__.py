"""Figures, not tests: each is a ratio against a bare program in the same interleaved run."""
