"""What the form for an ended job offers: the choices that there are now, with their whole prices."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.credits import PriceList, Prices
from bot.domain.job import Job, Kind
from bot.domain.params import Motion
from bot.errors import NotOffered
from bot.providers.base import Provider
from bot.providers.capabilities import FilmOffer, merge_capabilities, needs_last_frame, unsupported_options
from bot.providers.registry import provider_of, title_of

_IN_FORM = frozenset({"motion", "resolution", "clips"})
"""The options of a video that the form has fields for."""


@dataclass(frozen=True)
class RerunForm:
    """Hold what the form for an ended job offers: `films` with their whole prices, `prices` of pictures.

    `motions` are empty where there is no choice; `takes_prompt` says whether there is a field for words; `provider` is
    the title of the one that the job was given to, `words_start_anew` tells that with other words it becomes a video
    that starts at its parent's last frame.
    """

    job: Job
    provider: str
    films: tuple[FilmOffer, ...]
    motions: tuple[Motion, ...]
    prices: Prices
    takes_prompt: bool
    words_start_anew: bool = False


def rerun_form(job: Job, providers: Mapping[str, Provider], prices: PriceList) -> RerunForm:
    """Tell what the form for an ended job offers.

    Raises `NotOffered` for a job without anything to change, or `NoProvider`.
    """
    if job.kind in (Kind.DESCRIBE, Kind.SEED):
        raise NotOffered(job.id)
    own = prices.at(job.provider)
    offer = RerunForm(job, title_of(job.provider), (), (), own, takes_prompt=job.kind is not Kind.BLEND)
    match job.kind:
        case Kind.VIDEO:
            able = [one for one in providers.values() if _has_all(one, job)] or [*providers.values()]
            available = merge_capabilities([(one.capabilities, prices.at(one.name)) for one in able])
            return replace(offer, films=available.films, motions=available.motions)
        case Kind.EXTEND:
            provider = provider_of(providers, job.provider)
            available = merge_capabilities([(provider.capabilities, prices.at(provider.name))])
            films = tuple(film for film in available.films if film.resolution is job.params.resolution)
            able = provider.capabilities
            motions = able.motions if job.params.from_last_frame else able.extend_motions
            anew = needs_last_frame(able, with_words=True) and not job.params.from_last_frame
            return replace(offer, films=films, motions=motions, words_start_anew=anew)
        case _:
            return offer


def _has_all(provider: Provider, job: Job) -> bool:
    """Tell whether a provider has all that the form takes over."""
    params = job.params
    if "provider" in params.explicit_options and provider.name != job.provider:
        return False
    fixed = tuple(option for option in params.explicit_options if option not in _IN_FORM)
    return not unsupported_options(provider.capabilities, replace(params, explicit_options=fixed))
