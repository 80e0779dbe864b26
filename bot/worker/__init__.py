"""The job runner: claim a due row, run one bounded step, write the next state."""
