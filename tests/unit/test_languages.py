"""Which catalogue each of Discord's locales reads, and what a catalogue gives."""

from pathlib import Path

import discord
import pytest

from bot import languages as module
from bot.languages import language_of, languages

OTHERS = {"zh-CN": "zh-CN", "zh-TW": "zh-CN", "zh-HK": "zh-CN", "zh": "zh-CN", "vi": "vi", "en-US": "en", "en-GB": "en"}


@pytest.mark.parametrize("locale", [*(one.value for one in discord.Locale), "zh-HK", "zh"])
def test_each_of_discords_locales_reads_its_language_or_english(locale: str) -> None:
    own = {one.locale.language: code for code, one in languages().items()}
    assert language_of(locale).code == own.get(locale.partition("-")[0], "en")
    assert language_of(locale).code == OTHERS.get(locale, language_of(locale).code)


@pytest.mark.parametrize("locale", [None, "", "xx", "-", "vi-VN-x", "../vi", "VI"])
def test_a_locale_that_discord_does_not_have_is_no_error(locale: str | None) -> None:
    assert language_of(locale).code in ("en", "vi")


def test_another_country_of_a_language_reads_what_there_is() -> None:
    assert language_of("vi-VN").code == "vi"


def test_each_language_is_named_as_it_calls_itself() -> None:
    names = {code: one.name for code, one in languages().items()}
    assert names.items() >= {"en": "English", "vi": "Tiếng Việt", "zh-CN": "简体中文"}.items()


def test_one_more_file_is_one_more_language_and_what_it_lacks_stays_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pt_BR" / "LC_MESSAGES" / "bot.po"
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr ""\n"Language: pt_BR\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
        'msgid "Films"\nmsgstr "Filmes"\n\nmsgid "Pictures"\nmsgstr ""\n\n#, fuzzy\nmsgid "Credits"\nmsgstr "Nada"\n',
        "utf-8",
    )
    monkeypatch.setattr(module, "CATALOGUES", tmp_path)
    _forget()
    try:
        found = language_of("pt-BR")
        assert (found.code, found.name) == ("pt-BR", "português")
        assert language_of("pt-PT") is language_of("pt") is found
        assert [found.catalogue.gettext(one) for one in ("Films", "Pictures", "Credits")] == [
            "Filmes",
            "Pictures",
            "Credits",
        ]
    finally:
        _forget()


def _forget() -> None:
    languages.cache_clear()
    language_of.cache_clear()
