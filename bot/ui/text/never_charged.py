"""Refusals of which no sentence says that nothing was charged."""

NEVER_CHARGES = frozenset(
    {
        "not_allowed",
        "not_a_member",
        "not_yours",
        "not_yours_to_remove",
        "remove_what",
        "not_your_card",
        "spoiler_always",
        "changed_meanwhile",
        "bad_setup",
        "too_late_to_cancel",
        "not_lost",
        "not_adoptable",
        "cannot_show",
        "no_job_in_message",
        "no_search_words",
        "search_too_long",
        "not_your_list",
        "cannot_block",
        "bad_duration",
        "grant_to_blocked",
        "never_applies",
        "bad_preset",
        "too_many_presets",
    }
)
"""What happens only where no credits are spent, so that nothing needs to be said of them."""
