"""docs/glossary.md against the code: what it names is there, and the words of before do not come back."""

import re
from collections import Counter

from tests.meta.catalogues import DOMAINS, read
from tests.meta.code_names import defined_in, identifiers, identifiers_in, module_at, modules_of
from tests.meta.documents import CODE_SPAN, prose, rows, section
from tests.meta.source_tree import ROOT

GLOSSARY = "docs/glossary.md"

GONE = "## Names that are gone"


def terms() -> list[list[str]]:
    """Give the rows of all terms: term, Chinese, Vietnamese, meaning, where it lives, words not to use."""
    return [row for row in rows(prose(GLOSSARY)) if len(row) == 6]


def gone_words() -> list[str]:
    """Give the old words that must not come back."""
    return [old for old, _ in rows(section(GLOSSARY, GONE))]


def parts_of(name: str) -> str:
    """Write a name as its words in small letters, with an underscore around each: `JobResults` as `_job_results_`."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)
    return f"_{'_'.join(words).lower()}_"


def test_a_term_has_one_line_and_says_where_it_lives() -> None:
    assert [term for term, count in Counter(term for term, *_ in terms()).items() if count > 1] == []
    assert [term for term, _, _, meaning, lives_in, _ in terms() if not meaning or not CODE_SPAN.search(lives_in)] == []


def test_a_term_lives_where_its_line_says() -> None:
    missing: list[str] = []
    for term, _, _, _, lives_in, _ in terms():
        *names, last = CODE_SPAN.findall(lives_in)
        module = module_at(last)
        if module is not None:
            missing += [f"{term}: {name}" for name in names if name not in defined_in(module)]
        elif "/" in last:
            missing += [] if (ROOT / last).exists() else [f"{term}: {last}"]
        else:
            missing += [] if last in identifiers() else [f"{term}: {last}"]
    assert missing == []


def test_what_members_read_in_other_languages_is_a_word_of_their_catalogue() -> None:
    missing: list[str] = []
    for column, language in ((1, "zh_CN"), (2, "vi")):
        said = " ".join(str(message.string) for message in read(DOMAINS[0].path(language))).lower()
        words = [(row[0], word) for row in terms() for word in re.split("[/／,;]", row[column])]
        missing += [
            f"{language}: {term}: {word}" for term, word in words if word != "–" and word.strip().lower() not in said
        ]
    assert missing == []


def test_the_words_of_before_do_not_come_back_as_names() -> None:
    words = gone_words()
    found = [
        f"{module}: {name}"
        for module in modules_of("bot", "cogs")
        for name in {*identifiers_in(module), *module.split(".")}
        for word in words
        if f"_{word}_" in parts_of(name)
    ]
    assert found == []
    assert words
