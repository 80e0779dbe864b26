"""What stands in deploy/ fits together: services, metrics, alerts, and what the documents say of them."""

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from bot.config import Settings
from tests.meta.source_tree import ROOT, read
from tests.support.metric_names import DEPLOY, FOREIGN, alerts, dashboard, expressions, metrics_in, panels

COMPOSE_FILES = ("compose.yaml", "deploy/compose.yaml")

BOTS = ("bot-1", "bot-2")

# The Compose Specification's own schema; compose-spec.LICENSE says where it is from.
SCHEMA = json.loads(gzip.decompress((Path(__file__).parent / "compose-spec.json.gz").read_bytes()))

PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed: apt-get install prometheus")


def yaml_of(path: str) -> Any:
    return yaml.safe_load(read(path))


def services() -> dict[str, dict[str, Any]]:
    return yaml_of("deploy/compose.yaml")["services"]


def promtool(*arguments: str) -> None:
    assert PROMTOOL is not None
    ran = subprocess.run(
        [PROMTOOL, *arguments], cwd=DEPLOY / "prometheus", capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("path", COMPOSE_FILES)
def test_a_compose_file_keeps_to_the_schema(path: str) -> None:
    errors = jsonschema_rs.Draft202012Validator(SCHEMA).iter_errors(yaml_of(path))
    assert [f"{'.'.join(map(str, error.instance_path))}: {error.message}" for error in errors] == []


def test_the_schema_refuses_a_key_that_there_is_not() -> None:
    wrong = {"services": {"bot": {"image": "animatic", "restarts": "always"}}}
    assert not jsonschema_rs.Draft202012Validator(SCHEMA).is_valid(wrong)


def test_what_a_service_waits_for_and_keeps_is_declared() -> None:
    compose = yaml_of("deploy/compose.yaml")
    for service in compose["services"].values():
        assert set(service.get("depends_on", ())) <= set(compose["services"])
        for mount in service.get("volumes", ()):
            source = mount.partition(":")[0]
            assert source in compose["volumes"] if not source.startswith(".") else (DEPLOY / source).is_dir()


def test_both_bots_are_alike_and_have_no_more_than_one_of_their_own_has() -> None:
    (alone,) = yaml_of("compose.yaml")["services"].values()
    one, other = ({**services()[bot], "ports": None} for bot in BOTS)
    assert one == other
    bounds = (
        "read_only",
        "tmpfs",
        "cap_drop",
        "security_opt",
        "mem_limit",
        "pids_limit",
        "logging",
        "stop_grace_period",
    )
    assert {name: one[name] for name in bounds} == {name: alone[name] for name in bounds}


def test_the_bots_are_given_settings_that_there_are() -> None:
    ours = set(services()[BOTS[0]]["environment"])
    aws = {"AWS_ENDPOINT_URL", "AWS_REGION"}
    known = {name.upper() for name in Settings.model_fields}
    assert ours - known - aws <= {"MEDIA_URL"}


def test_the_sample_of_the_settings_names_each_that_a_service_asks_for() -> None:
    asked_for = set(re.findall(r"\$\{(\w+):\?\}", read("deploy/compose.yaml")))
    lines = set(re.findall(r"^(\w+)=$", read("deploy/.env.example"), re.MULTILINE))
    assert lines == asked_for | {"DISCORD_TOKEN", "TTAPI_API_KEY"}
    assert "$" not in re.sub(r"\$\{\w+:\?\}|\$EDITOR", "", read("deploy/compose.yaml"))


def test_nothing_but_the_bots_and_what_shows_them_can_be_reached_and_that_from_this_machine_alone() -> None:
    published = {name: service["ports"] for name, service in services().items() if "ports" in service}
    assert set(published) == {*BOTS, "prometheus", "grafana"}
    assert [port for ports in published.values() for port in ports if not port.startswith("127.0.0.1:")] == []


def test_prometheus_asks_each_bot_on_its_port_for_metrics() -> None:
    scraped = {
        job["job_name"]: [target for targets in job["static_configs"] for target in targets["targets"]]
        for job in yaml_of("deploy/prometheus/prometheus.yml")["scrape_configs"]
    }
    port = services()[BOTS[0]]["environment"]["METRICS_PORT"]
    assert scraped["animatic"] == [f"{bot}:{port}" for bot in BOTS]
    assert {name.partition(":")[0] for targets in scraped.values() for name in targets} <= set(services())


def test_the_bots_speak_to_discord_through_the_proxy() -> None:
    address = services()[BOTS[0]]["environment"]["DISCORD_API_URL"]
    assert re.fullmatch(r"http://discord-proxy:8080/api/v10", address)
    assert int(services()["discord-proxy"]["environment"]["REQUEST_TIMEOUT"]) >= 60_000


def test_the_dashboard_is_found_and_each_panel_asks_the_one_source_of_data() -> None:
    (source,) = yaml_of("deploy/grafana/provisioning/datasources/prometheus.yml")["datasources"]
    (provider,) = yaml_of("deploy/grafana/provisioning/dashboards/animatic.yml")["providers"]
    mounted = dict(mount.split(":")[:2] for mount in services()["grafana"]["volumes"])
    assert mounted["./grafana/dashboards"] == provider["options"]["path"]
    assert {panel["datasource"]["uid"] for panel in panels()} == {source["uid"]}
    every = dashboard()["panels"]
    assert len({panel["id"] for panel in every}) == len(every)
    assert all(panel["description"] for panel in panels())


def test_no_two_panels_lie_on_one_another() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in dashboard()["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells


def test_each_alert_says_how_bad_it_is_and_the_documents_say_what_to_do() -> None:
    names = [alert["alert"] for alert in alerts()]
    assert len(set(names)) == len(names)
    assert {alert["labels"]["severity"] for alert in alerts()} == {"page", "look"}
    assert re.findall(r"^\| `(Animatic\w+)` \| [^|]+ \|$", read("docs/operations.md"), re.MULTILINE) == names


def test_each_metric_of_ours_is_told_in_the_documents() -> None:
    asked_for = {name for _, expression in expressions() for name, _ in metrics_in(expression)}
    ours = {re.sub(r"_(bucket|count|sum|total)$", "", name) for name in asked_for if not name.startswith(FOREIGN)}
    told = set(re.findall(r"^\| `(animatic_\w+)` \|", read("docs/operations.md"), re.MULTILINE))
    assert {name for name in ours if name.startswith("animatic")} <= {re.sub(r"_total$", "", name) for name in told}


@needs_promtool
def test_prometheus_own_tool_takes_settings_and_rules() -> None:
    promtool("check", "config", "prometheus.yml")
    promtool("check", "rules", "alerts.yml")


@needs_promtool
def test_each_alert_comes_when_it_should_and_not_before() -> None:
    promtool("test", "rules", "alerts_test.yml")
    tested = (DEPLOY / "prometheus" / "alerts_test.yml").read_text("utf-8")
    quiet, *loud = (set(re.findall(r"alertname: (\w+)", part)) for part in tested.split("\n  - name: "))
    names = {alert["alert"] for alert in alerts()}
    assert set().union(*loud[1:]) == names, quiet
    assert loud[0] == names


@pytest.mark.parametrize(
    "path", sorted(path.relative_to(ROOT).as_posix() for path in DEPLOY.rglob("*") if path.is_file())
)
def test_nothing_in_deploy_holds_a_secret(path: str) -> None:
    filled = re.findall(r"(?im)^\s*[\w-]*(?:token|password|secret|key)[\w-]*[ \t]*[:=][ \t]*(\S+)$", read(path))
    assert [value for value in filled if not value.startswith(("${", "/"))] == []
