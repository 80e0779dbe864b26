"""Use cases: one module per thing that a member or an admin can ask for; no Discord, no HTTP, no SQL."""
