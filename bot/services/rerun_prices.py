"""What the same job costs once more, as far as that is known before its provider is chosen."""

from collections.abc import Mapping

from bot.domain.credits import PriceList
from bot.domain.job import Job, Kind
from bot.providers.base import Provider
from bot.providers.capabilities import apply_defaults, unsupported_options


def rerun_price(job: Job, providers: Mapping[str, Provider], prices: PriceList) -> tuple[int, int]:
    """Give the least and the most that a job costs once more, in credits, by who may make it."""
    costs = [prices.at(job.provider).job(job.kind, job.params)]
    if job.kind is Kind.VIDEO and "provider" not in job.params.explicit_options:
        costs = [
            prices.at(one.name).job(job.kind, apply_defaults(one.capabilities, job.params))
            for one in providers.values()
            if not unsupported_options(one.capabilities, job.params)
        ] or costs
    return min(costs), max(costs)
