"""Name every setting as the environment does, and let the environment be another one for a while."""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from bot.config import ProviderSettings, settings_type
from bot.providers.registry import PROVIDERS, provider_names

_FIELDS = settings_type(tuple(provider_names())).model_fields
_SHARED = {name: field for name, field in _FIELDS.items() if field.annotation is not ProviderSettings}

DEFAULTS: dict[str, Any] = {
    **{name.upper(): "required" if field.is_required() else field.default for name, field in _SHARED.items()},
    **{
        f"{provider.name}_{name}".upper(): provider.default_base_url if name == "base_url" else field.default
        for provider in PROVIDERS
        for name, field in ProviderSettings.model_fields.items()
    },
}
"""Every setting's name, with its default."""


@contextmanager
def in_environment(variables: Mapping[str, str]) -> Generator[None]:
    """Let these be the only variables of this process, as they would be of a bot's own."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
