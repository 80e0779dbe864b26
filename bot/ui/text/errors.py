"""Every sentence that a person is shown; `explain` turns what went wrong into one."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.errors import AnimaticError
from bot.ui.text.captions import cannot_show
from bot.ui.text.format import escape_for_sentence, pluralize, renews

Data = Mapping[str, Any]

NOT_CHARGED = "Nothing was charged."

_NEVER_CHARGES = frozenset(
    {"not_allowed", "not_a_member", "not_yours", "too_late_to_cancel", "not_lost", "not_adoptable", "cannot_show"}
)
"""What happens only where no credits are spent, so that nothing needs to be said of them."""


def describe_error_code(code: str, data: Data | None = None, *, returned: int = 0) -> str:
    """Say what happened, what happened to the credits, and what to do now.

    `returned` counts the credits that were given back.
    """
    what, then = _SENTENCES.get(code, _SENTENCES["internal"])(data or {})
    credits = "" if code in _NEVER_CHARGES else NOT_CHARGED
    if returned:
        credits = f"All {pluralize(returned, 'credit')} came back."
    return " ".join(part for part in (what, credits, then) if part)


def describe_error(error: BaseException, *, returned: int = 0) -> str:
    """Explain an exception; what is not one of ours is told as our own mistake."""
    if isinstance(error, AnimaticError):
        return describe_error_code(error.code, error.data, returned=returned)
    return describe_error_code("internal", returned=returned)


Sentence = Callable[[Data], tuple[str, str]]
"""Give what happened, and what to do now."""


def _picture(data: Data) -> tuple[str, str]:
    name = {"start": "image", "end": "end image", "link": "linked file"}.get(data["role"], data["role"])
    limit = data.get("limit") or 0
    match data["problem"]:
        case "not_a_picture":
            return f"The {name} is not a picture that I can read.", "Attach a PNG, JPEG, WebP or GIF."
        case "broken":
            return f"The {name} is broken or incomplete.", "Save it again and attach the new file."
        case "too_large":
            return f"The {name} is larger than {limit // 2**20} MiB.", "Attach a smaller file."
        case "too_many_pixels":
            then = "Scale it down and attach it again."
            if data["role"] == "mask":
                then = "Paint it over the saved picture, and save it as PNG in that size."
            return f"The {name} has more than {limit // 10**6} million pixels.", then
        case "forbidden_address":
            return f"The {name} lies at an address that I do not open.", "Attach it as a file."
        case "unreachable" | "gone" if data["role"] == "link":
            return "The link leads to nothing that I can fetch.", "Check it, or attach the picture as a file."
        case "unreachable":
            return f"The {name} could not be fetched from Discord.", "Try again in a while."
        case _:
            return f"Discord no longer has the {name}.", "Run the command again with the picture attached."


def _mask(data: Data) -> tuple[str, str]:
    match data["problem"]:
        case "wrong_size":
            given, wanted = (f"{data[f'{of}width']} × {data[f'{of}height']}" for of in ("given_", ""))
            what = f"The mask has {given} pixels, and the picture {wanted}."
            return what, "Paint the mask over the saved picture, and keep its size."
        case "grey":
            what = "The mask has greys or colours, and only pure black and white are clear."
            return what, "Paint it with a hard brush, and save it as PNG: a JPEG blurs its edges."
        case _:
            return "The mask has no white, so nothing would be redrawn.", "Paint white what is to be redrawn."


def _unsupported(data: Data) -> tuple[str, str]:
    others = data.get("offered_by") or ()
    if data.get("stays") and others:
        then = f"{' or '.join(others)} would have it, but an extend stays with its video's provider."
        return f"{data['provider']} has no {data['option']}.", then
    then = f"Choose {' or '.join(others)} as provider, or leave it out." if others else "Leave that option out."
    return f"{data['provider']} has no {data['option']}.", then


def _no_provider_has(data: Data) -> tuple[str, str]:
    options = list(data["options"])
    asked = " and ".join([", ".join(options[:-1]), options[-1]] if len(options) > 1 else options)
    if len(options) == 1:
        return f"No provider here has {asked}.", "Leave that option out; /providers shows what each can do."
    return f"No provider here has {asked} together.", "Leave one of them out; /providers shows what each can do."


def _bad_source(data: Data) -> tuple[str, str]:
    what = f"“{escape_for_sentence(data['typed'])}” names no picture."
    return what, "Name a job as its card does, with #end for its last picture, or a provider's picture as id#2."


def _no_such_picture(data: Data) -> tuple[str, str]:
    which = "end picture" if data["position"] == "end" else "picture"
    return (
        f"Job {escape_for_sentence(data['job_id'])} has no {which} here that you may use.",
        "Attach the picture instead.",
    )


def _banned_words(data: Data) -> tuple[str, str]:
    words = ", ".join(f"“{escape_for_sentence(word)}”" for word in data["words"])
    what = f"{data['provider']} forbids words of the prompt" + (f": {words}." if words else ".")
    return what, "Say it in other words."


def _start_needed(data: Data) -> tuple[str, str]:
    if data["other"] == "link":
        what = "I can describe an image or a link, not both." if data["both"] else "There is no picture to describe."
        return what, "Leave one of them out." if data["both"] else "Attach one as image, or name its link."
    if data["both"]:
        return "I can start from an image or from a source, not from both.", "Leave one of them out."
    return "There is no picture to start from.", "Attach one as image, or name one as source."


def _too_few(data: Data) -> tuple[str, str]:
    what = f"This takes {pluralize(data['needed'], 'credit')}, and you have {data['left']} left."
    return what, renews(data["renews_ms"])


def _server_too_few(data: Data) -> tuple[str, str]:
    what = f"This takes {pluralize(data['needed'], 'credit')}, and the whole server has {data['left']} left."
    return what, renews(data["renews_ms"])


def _cannot_post(data: Data) -> tuple[str, str]:
    missing = " and ".join(data["missing"])
    return f"I lack {missing} in this channel.", "Ask an admin to allow it, or use another channel."


def _not_adoptable(data: Data) -> tuple[str, str]:
    if not data["asked"]:
        return f"{data['provider']} could not be asked just now.", "Try again in a while."
    what = f"{data['provider']} does not know {escape_for_sentence(data['remote_id'], 128)} as this job."
    return what, "Compare the id with the provider's own list of jobs."


def _job_failed(data: Data) -> tuple[str, str]:
    what, then = REASONS.get(data["reason"], REASONS["internal"])
    return what.format(provider=data["provider"]), then


def _fixed(what: str, then: str = "") -> Sentence:
    return lambda _: (what, then)


_SENTENCES: Mapping[str, Sentence] = {
    "internal": _fixed("Something went wrong on my side.", "Please try again, and tell an admin if it happens again."),
    "empty_prompt": _fixed("The prompt is empty.", "Say in a few words what should happen in the film."),
    "prompt_too_long": lambda data: (
        f"The prompt has {data['length']:,} characters, and {data['limit']:,} are allowed.",
        "Shorten it and try again.",
    ),
    "bad_picture": _picture,
    "bad_mask": _mask,
    "single_picture_needed": lambda data: (
        f"Job {escape_for_sentence(data['job_id'])} made four pictures, and a mask belongs to one.",
        "Press U1, U2, U3 or U4 below them first, and name the job that comes of it.",
    ),
    "picture_gone": lambda data: (
        f"The picture of job {escape_for_sentence(data['job_id'])} is no longer kept here, "
        "so I cannot lay a mask over it.",
        "Make it anew, and redraw that.",
    ),
    "preview_gone": _fixed(
        "This preview has ended: I keep a mask for a day, or until it is discarded.", "Run /region with it once more."
    ),
    "preview_used": lambda data: (
        f"You have redrawn this already: {data['link']}",
        "To redraw it once more, run /region again.",
    ),
    "not_your_preview": _fixed("Only the member who asked for this preview may use it.", "Run /region yourself."),
    "end_image_with_loop": _fixed(
        "A loop ends where it begins, so it cannot have an end image.", "Choose one of them."
    ),
    "unsupported": _unsupported,
    "no_provider_has": _no_provider_has,
    "start_needed": _start_needed,
    "bad_source": _bad_source,
    "no_such_picture": _no_such_picture,
    "animate_alone": _fixed(
        "Automatic animation is only for pictures that the provider made itself.",
        "Name one as source, or choose manual animation.",
    ),
    "no_picture_there": _fixed("I see no picture in that message.", "Choose a message with one, or use /video."),
    "sighting_gone": _fixed(
        "I do not remember which picture this was.", "Use *Animate this image* on its message once more."
    ),
    "no_pictures": _fixed("No provider here makes pictures.", "Attach a picture to /video, or ask an admin."),
    "not_offered": lambda data: (f"The picture of job {escape_for_sentence(data['job_id'])} does not offer that.", ""),
    "blend_count": lambda data: (
        f"I can blend 2 to 5 pictures, not {data['given']}.",
        "Attach as many as that.",
    ),
    "banned_words": _banned_words,
    "too_many_strikes": lambda data: (
        f"Prompts of yours were refused for their words {pluralize(data['strikes'], 'time')} today.",
        f"Try again <t:{data['renews_ms'] // 1000}:R>.",
    ),
    "no_provider": lambda data: (f"{data['provider']} is switched off here.", "Ask an admin, or start something new."),
    "no_such_provider": lambda data: (
        f"I know no provider “{escape_for_sentence(data['typed'], 40)}”.",
        f"Choose {' or '.join(data['offered'])}, or leave it out.",
    ),
    "too_few_credits": _too_few,
    "server_out_of_credits": _server_too_few,
    "cannot_post": _cannot_post,
    "not_in_server": _fixed(
        "I only work in servers, where an admin shares the credits.", "Use me in a server's channel."
    ),
    "server_not_allowed": _fixed("I am not set up for this server.", "Whoever runs me can add it to ALLOWED_GUILDS."),
    "not_allowed": lambda data: (f"Only members with the permission {data['permission']} may do that.", ""),
    "no_such_clip": lambda data: (
        f"Clip {data['clip']} of job {escape_for_sentence(data['parent'])} cannot be extended any more.",
        "Start a new video with /video.",
    ),
    "already_making": lambda data: (
        "You have asked for this already, and it is being made.",
        f"Watch it: {data['link']}",
    ),
    "not_a_member": _fixed("That person is not a member of this server.", "Choose somebody who is."),
    "not_yours": _fixed("Only the member who asked for it, or a moderator, may cancel this."),
    "too_late_to_cancel": lambda data: (
        ("It has ended already.", "")
        if data.get("ended")
        else ("It is being made already, so it can no longer be cancelled.", "It will appear here.")
    ),
    "unknown_charge": lambda data: (
        f"{data['provider']} never answered, so I do not know whether it was made.",
        "If it still comes, it is yours for free.",
    ),
    "not_lost": lambda data: (f"Job {data['job_id']} is not in doubt here; /admin unknown lists those that are.", ""),
    "not_adoptable": _not_adoptable,
    "cannot_show": cannot_show,
    "cancelled": lambda data: (f"Cancelled by <@{data['by']}>.", ""),
    "job_failed": _job_failed,
}


def not_welcome() -> str:
    """Tell a server that is not allowed so."""
    return " ".join(_SENTENCES["server_not_allowed"]({}))


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
