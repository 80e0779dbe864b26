"""What /settings answers, and what a card says of options that were chosen beforehand."""

from bot.domain.job import Job
from bot.domain.member_settings import MemberSettings
from bot.domain.params import Preferences
from bot.domain.pings import Notify
from bot.domain.server_settings import ServerSettings
from bot.providers.registry import title_of
from bot.ui.text import terms
from bot.ui.text.format import format_number, join_list
from bot.ui.text.translate import _, pgettext

NOTHING_DECIDED = ServerSettings()


def settings(chosen: MemberSettings, server: ServerSettings = NOTHING_DECIDED, *, changed: bool) -> str:
    """Show a member's settings, one a line, and what their server has where they chose nothing, or may not choose.

    A change is confirmed by what they are now.
    """
    heading = (
        _("**Saved.** These are your settings in this server, used where you leave an option out:")
        if changed
        else _("**Your settings in this server**, used where you leave an option out:")
    )
    return "\n".join([heading, *(f"- {line}" for line in _lines(chosen, server))])


def _lines(chosen: MemberSettings, server: ServerSettings) -> list[str]:
    own, decided = chosen.options, server.defaults
    usual = _("as usual")
    motion = _chosen(own.motion and terms.motion_word(own.motion), decided.motion and terms.motion_word(decided.motion))
    resolution = _chosen(
        own.resolution and terms.resolution_name(own.resolution),
        decided.resolution and terms.resolution_name(decided.resolution),
    )
    clips = _chosen(own.clips and format_number(own.clips), decided.clips and format_number(decided.clips))
    speed = _chosen(own.speed and terms.speed_word(own.speed), decided.speed and terms.speed_word(decided.speed))
    return [
        _("Motion: {motion}").format(motion=motion),
        _("Resolution: {resolution}").format(resolution=resolution),
        _("Clips: {number}").format(number=clips),
        _("Speed: {speed}").format(speed=speed),
        _("Provider: {provider}").format(provider=title_of(own.provider) if own.provider else usual),
        _("Prompts of pictures: {choice}").format(choice=_translation(own.translate, decided.translate)),
        _("When it is ready: {way}").format(way=_notify(chosen.notify)),
        _("Spoiler: {choice}").format(choice=_spoiler(hides=chosen.spoiler, server_hides=server.spoiler)),
    ]


def _chosen(own: str | int | None, decided: str | int | None) -> str:
    """Say what counts for an option: a member's own choice before their server's."""
    if own:
        return str(own)
    return _("{choice}, as this server has it").format(choice=decided) if decided else _("as usual")


def _translation(own: bool | None, decided: bool | None) -> str:
    if own is None and decided is None:
        return _("translated into English, unless your Discord is in English")
    own_choice, server_choice = (
        None if one is None else terms.translation_phrase(translated=one) for one in (own, decided)
    )
    return _chosen(own_choice, server_choice)


def _spoiler(*, hides: bool, server_hides: bool) -> str:
    if server_hides:
        return _("pictures and films are hidden, as this server has it")
    return _("pictures and films are hidden") if hides else _("nothing is hidden")


def _notify(notify: Notify) -> str:
    match notify:
        case Notify.REPLY:
            return _("a reply to the card mentions you")
        case Notify.DIRECT:
            return _("you get a direct message")
        case Notify.NONE:
            return _("you are not told")


def options(chosen: Preferences) -> list[str]:
    """Name what was chosen, as a card names it."""
    return [_option(name, chosen) for name in chosen.chosen]


def _option(name: str, chosen: Preferences) -> str:
    match name:
        case "motion" if chosen.motion:
            return terms.motion_phrase(chosen.motion)
        case "resolution" if chosen.resolution:
            return terms.resolution_name(chosen.resolution)
        case "clips" if chosen.clips:
            return terms.clips_phrase(chosen.clips)
        case "speed" if chosen.speed:
            return terms.speed_phrase(chosen.speed)
        case "provider" if chosen.provider:
            return title_of(chosen.provider)
        case "translate":
            return _("prompt translated") if chosen.translate else _("prompt not translated")
        case _:
            return _("loop") if chosen.loop else _("no loop")


def used(job: Job) -> list[str]:
    """Say which options of a job were chosen beforehand, as far as its provider has them; one line each way."""
    kept = job.params.preferred
    lacking = [name for name in kept.chosen if _of_job(job, name) != getattr(kept, name)]
    kept = kept.without(lacking)
    own = options(kept.without((*kept.from_preset, *kept.from_server, *kept.from_locale)))
    server = options(kept.only(*kept.from_server))
    preset = options(kept.only(*kept.from_preset))
    words = [pgettext("of a preset", "words")] if "words" in kept.from_preset else []
    lines = [_("Own settings: {options}.").format(options=join_list(own))] if own else []
    if server:
        lines.append(_("As this server has it: {options}.").format(options=join_list(server)))
    if "translate" in kept.from_locale:
        lines.append(
            _(
                "The provider translates the prompt into English. `translate:False` leaves it as it is, and "
                "`/settings` can do so always."
            )
        )
    return [*lines, _("Preset: {options}.").format(options=join_list([*words, *preset]))] if words or preset else lines


def _of_job(job: Job, name: str) -> object:
    return job.provider if name == "provider" else getattr(job.params, name)
