"""What Discord is told of commands in other languages: their descriptions, and what is chosen in their options."""

from discord import Locale
from discord.app_commands import TranslationContextLocation, TranslationContextTypes, Translator, locale_str

from bot.languages import ENGLISH, language_of
from bot.ui.text.choices import choice_name
from bot.ui.text.translate import speaking

DESCRIPTIONS = frozenset(
    {
        TranslationContextLocation.command_description,
        TranslationContextLocation.group_description,
        TranslationContextLocation.parameter_description,
    }
)


class CommandTranslator(Translator):
    """Translate for the locales that read a language other than English.

    The names of commands and options stay, so that everybody types them alike, and sentences can name them.
    """

    async def translate(self, string: locale_str, locale: Locale, context: TranslationContextTypes) -> str | None:
        """Give a description or a choice's name; None where Discord is to show the English one."""
        language = language_of(locale.value)
        if language is ENGLISH:
            return None
        translated = None
        if context.location in DESCRIPTIONS:
            translated = language.catalogue.gettext(string.message)
        elif context.location is TranslationContextLocation.choice_name:
            with speaking(locale.value):
                translated = choice_name(string.message)
        return None if translated == string.message else translated
