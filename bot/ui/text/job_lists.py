"""The sentences of lists of jobs, and about stars."""

from collections.abc import Mapping
from typing import Any

from bot.domain.job import Job, State
from bot.domain.job_lists import JobQuery, Only
from bot.ui.markdown import escape, isolated
from bot.ui.text.captions import show_again
from bot.ui.text.format import escape_for_sentence, format_large_number, format_number, mention, relative_time
from bot.ui.text.terms import kind_of, state_phrase
from bot.ui.text.translate import _


def heading(query: JobQuery) -> str:
    """Name a list."""
    if query.moderated:
        message = _("Jobs of {member} with “{words}”") if query.words else _("Jobs of {member}")
        return message.format(member=mention(query.user_id), words=isolated(escape(query.words)))
    if query.words:
        message = _("Your stars with “{words}”") if query.starred else _("Your jobs with “{words}”")
        return message.format(words=isolated(escape(query.words)))
    return _("Your stars") if query.starred else _("Your jobs")


def only_label(only: Only | None) -> str:
    """Label the button that narrows a list down, or shows everything again."""
    match only:
        case None:
            return _("Everything")
        case Only.FILMS:
            return _("Films")
        case Only.PICTURES:
            return _("Pictures")
        case Only.FAILED:
            return _("Failed")


def newer() -> str:
    """Label the button that turns a page back."""
    return _("Previous")


def older() -> str:
    """Label the button that turns a page on."""
    return _("Next")


def show() -> str:
    """Label the button that shows a job again."""
    return _("Show")


def unstar() -> str:
    """Label the button that takes a star away."""
    return _("Remove star")


def star() -> str:
    """Name the entry of a card's menu that gives it a star."""
    return _("Star")


def without_prompt(job: Job) -> str:
    """Stand for the prompt of a job that has none."""
    return _("No prompt: {kind}").format(kind=kind_of(job))


def facts(job: Job, link: str) -> str:
    """Say what a job is, how far it is, when it was asked for and where its card is."""
    message = _("{kind}, {state}, {when}: {link}, job `{job}`")
    when = relative_time(job.created_ms)
    return message.format(kind=kind_of(job), state=_state(job), when=when, link=link, job=job.id)


def hidden() -> str:
    """Stand for a starred job that its member may not see any more."""
    return _("You can no longer see where this was asked for.")


def hidden_from_moderator() -> str:
    """Stand for a job of another member that who looks at the list may not see."""
    return _("This was asked for where you may not read.")


def nothing_here(query: JobQuery) -> str:
    """Say that a list is empty, and what to do about it."""
    if query.words or query.only is not None:
        return _("Nothing fits. Look for the beginnings of fewer words, or among everything.")
    if query.moderated:
        return _("They have no jobs in this server.")
    if query.starred:
        return _("You have starred nothing in this server yet. Choose *Star* in the *More…* menu below a finished job.")
    return _("You have no jobs in this server yet. Attach a picture to **/video** to begin.")


def starred(job: Job) -> str:
    """Confirm a star."""
    return _("Job {job} has your star: **/favourites** lists it.").format(job=job.id)


def starred_before(job: Job) -> str:
    """Tell of a star that was there already."""
    return _("Job {job} had your star already: **/favourites** lists it.").format(job=job.id)


def unstarred(job_id: str) -> str:
    """Confirm that a star is gone."""
    return _("Job {job} has your star no longer.").format(job=job_id)


def not_starred(job_id: str) -> str:
    """Tell that there was no star to be taken away."""
    return _("Job {job} did not have your star.").format(job=job_id)


def no_search_words(data: Mapping[str, Any]) -> tuple[str, str]:
    """Say that what is looked for holds no word."""
    typed = escape_for_sentence(data["typed"]).strip()
    what = _("“{typed}” holds no word to look for.").format(typed=typed) if typed else _("That is no word to look for.")
    return what, _("Type the beginnings of words that the prompt has.")


def search_too_long(data: Mapping[str, Any]) -> tuple[str, str]:
    """Say that more is looked for than there is room for."""
    what = _("The words have {length} characters, and I can look for {limit}.")
    what = what.format(length=format_large_number(data["length"]), limit=format_number(data["limit"]))
    return what, _("Type fewer words.")


def not_your_list(_data: Mapping[str, Any]) -> tuple[str, str]:
    """Say whose list it is not."""
    return _("Only the member who asked for this list may turn its pages."), _("/jobs list shows yours.")


def _state(job: Job) -> str:
    """Say how far a job is, and how to get what was paid for and did not come."""
    if job.state is State.DONE and job.error_code == "undeliverable":
        return _("made, but not delivered: {command}").format(command=show_again(job.id))
    if job.state is State.DONE and job.undelivered:
        return _("made, but not all of it delivered: {command}").format(command=show_again(job.id))
    if job.state is State.FAILED and job.undelivered:
        return _("given up and refunded, though it may have been made: ask an admin for it")
    return state_phrase(job)
