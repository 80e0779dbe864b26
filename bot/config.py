"""Settings from the environment or `.env`, read once by the composition root."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PositiveInt,
    SecretStr,
    ValidationError,
    create_model,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.database_url import PostgresServer, SqliteFile, parse_database_url
from bot.domain.credits import PriceList, Prices
from bot.domain.periods import Period
from bot.errors import SettingsError
from bot.media_url import BucketAddress, BucketUrl, Region

DISCORD_API = "https://discord.com/api/v10"

A_BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
"""What a browser says that it is."""


def _fits_a_header(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[\x21-\x7e]+", value.get_secret_value()):
        raise ValueError("must be ASCII letters, digits and signs without spaces")
    return value


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


def _web_address(value: str) -> str:
    if not _is_web_address(value):
        raise ValueError("must be an address that begins with https:// or http://")
    return value


def _printable(value: str) -> str:
    if not re.fullmatch(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?", value):
        raise ValueError("must be one line of ASCII letters, digits, signs and spaces")
    return value


UserAgent = Annotated[str, AfterValidator(_printable)]
Key = Annotated[SecretStr, AfterValidator(_fits_a_header)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Ids = frozenset[Annotated[int, Field(ge=0)]]
Credits = Annotated[int, Field(ge=0, le=1_000_000_000)]


class ProviderSettings(BaseModel):
    """Hold one provider's settings; in the environment each name begins with the provider's, as in TTAPI_API_KEY.

    What is None is not set: without a key the provider is off, an address is the vendor's own, a price the usual one.
    """

    model_config = ConfigDict(frozen=True)

    api_key: Key | None = None
    base_url: WebAddress | None = None
    price_sd: Credits | None = None
    price_hd: Credits | None = None
    units_per_credit: Annotated[float, Field(gt=0, le=1e9)] | None = None

    def prices(self, usual: Prices) -> Prices:
        """Give the prices at this provider, in credits."""
        sd, hd = self.price_sd, self.price_hd
        return replace(usual, sd=usual.sd if sd is None else sd, hd=usual.hd if hd is None else hd)


class ProviderAccount(NamedTuple):
    """Hold what it takes to use a provider; without a `base_url` the vendor's own is used."""

    key: SecretStr
    base_url: str | None


class Settings(BaseSettings):
    """Hold every setting; docs/settings.md says what each means.

    `settings_type` adds one `ProviderSettings` for each provider that there is.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        env_nested_delimiter="_",
        env_nested_max_split=1,
        enable_decoding=False,
        extra="ignore",
        frozen=True,
    )

    discord_token: Key
    discord_api_url: WebAddress = DISCORD_API
    database_url: str = Field("sqlite:///data/animatic.db", repr=False)  # it may hold a password
    video_provider: str | None = None
    poll_seconds: Annotated[float, Field(gt=0, le=3600)] = 5
    public_url: WebAddress | None = None
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    metrics_port: Annotated[int, Field(ge=1, le=65535)] | None = None
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
    allowed_guilds: Ids = frozenset()
    strikes: PositiveInt = 3
    media_dir: Path = Path("data/media")
    media_url: BucketUrl | None = None
    aws_access_key_id: Key | None = None
    aws_secret_access_key: Key | None = None
    aws_region: Region | None = None
    aws_endpoint_url: WebAddress | None = None
    media_days: PositiveInt = 30
    retention_days: Annotated[int, Field(ge=0, le=36_500)] = 0
    result_grace_minutes: Annotated[float, Field(ge=0, le=1440)] = 10
    result_user_agent: UserAgent = A_BROWSER
    media_max_gb: Annotated[float, Field(gt=0, le=1_000_000)] = 20
    max_running: PositiveInt = 10
    max_running_per_user: PositiveInt = 3
    max_open_per_user: PositiveInt = 10
    shard_count: PositiveInt | None = None
    shard_ids: Ids = frozenset()
    identify_seconds: Annotated[float, Field(ge=0, le=60)] = 5
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

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        parse_database_url(value)
        return value

    @model_validator(mode="after")
    def _ports_apart(self) -> "Settings":
        if self.metrics_port == self.http_port:
            raise SettingsError("METRICS_PORT", "is HTTP_PORT too; give it a port of its own.")
        return self

    @model_validator(mode="after")
    def _shards_together(self) -> "Settings":
        if self.shard_ids and (self.shard_count is None or max(self.shard_ids) >= self.shard_count):
            raise SettingsError("SHARD_IDS", "needs a SHARD_COUNT that is greater than each of them.")
        return self

    @model_validator(mode="after")
    def _keys_together(self) -> "Settings":
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
        unset = [name for name in names if getattr(self, name.lower()) is None]
        if self.media_url is not None and len(unset) == 1:
            other = next(name for name in names if name not in unset)
            raise SettingsError(unset[0], f"is not set, but {other} is; MEDIA_URL needs both, or neither.")
        return self

    @property
    def database(self) -> SqliteFile | PostgresServer:
        """Give the file or the server that DATABASE_URL names."""
        return parse_database_url(self.database_url)

    @property
    def database_path(self) -> Path | None:
        """Give the SQLite file's path; None where the database is a server's."""
        return self.database.path if isinstance(self.database, SqliteFile) else None

    @property
    def poll_ms(self) -> int:
        """Give the shortest poll interval in milliseconds."""
        return int(self.poll_seconds * 1000)

    @property
    def media_max_bytes(self) -> int | None:
        """Give how much may be kept before what is not paid for is refused; a bucket may have no limit."""
        if self.media_url is not None and "media_max_gb" not in self.model_fields_set:
            return None
        return int(self.media_max_gb * 1e9)

    @property
    def bucket(self) -> BucketAddress | None:
        """Give the bucket that stands in for MEDIA_DIR; None without one."""
        if self.media_url is None:
            return None
        bucket, _, prefix = self.media_url.removeprefix("s3://").partition("/")
        keys = self.aws_access_key_id, self.aws_secret_access_key
        return BucketAddress(bucket, prefix, *keys, self.aws_region, self.aws_endpoint_url)

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
        return PriceList(usual, {name: provider.prices(usual) for name, provider in self.providers.items()})

    @property
    def providers(self) -> dict[str, ProviderSettings]:
        """Give each provider's settings by its name, in the usual order."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: value for name, value in values.items() if isinstance(value, ProviderSettings)}

    @property
    def secrets(self) -> frozenset[str]:
        """Give every value that must not be printed."""
        values = [value for group in (self, *self.providers.values()) for _, value in group]
        return frozenset(value.get_secret_value() for value in values if isinstance(value, SecretStr))

    @property
    def accounts(self) -> dict[str, ProviderAccount]:
        """Give key and address of each provider that has a key, the default one first.

        Raises `SettingsError` when there is none, or when VIDEO_PROVIDER has none.
        """
        keyed = {name: provider.api_key for name, provider in self.providers.items() if provider.api_key is not None}
        if not keyed:
            setting = f"{next(iter(self.providers)).upper()}_API_KEY"
            raise SettingsError(setting, "is not set; put a provider's key into the environment or .env.")
        first = self.video_provider or next(iter(keyed))
        if first not in keyed:
            raise SettingsError("VIDEO_PROVIDER", f"is {first}, but {first.upper()}_API_KEY is not set.")
        ordered = sorted(keyed, key=lambda name: name != first)
        return {name: ProviderAccount(keyed[name], self.providers[name].base_url) for name in ordered}


@cache
def settings_type(names: tuple[str, ...]) -> type[Settings]:
    """Make the type of the settings for these providers, whose names have no underscore; the first is the usual one."""
    one_of_them: Any = Literal[names]  # pyright: ignore[reportInvalidTypeForm]  # the names are known at run time only
    fields: dict[str, Any] = {name: (ProviderSettings, ProviderSettings()) for name in names}
    fields["video_provider"] = (one_of_them | None, None)
    return create_model("Settings", __base__=Settings, **fields)


def load_settings(provider_names: Iterable[str]) -> Settings:
    """Read the settings; raise `SettingsError` that names the first one that is unset or wrong."""
    try:
        settings = settings_type(tuple(provider_names))()  # pyright: ignore[reportCallIssue]  # the environment has the values
    except ValidationError as error:
        raise _first_problem(error) from None
    except (UnicodeDecodeError, OSError):
        raise SettingsError(".env", "cannot be read; it must be a text file in UTF-8.") from None
    _ = settings.accounts
    return settings


def _first_problem(error: ValidationError) -> SettingsError:
    """Turn pydantic's report into one sentence; the value is left out, it may be a secret."""
    first = error.errors(include_input=False, include_url=False)[0]
    name = "_".join(part for part in first["loc"] if isinstance(part, str)).upper() or "The settings"
    if first["type"] == "missing":
        return SettingsError(name, "is not set; put it into the environment or .env.")
    return SettingsError(name, f"is wrong: {first['msg'].removeprefix('Value error, ').rstrip('.').lower()}.")
