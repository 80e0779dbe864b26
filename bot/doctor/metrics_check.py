"""Whether there will be metrics where METRICS_PORT asks for them."""

from importlib.util import find_spec

from bot.config import Settings
from bot.doctor.findings import Finding, ok, wrong

NAME = "METRICS_PORT"


async def check_metrics(settings: Settings) -> Finding:
    """Look for what the extra installs; the port itself is the running bot's."""
    if find_spec("prometheus_client") is None:
        return wrong(
            NAME, "needs the extra `metrics`. Install it (pip install 'animatic[metrics]'), or unset the port."
        )
    return ok(NAME, f"{settings.http_host} port {settings.metrics_port} shows metrics while the bot runs.")
