"""TTAPI's wire format: what is sent, and what its answers mean."""
