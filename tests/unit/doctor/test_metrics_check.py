"""What the doctor says of METRICS_PORT."""

import sys
from typing import Any

import pytest

from bot.config import settings_type
from bot.doctor.metrics_check import check_metrics

VALUES: dict[str, Any] = {"discord_token": "a-token", "metrics_port": 9000}
SETTINGS = settings_type(("ttapi",))(**VALUES)


async def test_metrics_that_will_be_shown_are_well() -> None:
    assert "127.0.0.1 port 9000 shows metrics" in str(await check_metrics(SETTINGS))


async def test_metrics_without_their_extra_are_wrong_and_the_cure_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "prometheus_client", raising=False)
    monkeypatch.setattr(sys, "path", [])
    finding = str(await check_metrics(SETTINGS))
    assert finding.startswith("wrong")
    assert "pip install 'animatic[metrics]'" in finding
