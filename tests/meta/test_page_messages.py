"""Every sentence of the page is marked, and its catalogues are whole."""

import pytest

from sandbox.web.languages import SPEAKS
from sandbox.web.locales import LOCALES
from tests.meta.page_messages import (
    catalogue,
    languages,
    not_extracted,
    problems,
    template,
    unmarked,
    unmarked_refusals,
    updated,
)
from tests.meta.source_tree import read


def test_every_sentence_of_the_page_is_marked_and_translated() -> None:
    assert list(problems()) == []


def test_the_page_speaks_a_language_for_each_catalogue_and_no_other() -> None:
    assert sorted(set(SPEAKS.values())) == languages()


@pytest.mark.parametrize("locale", [*LOCALES, "zh-HK"])
def test_a_locale_without_a_catalogue_of_its_own_reads_that_of_its_language(locale: str) -> None:
    family = {name.partition("_")[0]: name for name in languages()}
    assert SPEAKS.get(locale) == family.get(locale.partition("-")[0])


@pytest.mark.parametrize("language", languages())
def test_the_catalogues_are_as_they_are_written(language: str) -> None:
    assert updated(language) == read(f"sandbox/web/locale/{language}/LC_MESSAGES/page.po")


@pytest.mark.parametrize("language", languages())
def test_a_catalogue_has_a_translation_for_each_message(language: str) -> None:
    translated = [message for message in catalogue(language) if message.id and message.string]
    assert len(translated) == len([message for message in template() if message.id])


@pytest.mark.parametrize(
    "script",
    [
        'h("p", {}, "There is nothing here.")',
        'h("button", {}, "Cancel")',
        'h("button", { "aria-label": "close" })',
        "announce(`${name} is thinking…`)",
        'const BROKEN = "The upload broke off";',
        't("{name}: {news}", { news: "Nothing is new." })',
    ],
)
def test_a_sentence_that_is_not_marked_is_found(script: str) -> None:
    assert len(list(unmarked(script))) == 1


@pytest.mark.parametrize(
    "script",
    [
        't("There is nothing here.")',
        'tn("{count} field of it.", "All {count} fields.", count)',
        'h("button", { class: "button secondary link", type: "button" })',
        "/** A sentence for us. */",
        'throw new Error("The page is broken.")',
        'if (key === "ArrowDown") go()',
    ],
)
def test_what_is_marked_or_not_for_people_is_no_problem(script: str) -> None:
    assert list(unmarked(script)) == []


@pytest.mark.parametrize(
    "script",
    ['t("{what} is here", { what: t("a film") })', '`<${t("a film")}>`', 'tn("{a}", "{a}s", 1, { a: t("a") })'],
)
def test_a_call_that_babel_does_not_find_is_found(script: str) -> None:
    assert len(list(not_extracted(script))) == 1


@pytest.mark.parametrize("source", ['raise Refused("No.")', 'Refused(f"No, {name}.")', 'NotOffered("No" + "!")'])
def test_a_refusal_that_is_not_marked_is_found(source: str) -> None:
    assert len(list(unmarked_refusals(source))) == 1
    assert list(unmarked_refusals('raise Refused(t("No."))')) == []
