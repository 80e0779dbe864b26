"""The mouth and ears: parse what Discord says, and answer; nothing else."""
