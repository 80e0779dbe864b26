"""What the page refuses, as one sentence for the person."""


class Refused(Exception):
    """Say in one plain sentence why nothing was done."""
