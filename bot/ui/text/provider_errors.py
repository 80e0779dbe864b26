"""What a provider refused, or cannot do: the sentences name it by its title."""

from collections.abc import Mapping
from typing import Any

from bot.errors import ErrorKind
from bot.ui.text.format import escape_for_sentence, join_and, join_each_or, join_list
from bot.ui.text.options import option_name
from bot.ui.text.translate import _

MOST_NAMED = 5
"""How many forbidden words are named."""

Data = Mapping[str, Any]


def internal_error() -> tuple[str, str]:
    """Own up to a mistake of ours."""
    return _("Something went wrong on my side."), _("Please try again, and tell an admin if it happens again.")


def unsupported(data: Data) -> tuple[str, str]:
    """Say what a provider lacks, and who has it."""
    what = _("{provider} has no {option}.").format(provider=data["provider"], option=option_name(data["option"]))
    others = join_each_or(data.get("offered_by") or ())
    if not others:
        return what, _("Leave that option out.")
    message = (
        _("{providers} would have it, but an extend stays with its video's provider.")
        if data.get("stays")
        else _("Choose {providers} as provider, or leave it out.")
    )
    return what, message.format(providers=others)


def no_provider_has(data: Data) -> tuple[str, str]:
    """Say what no provider has, alone or all at once."""
    options = [option_name(option) for option in data["options"]]
    if len(options) == 1:
        what = _("No provider here has {option}.").format(option=options[0])
        return what, _("Leave that option out; /providers shows what each can do.")
    what = _("No provider here has {options} together.").format(options=join_and(options))
    return what, _("Leave one of them out; /providers shows what each can do.")


def no_such_provider(data: Data) -> tuple[str, str]:
    """Name the providers that there are."""
    what = _("I know no provider “{typed}”.").format(typed=escape_for_sentence(data["typed"], 40))
    return what, _("Choose {providers}, or leave it out.").format(providers=join_each_or(data["offered"]))


def banned_words(data: Data) -> tuple[str, str]:
    """Name the words that a provider forbids, where it says which; the first few, for a card has little room."""
    words = join_list(_("“{word}”").format(word=escape_for_sentence(word)) for word in data["words"][:MOST_NAMED])
    message = (
        _("{provider} forbids words of the prompt: {words}.") if words else _("{provider} forbids words of the prompt.")
    )
    return message.format(provider=data["provider"], words=words), _("Say it in other words.")


def not_adoptable(data: Data) -> tuple[str, str]:
    """Say that a provider does not know the id that an admin named."""
    provider = data["provider"]
    if not data["asked"]:
        return _("{provider} could not be asked just now.").format(provider=provider), _("Try again in a while.")
    what = _("{provider} does not know {id} as this job.")
    what = what.format(provider=provider, id=escape_for_sentence(data["remote_id"], 128))
    return what, _("Compare the id with the provider's own list of jobs.")


def job_failed(data: Data) -> tuple[str, str]:
    """Say why a job ended after it was accepted."""
    what, then = _reason(str(data["reason"]))
    return what.format(provider=data["provider"]), then


def _reason(reason: str) -> tuple[str, str]:  # one way out a reason
    match reason:
        case ErrorKind.INVALID_REQUEST:
            return _("{provider} did not accept the request."), _("Change the prompt or the picture and try again.")
        case ErrorKind.AUTH:
            return _("{provider} does not accept our key."), _("Please tell an admin.")
        case "no_key":
            what = _("{provider} was switched off here for a day, so I could not ask what became of it.")
            return what, _("An admin may still find it: /admin undelivered lists it.")
        case ErrorKind.FORBIDDEN:
            what = _("{provider} turned the request away and did not say why in words that I know.")
            return what, _("Change the prompt or the picture and try again.")
        case ErrorKind.INSUFFICIENT_BALANCE:
            return _("Our account at {provider} is empty."), _("Please tell an admin.")
        case ErrorKind.ACCOUNT_BLOCKED:
            return _("Our account at {provider} is blocked."), _("Please tell an admin.")
        case ErrorKind.MODERATED_PROMPT:
            return _("{provider} refused the prompt because of its words."), _("Say it in other words.")
        case ErrorKind.MODERATED_IMAGE:
            return _("{provider} refused the picture because of what it shows."), _("Use another picture.")
        case ErrorKind.BAD_IMAGE_LINK:
            return _("{provider} could not open the picture."), _("Attach it again.")
        case ErrorKind.NOT_FOUND:
            return _("{provider} does not know the job any more."), _("Start it again.")
        case "no_such_source":
            what = _("{provider} does not know the picture that was named as source.")
            return what, _("Compare its id and number, or attach the picture.")
        case ErrorKind.RATE_LIMITED | ErrorKind.QUEUE_FULL:
            return _("{provider} is busy and turned it away for too long."), _("Try again in a while.")
        case ErrorKind.UNREACHABLE:
            return _("{provider} could not be reached for too long."), _("Try again in a while.")
        case ErrorKind.OUTCOME_UNKNOWN:
            return _("{provider} gave no clear answer."), _("Try again in a while.")
        case ErrorKind.UPSTREAM:
            return _("{provider} failed while making it."), _("Try again in a while.")
        case ErrorKind.BAD_RESPONSE:
            return _("{provider} gave an answer that makes no sense."), _("Try again in a while.")
        case ErrorKind.JOB_TIMEOUT:
            return _("{provider} did not finish in time."), _("Try again in a while.")
        case ErrorKind.RESULT_MISSING:
            return _("{provider} says it is done but gave nothing to show."), _("Try again in a while.")
        case _:
            return internal_error()
