"""Every sentence of the page can be translated, and what could not be is found."""

import pytest

from sandbox.web.languages import catalogue_of, catalogues
from sandbox.web.locales import LOCALES
from tests.meta.catalogues import DOMAINS, count
from tests.meta.page_messages import not_extracted, page_sentences, problems, unmarked, unmarked_refusals


def test_every_sentence_of_the_page_can_be_translated() -> None:
    assert list(problems()) == []


def test_each_language_has_as_many_sentences_as_the_page() -> None:
    sentences = len([message for message in page_sentences() if message.id])
    assert sentences > 300
    assert count(DOMAINS[1]) == {"vi": (sentences, sentences), "zh_CN": (sentences, sentences)}


@pytest.mark.parametrize("locale", [*LOCALES, "zh-HK"])
def test_a_locale_without_a_catalogue_of_its_own_reads_that_of_its_language(locale: str) -> None:
    family = {name.partition("_")[0]: name for name in catalogues()}
    assert catalogue_of(locale) == family.get(locale.partition("-")[0])


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
