"""What went wrong, told to whoever asked: what happened, what became of the credits, and what to do now."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from bot.domain.job_id import EXAMPLE_JOB_ID
from bot.errors import AnimaticError
from bot.ui.text import (
    account_errors,
    films,
    image_errors,
    job_lists,
    member_blocks,
    presets,
    provider_errors,
    removals,
    server_rules,
    showcase,
    storyboard_errors,
)
from bot.ui.text.captions import cannot_show
from bot.ui.text.format import (
    escape_for_sentence,
    format_credits,
    format_large_number,
    format_number,
    join_each_and,
    join_sentences,
    mention,
)
from bot.ui.text.never_charged import NEVER_CHARGES
from bot.ui.text.translate import _, ngettext

Data = Mapping[str, Any]


def describe_error_code(code: str, data: Data | None = None, *, returned: int = 0) -> str:
    """Say what happened, what happened to the credits, and what to do now.

    `returned` counts the credits that were given back.
    """
    what, then = _EXPLANATIONS.get(code, _EXPLANATIONS["internal"])(data or {})
    return join_sentences(what, _credits(code, returned), then)


def describe_error(error: BaseException, *, returned: int = 0) -> str:
    """Explain an exception; what is not one of ours is told as our own mistake."""
    if isinstance(error, AnimaticError):
        return describe_error_code(error.code, error.data, returned=returned)
    return describe_error_code("internal", returned=returned)


def not_charged() -> str:
    """Say that something cost nothing."""
    return _("Nothing was charged.")


def not_welcome() -> str:
    """Tell a server that is not allowed so."""
    return join_sentences(*_server_not_allowed({}))


def _credits(code: str, returned: int) -> str:
    if returned:
        return ngettext("{price} came back.", "All {price} came back.", returned).format(price=format_credits(returned))
    return "" if code in NEVER_CHARGES else not_charged()


def _cancelled(data: Data) -> tuple[str, str]:
    if data["by"] is None:
        return _("Cancelled by an admin."), ""
    return _("Cancelled by {member}.").format(member=mention(data["by"])), ""


def _prompt_too_long(data: Data) -> tuple[str, str]:
    if data.get("shot"):
        return storyboard_errors.shot_too_long(data)
    what = _("The prompt has {length} characters, and {limit} are allowed.")
    what = what.format(length=format_large_number(data["length"]), limit=format_large_number(data["limit"]))
    return what, _("Shorten it and try again.")


def _cannot_post(data: Data) -> tuple[str, str]:
    what = _("I lack {permissions} in this channel.").format(permissions=join_each_and(data["missing"]))
    return what, _("Ask an admin to allow it, or use another channel.")


def _server_not_allowed(_data: Data) -> tuple[str, str]:
    return _("I am not set up for this server."), _("Whoever runs me can add it to ALLOWED_GUILDS.")


_EXPLANATIONS: Mapping[str, Callable[[Data], tuple[str, str]]] = MappingProxyType(
    {
        "internal": lambda data: provider_errors.internal_error(),
        "empty_prompt": lambda data: (
            _("The prompt is empty."),
            _("Say in a few words what should happen in the film."),
        ),
        "nothing_to_draw": lambda data: (_("The prompt is empty."), _("Say in a few words what to draw.")),
        "prompt_too_long": _prompt_too_long,
        "bad_picture": image_errors.bad_image,
        "bad_mask": image_errors.bad_mask,
        "single_picture_needed": lambda data: (
            _("Job {job} made four pictures, and a mask belongs to one.").format(
                job=escape_for_sentence(data["job_id"])
            ),
            _("Press U1, U2, U3 or U4 below them first, and name the job that comes of it."),
        ),
        "picture_gone": lambda data: (
            _("The picture of job {job} is no longer kept here, so I cannot lay a mask over it.").format(
                job=escape_for_sentence(data["job_id"])
            ),
            _("Make it anew, and redraw that."),
        ),
        "preview_gone": lambda data: (
            _("This preview has ended: I keep a mask for a day, or until it is discarded."),
            _("Run /region with it once more."),
        ),
        "preview_used": lambda data: (
            _("You have [redrawn this already]({link}).").format(link=data["link"]),
            _("To redraw it once more, run /region again."),
        ),
        "not_your_preview": lambda data: (
            _("Only the member who asked for this preview may use it."),
            _("Run /region yourself."),
        ),
        "end_image_with_loop": lambda data: (
            _("A loop ends where it begins, so it cannot have an end image."),
            _("Choose one of them."),
        ),
        "unsupported": provider_errors.unsupported,
        "no_provider_has": provider_errors.no_provider_has,
        "start_needed": image_errors.start_needed,
        "bad_source": image_errors.bad_source,
        "no_such_picture": image_errors.no_such_image,
        "animate_alone": lambda data: (
            _("Automatic animation is only for pictures that the provider made itself."),
            _("Name one as source, or choose manual animation."),
        ),
        "no_picture_there": lambda data: (
            _("I see no picture in that message."),
            _("Choose a message with one, or use /video."),
        ),
        "sighting_gone": lambda data: (
            _("I do not remember which picture this was."),
            _("Use *Animate this image* on its message once more."),
        ),
        "no_pictures": lambda data: (
            _("No provider here makes pictures."),
            _("Attach a picture to /video, or ask an admin."),
        ),
        "not_offered": lambda data: (
            _("The picture of job {job} does not offer that.").format(job=escape_for_sentence(data["job_id"])),
            "",
        ),
        "no_such_job": lambda data: cannot_show({**data, "why": "unknown", "link": ""}),
        "no_pictures_made": lambda data: (
            _("Job {job} has no pictures to go on from.").format(job=escape_for_sentence(data["job_id"])),
            _("Name one that made some; /jobs list names yours."),
        ),
        "bad_job_id": lambda data: (
            _("“{typed}” is not the id of a job.").format(typed=escape_for_sentence(data["typed"])),
            _("An id looks like `{example}`; /jobs list names yours.").format(example=EXAMPLE_JOB_ID),
        ),
        "blend_count": lambda data: (
            _("I can blend 2 to 5 pictures, not {number}.").format(number=format_number(data["given"])),
            _("Attach as many as that."),
        ),
        "banned_words": provider_errors.banned_words,
        "too_many_strikes": account_errors.too_many_strikes,
        **server_rules.EXPLANATIONS,
        "no_provider": lambda data: (
            _("{provider} is switched off here.").format(provider=data["provider"]),
            _("Ask an admin, or start something new."),
        ),
        "no_such_provider": provider_errors.no_such_provider,
        "bad_preset": presets.bad_preset,
        "too_many_presets": presets.too_many_presets,
        "no_such_preset": presets.no_such_preset,
        "blocked": account_errors.blocked,
        "cannot_block": member_blocks.cannot_block,
        "bad_duration": member_blocks.bad_duration,
        "grant_to_blocked": account_errors.grant_to_blocked,
        "never_applies": account_errors.never_applies,
        "price_changed": account_errors.price_changed,
        "too_few_credits": account_errors.too_few,
        "server_out_of_credits": account_errors.server_too_few,
        "too_many_open": account_errors.too_many_open,
        "media_full": lambda data: (
            _("I have no room left for new pictures."),
            _("Try again later, or ask whoever runs me to make room."),
        ),
        "media_unavailable": lambda data: (
            _("I cannot get at the pictures and films that I keep just now."),
            _("Try again in a few minutes."),
        ),
        "cannot_post": _cannot_post,
        "not_in_server": lambda data: (
            _("I only work in servers, where an admin shares the credits."),
            _("Use me in a server's channel."),
        ),
        "not_installed": lambda data: (
            _("You brought me along yourself, and this server has not added me: I only work where an admin did."),
            _("Ask an admin of this server to add me."),
        ),
        "server_not_allowed": _server_not_allowed,
        "not_allowed": lambda data: (
            _("Only members with the permission {permission} may do that.").format(permission=data["permission"]),
            "",
        ),
        "no_such_clip": lambda data: (
            _("Job {job} has no clip {number} that can be extended.").format(
                number=format_number(data["clip"]), job=escape_for_sentence(data["parent"])
            ),
            _("Start a new video with /video."),
        ),
        "not_read_in_time": lambda data: (
            _("I could not look up in time what this form is about."),
            _("Press the button again in a moment."),
        ),
        "clip_gone": image_errors.clip_gone,
        "no_last_frame": image_errors.no_last_frame,
        "no_film_clip": films.no_such_clip,
        "film_of_one": films.of_one,
        "film_part_gone": films.part_gone,
        "film_not_joined": films.not_joined,
        "films_off": films.switched_off,
        "film_too_large": films.nowhere_to_be_shown,
        "film_not_posted": films.not_posted,
        "already_making": lambda data: (
            _("You have asked for this already, and it is being made."),
            _("Watch it: {link}").format(link=data["link"]),
        ),
        "not_a_member": lambda data: (
            _("That person is not a member of this server."),
            _("Choose somebody who is."),
        ),
        "not_yours": lambda data: (_("Only the member who asked for it, or a moderator, may cancel this."), ""),
        "not_yours_to_remove": removals.not_yours,
        "remove_what": removals.remove_what,
        "source_removed": removals.source_removed,
        "not_your_card": removals.not_your_card,
        "too_late_to_cancel": removals.too_late_to_cancel,
        "unknown_charge": lambda data: (
            _("{provider} never answered, so I do not know whether it was made.").format(provider=data["provider"]),
            _("If it still comes, it is yours for free."),
        ),
        "not_lost": lambda data: (
            _("Job {job} is not in doubt here.").format(job=escape_for_sentence(data["job_id"])),
            _("/admin unknown and /admin undelivered list those that are."),
        ),
        "not_adoptable": provider_errors.not_adoptable,
        "cannot_show": cannot_show,
        "no_job_in_message": lambda data: (
            _("I find no job in that message: it is gone, or not one of mine, or shows nothing that was made here."),
            _("Name a card, a result or a film of mine, or the id of a job."),
        ),
        "cannot_share": showcase.cannot_share,
        "no_search_words": job_lists.no_search_words,
        "search_too_long": job_lists.search_too_long,
        "not_your_list": job_lists.not_your_list,
        "cancelled": _cancelled,
        "server_left": lambda data: (_("I was removed from this server before it began."), _("Ask for it again.")),
        "job_failed": provider_errors.job_failed,
        "shot_count": storyboard_errors.shot_count,
        "shots_too_long": storyboard_errors.shots_too_long,
        "empty_shot": storyboard_errors.empty_shot,
        "no_shots": storyboard_errors.no_shots,
        "storyboard_gone": storyboard_errors.gone,
        "not_your_storyboard": storyboard_errors.not_yours,
        "storyboard_made": storyboard_errors.made,
        "storyboard_stopped": storyboard_errors.stopped,
    }
)
"""What happened and what to do now, by an error's code."""
