"""What a page of metrics holds, and what the dashboard and the alerts ask for."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"

FOREIGN = ("up", "nirn_proxy_")
"""Metrics of Prometheus itself and of the proxy for rate limits begin so."""

_SAMPLE = re.compile(r"^(?P<name>[a-z_]+)(?:\{(?P<labels>.*)\})? \S+$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="(?:[^"\\]|\\.)*"')
_SELECTOR = re.compile(r"\b(?P<name>[a-z]+_[a-z_]+)(?:\{(?P<labels>[^}]*)\})?")
_GROUPING = re.compile(r"\b(?:by|on|ignoring|without) \([^)]*\)")
_FUNCTIONS = frozenset({"histogram_quantile"})


def metrics_on(page: str) -> dict[str, set[str]]:
    """Name every metric of a page in Prometheus' text format, with the labels that it has there."""
    found: dict[str, set[str]] = {}
    for sample in _SAMPLE.finditer(page):
        labels = _LABEL.findall(sample["labels"] or "")
        found.setdefault(sample["name"], set()).update(labels)
    return found


def dashboard() -> Mapping[str, Any]:
    """Read the dashboard."""
    return json.loads((DEPLOY / "grafana" / "dashboards" / "animatic.json").read_text("utf-8"))


def panels() -> list[dict[str, Any]]:
    """Give the panels that show something."""
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def alerts() -> list[dict[str, Any]]:
    """Read the rules."""
    read: Any = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text("utf-8"))
    return [rule for group in read["groups"] for rule in group["rules"]]


def expressions() -> Iterator[tuple[str, str]]:
    """Give each expression with the name of what it is for."""
    for panel in panels():
        for target in panel["targets"]:
            yield panel["title"], cast(str, target["expr"])
    for alert in alerts():
        yield alert["alert"], cast(str, alert["expr"])


def metrics_in(expression: str) -> Iterator[tuple[str, set[str]]]:
    """Name the metrics that an expression reads, with the labels that it picks them by."""
    for found in _SELECTOR.finditer(_GROUPING.sub("", expression)):
        if found["name"] not in _FUNCTIONS:
            yield found["name"], set(re.findall(r"(\w+)(?:=~|!=|!~|=)", found["labels"] or ""))
