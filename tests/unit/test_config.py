"""Settings come from the environment; whatever is wrong is one sentence that names it and holds no secret."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import config
from bot.config import A_BROWSER, DISCORD_API, Settings
from bot.domain.periods import Period
from bot.errors import SettingsError
from bot.providers.registry import provider_names
from tests.support.settings import DEFAULTS

TOKEN = "discord-token-7f3a"
KEY = "ttapi-key-91bc"


@pytest.fixture(autouse=True)
def only_what_is_required(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.upper() in DEFAULTS:
            monkeypatch.delenv(name)
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("TTAPI_API_KEY", KEY)


def load_settings() -> Settings:
    return config.load_settings(provider_names())


def refusal() -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return caught.value


def test_two_secrets_are_all_that_it_takes() -> None:
    loaded = load_settings()
    assert loaded.discord_token.get_secret_value() == TOKEN
    assert loaded.accounts["ttapi"].key.get_secret_value() == KEY
    assert (list(loaded.accounts), loaded.discord_api_url, loaded.accounts["ttapi"].base_url) == (
        ["ttapi"],
        DISCORD_API,
        None,
    )
    assert (loaded.default_credits, loaded.quota_period, loaded.server_credits) == (24, Period.DAY, 0)
    assert (loaded.price_sd, loaded.price_hd, loaded.poll_seconds) == (2, 6, 5)
    assert (loaded.max_running, loaded.max_running_per_user, loaded.media_days) == (10, 3, 30)
    assert (loaded.allow_private_urls, loaded.allowed_guilds) == (False, frozenset())
    assert (loaded.database_path, loaded.media_dir) == (Path("data/animatic.db"), Path("data/media"))


@pytest.mark.parametrize("name", ["DISCORD_TOKEN", "TTAPI_API_KEY"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_secret_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str | None) -> None:
    monkeypatch.delenv(name)
    if value is not None:
        monkeypatch.setenv(name, value)
    error = refusal()
    assert error.name == name
    assert "is not set" in str(error)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISCORD_TOKEN", "   "),
        ("DISCORD_TOKEN", "Bot abc"),
        ("TTAPI_API_KEY", "ключ"),
        ("TTAPI_API_KEY", "two\nlines"),
        ("DISCORD_API_URL", "discord.com"),
        ("DISCORD_API_URL", "ftp://discord.com"),
        ("COMETAPI_API_KEY", "two words"),
        ("APIMART_PRICE_SD", "-1"),
        ("TTAPI_BASE_URL", "https://"),
        ("TTAPI_BASE_URL", "http://["),
        ("TTAPI_BASE_URL", "https://host:port"),
        ("TTAPI_BASE_URL", "https://host/a b"),
        ("DATABASE_URL", "mysql://user:hunter2@host/db"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("VIDEO_PROVIDER", "nobody"),
        ("RESULT_GRACE_MINUTES", "-1"),
        ("RESULT_GRACE_MINUTES", "inf"),
        ("RESULT_USER_AGENT", "Mozilla/5.0\r\nX: y"),
        ("RESULT_USER_AGENT", " Brows\u00e9r"),
        ("POLL_SECONDS", "0"),
        ("POLL_SECONDS", "-1"),
        ("POLL_SECONDS", "nan"),
        ("POLL_SECONDS", "inf"),
        ("POLL_SECONDS", "soon"),
        ("HTTP_PORT", "65536"),
        ("HTTP_PORT", "-1"),
        ("ALLOW_PRIVATE_URLS", "perhaps"),
        ("DEFAULT_CREDITS", "-1"),
        ("DEFAULT_CREDITS", "1.5"),
        ("DEFAULT_CREDITS", "9999999999"),
        ("QUOTA_PERIOD", "fortnight"),
        ("SERVER_CREDITS", "-1"),
        ("PRICE_SD", "-2"),
        ("PRICE_HD", "x"),
        ("ALLOWED_GUILDS", "1, two"),
        ("ALLOWED_GUILDS", "-5"),
        ("MEDIA_URL", "films"),
        ("MEDIA_URL", "https://films"),
        ("MEDIA_URL", "s3://"),
        ("MEDIA_URL", "s3://Films"),
        ("MEDIA_URL", "s3://key:secret@films"),
        ("MEDIA_URL", "s3://films/a//b"),
        ("MEDIA_URL", "s3://films/../b"),
        ("MEDIA_URL", "s3://films/a b"),
        ("AWS_ENDPOINT_URL", "rustfs:9000"),
        ("AWS_ACCESS_KEY_ID", "two words"),
        ("AWS_REGION", "eu west"),
        ("MEDIA_DAYS", "0"),
        ("MEDIA_MAX_GB", "0"),
        ("MEDIA_MAX_GB", "much"),
        ("MAX_OPEN_PER_USER", "0"),
        ("MAX_RUNNING", "0"),
        ("MAX_RUNNING_PER_USER", "none"),
        ("SHARD_COUNT", "0"),
        ("SHARD_IDS", "0"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_names_it(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    sentence = str(refusal())
    assert sentence.startswith(f"{name} ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "hunter2" not in sentence
    assert TOKEN not in sentence
    assert KEY not in sentence
    if name in ("DISCORD_TOKEN", "TTAPI_API_KEY"):
        assert value.strip() not in sentence or not value.strip()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=2 * settings().max_examples)
@given(
    st.sampled_from(sorted(DEFAULTS)),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
)
def test_no_value_of_a_setting_ends_in_a_traceback(name: str, value: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(name, value)
        try:
            load_settings()
        except SettingsError as error:
            named = str(error).startswith(f"{name} ")
            assert named, error  # noqa: PT017  # most values are right, so that nothing is raised


def test_metrics_need_a_port_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_PORT", "8080")
    assert str(refusal()) == "METRICS_PORT is HTTP_PORT too; give it a port of its own."
    monkeypatch.setenv("HTTP_PORT", "8081")
    assert load_settings().metrics_port == 8080


def test_shards_need_a_count_above_each_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARD_IDS", "0 2")
    monkeypatch.setenv("SHARD_COUNT", "2")
    assert refusal().name == "SHARD_IDS"
    monkeypatch.setenv("SHARD_COUNT", "3")
    assert load_settings().shard_ids == {0, 2}


@pytest.mark.parametrize(
    ("name", "value", "field", "read"),
    [
        ("ALLOWED_GUILDS", "1, 22,333", "allowed_guilds", {1, 22, 333}),
        ("ALLOWED_GUILDS", "7", "allowed_guilds", {7}),
        ("LOG_LEVEL", "debug", "log_level", "DEBUG"),
        ("LOG_FORMAT", "JSON", "log_format", "json"),
        ("QUOTA_PERIOD", "Week", "quota_period", Period.WEEK),
        ("VIDEO_PROVIDER", "TTAPI", "video_provider", "ttapi"),
        ("ALLOW_PRIVATE_URLS", "true", "allow_private_urls", True),
        ("MEDIA_DIR", "", "media_dir", Path("data/media")),
        ("RESULT_GRACE_MINUTES", "", "result_grace_minutes", 10),
        ("RESULT_GRACE_MINUTES", "0.5", "result_grace_minutes", 0.5),
        ("RESULT_USER_AGENT", "", "result_user_agent", A_BROWSER),
        ("RESULT_USER_AGENT", "Mozilla/5.0 (X11)", "result_user_agent", "Mozilla/5.0 (X11)"),
    ],
)
def test_a_setting_is_read_as_people_write_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, field: str, read: object
) -> None:
    monkeypatch.setenv(name, value)
    assert getattr(load_settings(), field) == read


def test_a_dotenv_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("DEFAULT_CREDITS=7\nPRICE_HD=9\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("PRICE_HD", "5")
    loaded = load_settings()
    assert (loaded.default_credits, loaded.price_hd) == (7, 5)


def test_a_dotenv_file_that_is_no_text_is_named() -> None:
    Path(".env").write_bytes(b"DISCORD_TOKEN=\xff\xfe\n")
    assert refusal().name == ".env"


def test_secrets_show_in_no_repr() -> None:
    shown = repr(load_settings())
    assert TOKEN not in shown
    assert KEY not in shown


def test_providers_are_those_with_a_key_and_the_default_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMETAPI_API_KEY", "comet")
    monkeypatch.setenv("ACEDATA_API_KEY", "ace")
    assert list(load_settings().accounts) == ["ttapi", "acedata", "cometapi"]
    monkeypatch.setenv("VIDEO_PROVIDER", "CometAPI")
    monkeypatch.setenv("ACEDATA_BASE_URL", "http://127.0.0.1:8081/x")
    accounts = load_settings().accounts
    assert list(accounts) == ["cometapi", "ttapi", "acedata"]
    assert (accounts["acedata"].key.get_secret_value(), accounts["acedata"].base_url) == (
        "ace",
        "http://127.0.0.1:8081/x",
    )


def test_what_no_provider_is_called_makes_no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELSEWHERE_API_KEY", "key")
    monkeypatch.setenv("TTAPI_COLOUR", "blue")
    assert list(load_settings().accounts) == ["ttapi"]


def test_a_default_provider_without_a_key_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDEO_PROVIDER", "apimart")
    assert str(refusal()) == "VIDEO_PROVIDER is apimart, but APIMART_API_KEY is not set."


def test_a_provider_may_have_prices_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRICE_SD", "3")
    monkeypatch.setenv("ACEDATA_PRICE_HD", "0")
    prices = load_settings().prices
    assert (prices.at("ttapi").sd, prices.at("ttapi").hd) == (3, 6)
    assert (prices.at("acedata").sd, prices.at("acedata").hd) == (3, 0)
    assert prices.at("one that is gone") == prices.usual


def test_a_bucket_is_named_by_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().bucket is None
    monkeypatch.setenv("MEDIA_URL", "s3://films.example/deep/down/")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key-id-91bc")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-7f3a")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://rustfs:9000")
    loaded = load_settings()
    bucket = loaded.bucket
    assert bucket is not None
    assert (bucket.bucket, bucket.prefix) == ("films.example", "deep/down")
    assert (bucket.region, bucket.endpoint) == ("eu-west-1", "http://rustfs:9000")
    assert bucket.secret is not None
    assert bucket.secret.get_secret_value() == "secret-7f3a"
    assert "secret-7f3a" not in repr(loaded) + repr(bucket)
    assert {"secret-7f3a", "key-id-91bc"} <= loaded.secrets


def test_a_machine_that_has_keys_of_its_own_needs_none_and_one_alone_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-7f3a")
    load_settings()  # whatever else uses it: no bucket is named
    monkeypatch.setenv("MEDIA_URL", "s3://films")
    assert str(refusal()) == (
        "AWS_ACCESS_KEY_ID is not set, but AWS_SECRET_ACCESS_KEY is; MEDIA_URL needs both, or neither."
    )
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    bucket = load_settings().bucket
    assert bucket is not None
    assert bucket.key_id is None


def test_a_bucket_has_a_limit_only_where_one_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().media_max_bytes == 20_000_000_000
    monkeypatch.setenv("MEDIA_URL", "s3://films")
    assert load_settings().media_max_bytes is None
    monkeypatch.setenv("MEDIA_MAX_GB", "20")
    assert load_settings().media_max_bytes == 20_000_000_000
