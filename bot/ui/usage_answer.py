"""The answer to /quota usage: words, the chart, and the table."""

import discord

from bot.domain.periods import Period
from bot.domain.usage import ServerUsage, Span
from bot.media.charts import ChartDrawer
from bot.services.quotas import QuotaService
from bot.services.usage import UsageOverview
from bot.ui.attachments import Upload
from bot.ui.interactions import Interaction, answer, guild_of
from bot.ui.member_names import names_of
from bot.ui.text import quotas as quota_text
from bot.ui.text import usage as text
from bot.ui.text.replies import fitting
from bot.ui.usage_chart import MOST_LISTED, draw_usage
from bot.ui.usage_table import write_table

CHART_NAME, TABLE_NAME = "usage.png", "usage.csv"


class UsageAnswer:
    """Tell those who manage a server what it spends."""

    def __init__(self, quota: QuotaService, overview: UsageOverview, drawer: ChartDrawer) -> None:
        self._quota = quota
        self._overview = overview
        self._drawer = drawer

    async def show(self, interaction: Interaction, span: Span | None) -> None:
        """Fill a deferred answer with the last days; without a span with this period and all that applies in it."""
        guild_id = guild_of(interaction)
        if span is not None:
            usage = await self._overview.back(guild_id, span)
            words = text.spent_in(usage, MOST_LISTED) if usage.steps else text.nothing_spent(usage.stretch)
        else:
            report = await self._quota.usage(guild_id)
            usage = await self._overview.of_period(guild_id, report.period, report.key)
            words = quota_text.usage(report)
            if usage.steps and report.period is Period.NEVER:
                words = fitting([text.of_last_year(), words])
        files = await self._files(interaction, usage) if usage.steps else []
        if files and files[0].filename != CHART_NAME:
            words = fitting([text.chart_missing(), words])
        await answer(interaction, words, files)

    async def _files(self, interaction: Interaction, usage: ServerUsage) -> list[discord.File]:
        names = await names_of(interaction.guild, list(usage.members)[:MOST_LISTED])
        table = Upload(TABLE_NAME, write_table(usage, names)).file()
        picture = await self._drawer.draw(draw_usage(usage, names))
        if picture is None:
            return [table]
        chart = Upload(CHART_NAME, picture).file()
        chart.description = text.alternative(usage, names, MOST_LISTED)
        return [chart, table]
