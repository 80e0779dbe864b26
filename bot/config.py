"""Settings from the environment or `.env`, read once by the composition root."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args
from urllib.parse import urlsplit

from pydantic import Field, PositiveInt, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.credits import PriceList, Prices
from bot.domain.periods import Period
from bot.errors import SettingsError

DISCORD_API = "https://discord.com/api/v10"

ProviderName = Literal["ttapi", "acedata", "apimart", "cometapi"]

PROVIDERS: tuple[ProviderName, ...] = get_args(ProviderName)
"""The providers in their usual order."""

Ids = Annotated[frozenset[Annotated[int, Field(ge=0)]], NoDecode]
Credits = Annotated[int, Field(ge=0, le=1_000_000_000)]


class ProviderAccount(NamedTuple):
    """Hold what it takes to use a provider."""

    key: SecretStr
    base_url: str


class Settings(BaseSettings):
    """Hold every setting; docs/settings.md says what each means."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    discord_token: SecretStr
    discord_api_url: str = DISCORD_API
    database_url: str = "sqlite:///data/animatic.db"
    video_provider: ProviderName | None = None
    ttapi_api_key: SecretStr | None = None
    ttapi_base_url: str = "https://api.ttapi.io"
    acedata_api_key: SecretStr | None = None
    acedata_base_url: str = "https://api.acedata.cloud"
    apimart_api_key: SecretStr | None = None
    apimart_base_url: str = "https://api.apimart.ai"
    cometapi_api_key: SecretStr | None = None
    cometapi_base_url: str = "https://api.cometapi.com"
    poll_seconds: Annotated[float, Field(gt=0, le=3600)] = 5
    public_url: str | None = None
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    allow_private_urls: bool = False
    default_credits: Credits = 24
    quota_period: Period = Period.DAY
    server_credits: Credits = 0
    price_sd: Credits = 2
    price_hd: Credits = 6
    price_image: Credits = 1
    price_upscale: Credits = 1
    price_describe: Credits = 1
    price_seed: Credits = 0
    ttapi_price_sd: Credits | None = None
    ttapi_price_hd: Credits | None = None
    acedata_price_sd: Credits | None = None
    acedata_price_hd: Credits | None = None
    apimart_price_sd: Credits | None = None
    apimart_price_hd: Credits | None = None
    cometapi_price_sd: Credits | None = None
    cometapi_price_hd: Credits | None = None
    allowed_guilds: Ids = frozenset()
    strikes: PositiveInt = 3
    media_dir: Path = Path("data/media")
    media_days: PositiveInt = 30
    max_running: PositiveInt = 10
    max_running_per_user: PositiveInt = 3
    shard_count: PositiveInt | None = None
    shard_ids: Ids = frozenset()
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @field_validator("allowed_guilds", "shard_ids", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return value.replace(",", " ").split() if isinstance(value, str) else value

    @field_validator("log_level", "log_format", "quota_period", "video_provider", mode="before")
    @classmethod
    def _in_their_case(cls, value: Any, info: Any) -> Any:
        if not isinstance(value, str):
            return value
        return value.upper() if info.field_name == "log_level" else value.lower()

    @field_validator("discord_token", *(f"{name}_api_key" for name in PROVIDERS))
    @classmethod
    def _fits_a_header(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[\x21-\x7e]+", value.get_secret_value()):
            raise ValueError("must be ASCII letters, digits and signs without spaces")
        return value

    @field_validator("discord_api_url", "public_url", *(f"{name}_base_url" for name in PROVIDERS))
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and not _is_web_address(value):
            raise ValueError("must be an address that begins with https:// or http://")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith("sqlite:///") or value in ("sqlite:///", "sqlite:///:memory:"):
            raise ValueError("must be sqlite:/// followed by a path")
        return value

    @model_validator(mode="after")
    def _shards_together(self) -> "Settings":
        if self.shard_ids and (self.shard_count is None or max(self.shard_ids) >= self.shard_count):
            raise SettingsError("SHARD_IDS", "needs a SHARD_COUNT that is greater than each of them.")
        return self

    @property
    def database_path(self) -> Path:
        """Give the SQLite file's path."""
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def prices(self) -> PriceList:
        """Give the prices in credits, at each provider."""
        usual = Prices(
            sd=self.price_sd,
            hd=self.price_hd,
            image=self.price_image,
            upscale=self.price_upscale,
            describe=self.price_describe,
            seed=self.price_seed,
        )
        return PriceList(usual, {name: self._prices_at(name, usual) for name in PROVIDERS})

    @property
    def accounts(self) -> dict[str, ProviderAccount]:
        """Give key and address of each provider that has a key, the default one first.

        Raises `SettingsError` when there is none, or when VIDEO_PROVIDER has none.
        """
        keyed = [name for name in PROVIDERS if self._of(name, "api_key") is not None]
        if not keyed:
            raise SettingsError("TTAPI_API_KEY", "is not set; put a provider's key into the environment or .env.")
        first = self.video_provider or keyed[0]
        if first not in keyed:
            raise SettingsError("VIDEO_PROVIDER", f"is {first}, but {first.upper()}_API_KEY is not set.")
        ordered = sorted(keyed, key=lambda name: name != first)
        return {name: ProviderAccount(self._of(name, "api_key"), self._of(name, "base_url")) for name in ordered}

    def _prices_at(self, name: str, usual: Prices) -> Prices:
        sd, hd = self._of(name, "price_sd"), self._of(name, "price_hd")
        return replace(usual, sd=usual.sd if sd is None else sd, hd=usual.hd if hd is None else hd)

    def _of(self, name: str, setting: str) -> Any:
        return getattr(self, f"{name}_{setting}")


def load_settings() -> Settings:
    """Read the settings; raise `SettingsError` that names the first one that is unset or wrong."""
    try:
        settings = Settings()  # pyright: ignore[reportCallIssue]  # the values come from the environment
    except ValidationError as error:
        raise _first_problem(error) from None
    except (UnicodeDecodeError, OSError):
        raise SettingsError(".env", "cannot be read; it must be a text file in UTF-8.") from None
    _ = settings.accounts
    return settings


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.port != 0
            and not re.search(r"\s", value)
        )
    except ValueError:
        return False


def _first_problem(error: ValidationError) -> SettingsError:
    """Turn pydantic's report into one sentence; the value is left out, it may be a secret."""
    first = error.errors(include_input=False, include_url=False)[0]
    name = str(first["loc"][0]).upper() if first["loc"] else "The settings"
    if first["type"] == "missing":
        return SettingsError(name, "is not set; put it into the environment or .env.")
    return SettingsError(name, f"is wrong: {first['msg'].removeprefix('Value error, ').rstrip('.').lower()}.")
