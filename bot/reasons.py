"""Why jobs failed after they were accepted: what happened, and what to do now, by the reason in their rows."""

from collections.abc import Mapping

_TRY_AGAIN = "Try again in a while."
_TELL_ADMIN = "Please tell an admin."

REASONS: Mapping[str, tuple[str, str]] = {
    "invalid_request": ("{provider} did not accept the request.", "Change the prompt or the picture and try again."),
    "auth": ("{provider} does not accept our key.", _TELL_ADMIN),
    "insufficient_balance": ("Our account at {provider} is empty.", _TELL_ADMIN),
    "account_blocked": ("Our account at {provider} is blocked.", _TELL_ADMIN),
    "moderated_prompt": ("{provider} refused the prompt because of its words.", "Say it in other words."),
    "moderated_image": ("{provider} refused the picture because of what it shows.", "Use another picture."),
    "bad_image_link": ("{provider} could not open the picture.", "Attach it again."),
    "not_found": ("{provider} does not know the job any more.", "Start it again."),
    "no_such_source": (
        "{provider} does not know the picture that was named as source.",
        "Compare its id and number, or attach the picture.",
    ),
    "rate_limited": ("{provider} is busy and turned it away for too long.", _TRY_AGAIN),
    "queue_full": ("{provider} is busy and turned it away for too long.", _TRY_AGAIN),
    "unreachable": ("{provider} could not be reached for too long.", _TRY_AGAIN),
    "outcome_unknown": ("{provider} gave no clear answer.", _TRY_AGAIN),
    "upstream": ("{provider} failed while making it.", _TRY_AGAIN),
    "bad_response": ("{provider} gave an answer that makes no sense.", _TRY_AGAIN),
    "job_timeout": ("{provider} did not finish in time.", _TRY_AGAIN),
    "result_missing": ("{provider} says it is done but gave nothing to show.", _TRY_AGAIN),
    "internal": ("Something went wrong on my side.", "Please try again, and tell an admin if it happens again."),
}
"""`{provider}` stands for the provider's title."""
