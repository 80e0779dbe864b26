"""Every sentence that people read can be translated, and what could not be is found."""

import re
from textwrap import indent

import pytest

from tests.meta.sentences import SAME_IN_EVERY_LANGUAGE, files, messages, problems, problems_of
from tests.meta.source_tree import ROOT, read

GUIDE = "docs/howto/add-a-sentence.md"


def found(source: str) -> list[str]:
    return [what.partition(":")[0] for _, what in problems_of(source)]


def test_every_sentence_can_be_translated() -> None:
    assert list(problems()) == []


def test_babel_finds_sentences_plurals_words_with_a_context_and_what_describes_commands() -> None:
    extracted = messages()
    assert "This takes {price}, and you have {left} left." in extracted
    assert "{number} credit" in extracted
    assert "portrait" in extracted
    assert "Turn a picture into short films" in extracted


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ('_(f"Hello {name}.")', "a sentence is no literal, so that nobody can translate it"),
        ('_("Hello " + name)', "a sentence is no literal, so that nobody can translate it"),
        ("_(GREETING)", "a sentence is no literal, so that nobody can translate it"),
        ('ngettext("{n} clip", plural, n).format(n=n)', "a sentence is no literal, so that nobody can translate it"),
        ('_("Hello, {}.").format(name)', "a placeholder has no plain name"),
        ('_("Hello, {0}.").format(name)', "a placeholder has no plain name"),
        ('_("Hello, {user.name}.").format(user=user)', "a placeholder has no plain name"),
        ('_("Hello, %s.")', "a placeholder has no plain name"),
        ('HELLO = _("Hello.")', "a sentence is made before anybody's language is known"),
        ('class Hello:\n    words = _("Hello.")', "a sentence is made before anybody's language is known"),
        ('def hello(words=_("Hello.")): ...', "a sentence is made before anybody's language is known"),
        ('@cache\ndef hello(): return _("Hello.")', "a sentence is kept for readers of other languages"),
        ('@lru_cache(maxsize=9)\ndef hello(): return _("Hello.")', "a sentence is kept for readers of other languages"),
        ('_("at most {dark} % light").format(dark=dark)', "a placeholder has no plain name"),
        ('_("Hello, {name.")', "braces do not match"),
        ('_("Hello, {name}.")', "nothing fills the placeholders"),
        ('_("Hello, {name}.").format(nmae=name)', "the placeholders are not those that are filled"),
        ('_("Hello.").format(name=name)', "the placeholders are not those that are filled"),
        ('ngettext("a clip", "{n} clips", n).format(n=n)', "singular and plural have other placeholders"),
        ('_("Hello, ") + name', "a sentence is glued from parts"),
        ('_("{n} clips") % n', "a sentence is glued from parts"),
        ("f\"{_('Hello')} {name}\"", "a sentence is glued from parts"),
        ('say("The prompt is empty.")', "is not translated"),
        ('say(f"The prompt of {name} is empty.")', "an f-string is shown"),
        ('Button(label="Cancel")', "is not translated"),
        ('Button(label="go on")', "is not translated"),
        ('TextDisplay("hello")', "is not translated"),
        ('NAMES = {1: "Video"}', "is not translated"),
    ],
)
def test_what_cannot_be_translated_is_found(source: str, what: str) -> None:
    assert what in found(source)


@pytest.mark.parametrize(
    "source",
    [
        '"""Say hello."""',
        'log.info("The prompt is empty: %s", name)',
        'raise CardError(f"Discord does not say where {name} is")',
        '_("Hello.")',
        '_("Hello, {name}.").format(name=name)',
        'message = _("Hello, {name}.") if name else _("Hello.")\nmessage.format(name=name)',
        'ngettext("{n} clip", "{n} clips", n).format(n=n)',
        'pgettext("speed", "fast")',
        'f"-# {text}"',
        'Button(custom_id=f"cancel:{job}")',
        'def ask(value: "Answer of ours") -> None: ...',
    ],
)
def test_what_can_be_translated_or_is_not_for_people_is_left_alone(source: str) -> None:
    assert found(f"def say():\n{indent(source, '    ')}") == []


def test_what_is_the_same_in_every_language_is_still_said() -> None:
    sources = "".join(path.read_text("utf-8") for path in files())
    assert [text for text in SAME_IN_EVERY_LANGUAGE if text not in sources] == []


def test_make_check_looks_for_them() -> None:
    recipe = read("Makefile").partition("\ncheck:")[2].partition("\n\n")[0]
    assert "\t$(BIN)/python -m tests.meta.sentences" in recipe.splitlines()


def test_the_guide_names_files_that_are_there_and_every_file_of_sentences() -> None:
    named = {name.rstrip("/") for name in re.findall(r"`((?:bot|cogs|tests)/[\w./]*)`", read(GUIDE))}
    assert {name for name in named if not (ROOT / name).exists()} == set()
    there = {str(path.relative_to(ROOT)) for path in (ROOT / "bot/ui/text").glob("[!_]*.py")}
    assert there - named == {"bot/ui/text/translate.py"}


def test_the_guides_example_can_be_translated() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", read(GUIDE), re.DOTALL)
    assert "_(" in example
    assert problems_of(example) == []
