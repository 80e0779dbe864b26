"""What stands on a storyboard's form, preview and card."""

from collections.abc import Sequence

from bot.domain.params import JobParams, Motion
from bot.domain.storyboard import LEAST_SHOTS, MOST_SHOTS, Shot
from bot.ui.text import terms
from bot.ui.text.cards import removed_words
from bot.ui.text.format import format_credits, format_number, format_size, join_facts, join_list, mention
from bot.ui.text.translate import _, ngettext


def form_title() -> str:
    """Name the form."""
    return _("Storyboard")


def lines_label() -> str:
    """Name the field for the shots."""
    return _("Shots, one line each")


def lines_note() -> str:
    """Say how many lines there may be, and what becomes of them."""
    message = _("{least} to {most} lines. Each shot goes on where the one before it ends.")
    return message.format(least=format_number(LEAST_SHOTS), most=format_number(MOST_SHOTS))


def lines_hint() -> str:
    """Show in the empty field what belongs there."""
    return _("a paper boat drifts down the gutter\nit reaches the drain and spins\nit sails out into the sea")


def refill() -> str:
    """Label the button that opens a refused form again, with the lines that were typed."""
    return _("Change the lines")


def preview_title(params: JobParams, shots: int, provider: str) -> str:
    """Say what the preview is of."""
    return _("**Storyboard**, {details}").format(details=join_list([*_details(params, shots), provider]))


def card_title(user_id: int, params: JobParams, shots: int, price: int) -> str:
    """Say what is made for whom, how, and what all of it costs; credits."""
    return _("**Storyboard** by {member}, {details}").format(
        member=mention(user_id), details=join_list([*_details(params, shots), format_credits(price)])
    )


def _details(params: JobParams, shots: int) -> list[str]:
    motion = [terms.motion_phrase(params.motion)] if params.motion else []
    return [*motion, terms.resolution_name(params.resolution), shots_phrase(shots)]


def shots_phrase(number: int) -> str:
    """Count shots."""
    return ngettext("{number} shot", "{number} shots", number).format(number=format_number(number))


def shot_line(number: int, prompt: str) -> str:
    """Say what happens in a shot, counted from 1; `prompt` is escaped."""
    return _("**{number}** {prompt}").format(number=format_number(number), prompt=prompt)


def shot_notes(shot: Shot, usual: Motion | None) -> list[str]:
    """Say what a line's flags did: a motion of its own, and what was taken out."""
    notes = [terms.motion_phrase(shot.motion)] if shot.motion not in (None, usual) else []
    if shot.removed:
        notes.append(_("taken out: {words}").format(words=removed_words(shot.removed)))
    return notes


def offer(shots: int, price: int, left: int) -> str:
    """Say what comes of it and what it takes, before anything is spent; `price` and `left` are credits."""
    message = ngettext(
        "{number} shot is made and joined into one film. Nothing is charged yet: that takes {price}, and you have "
        "{left} left.",
        "{number} shots are made one after the other and joined into one film. Nothing is charged yet: that takes "
        "{price}, and you have {left} left.",
        shots,
    )
    return message.format(number=format_number(shots), price=format_credits(price), left=format_number(left))


def make(price: int | None = None) -> str:
    """Label the button that has a storyboard made, with what it costs in credits where that is known."""
    return _("Make it") if price is None else _("Make it, {price}").format(price=format_credits(price))


def stop() -> str:
    """Label the button that takes the waiting shots back."""
    return _("Cancel what waits")


def go_on(shot: int, price: int | None = None) -> str:
    """Label the button that takes a storyboard up again from a shot on, counted from 1, with what that costs."""
    if price is None:
        return _("Go on from shot {number}").format(number=format_number(shot))
    return _("Go on from shot {number}, {price}").format(number=format_number(shot), price=format_credits(price))


def waits_for(shot: int) -> str:
    """Say that a shot waits for the one before it, counted from 1."""
    return _("waits for shot {number}").format(number=format_number(shot))


def made(job_id: str) -> str:
    """Say that a shot is made, and as which job."""
    return _("made, job `{job}`").format(job=job_id)


def shot_alt(number: int) -> str:
    """Describe a shot's clip to those who cannot see it; counted from 1."""
    return _("shot {number}").format(number=format_number(number))


def film_alt() -> str:
    """Describe the joined film to those who cannot see it."""
    return _("the joined film")


def film(parts: int, seconds: float) -> str:
    """Name the joined film by its shots and its length."""
    message = ngettext("**Film of {number} shot, {seconds} s**", "**Film of {number} shots, {seconds} s**", parts)
    return message.format(number=format_number(parts), seconds=format_number(round(seconds)))


def film_nowhere(size: int) -> str:
    """Say that the joined film cannot be shown, and that its shots are; bytes."""
    message = _("The joined film is {size}, too large for this chat; its shots are all here.")
    return message.format(size=format_size(size))


def no_film(job_id: str) -> str:
    """Say that the shots could not be joined, and how it is tried again, up to a job's clip."""
    return _("I could not join the shots into one film; `/film job:{job}` tries again.").format(job=job_id)


def more_notes() -> str:
    """Say that there is more to tell of clips than the card has room for."""
    return _("More clips are not shown here, and there is no room to say of each where it is. They are kept.")


def origin(provider: str, job_id: str, *, made: bool) -> str:
    """Say who makes it, or made it; the job's id stays last in every language: a card is known by it."""
    maker = _("made by {provider}") if made else _("for {provider}")
    return join_facts([maker.format(provider=provider), _("job {job}").format(job=job_id)])


def cancelled(shots: int, price: int) -> str:
    """Confirm that shots were taken back, and what came back for them."""
    message = ngettext(
        "Cancelled {number} shot; {price} came back.", "Cancelled {number} shots; {price} came back.", shots
    )
    return message.format(number=format_number(shots), price=format_credits(price))


def discarded() -> str:
    """Confirm that a preview was thrown away."""
    return _("Discarded. Nothing was charged.")


def join_notes(notes: Sequence[str]) -> str:
    """Put small remarks behind one another."""
    return join_facts(notes)
