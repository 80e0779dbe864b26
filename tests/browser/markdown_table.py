"""What people type, and what the page makes of it."""

_LINK = 'target="_blank" rel="noopener noreferrer"'


def _spoiler(inner: str) -> str:
    attributes = 'class="spoiler" role="button" tabindex="0" aria-label="Spoiler, hidden" data-spoiler=""'
    return f'<span {attributes}><span inert="">{inner}</span></span>'


def _link(url: str, inner: str | None = None, title: str = "") -> str:
    named = f' title="{title}"' if title else ""
    return f'<a href="{url}"{named} {_LINK}>{inner or url}</a>'


def _pre(code: str, language: str = "") -> str:
    spoken = f' data-language="{language}"' if language else ""
    return f'<pre{spoken} tabindex="0"><code>{code}</code></pre>'


def _time(words: str) -> str:
    full = "Tuesday, 14 November 2023 at 22:13"
    return f'<time datetime="2023-11-14T22:13:20.000Z" title="{full}">{words}</time>'


def _mention(label: str, attribute: str = "") -> str:
    return f'<span class="mention"{attribute}>{label}</span>'


EMPHASIS = [
    ("plain text", "plain text"),
    ("**bold**", "<strong>bold</strong>"),
    ("*it*", "<em>it</em>"),
    ("_it_", "<em>it</em>"),
    ("***both***", "<em><strong>both</strong></em>"),
    ("__under__", "<u>under</u>"),
    ("___both___", "<em><u>both</u></em>"),
    ("~~gone~~", "<s>gone</s>"),
    ("||hidden||", _spoiler("hidden")),
    ("**bold *and it* more**", "<strong>bold <em>and it</em> more</strong>"),
    ("*it **and bold** more*", "<em>it <strong>and bold</strong> more</em>"),
    ("***a* b**", "<strong><em>a</em> b</strong>"),
    ("***a** b*", "<em><strong>a</strong> b</em>"),
    ("__**~~all~~**__", "<u><strong><s>all</s></strong></u>"),
    ("||a **b**||", _spoiler("a <strong>b</strong>")),
    ("**bold\nover lines**", "<strong>bold\nover lines</strong>"),
    ("snake_case_name", "snake_case_name"),
    ("2 * 3 * 4", "2 * 3 * 4"),
    ("*a *b*", "*a <em>b</em>"),
    ("**open", "**open"),
    ("a ~ b | c", "a ~ b | c"),
    ("****a****", "****a****"),
    ("**a _b** c_", "<strong>a _b</strong> c_"),
    ("** spaced **", "<strong> spaced </strong>"),
]

ESCAPES = [
    (r"\*not\*", "*not*"),
    (r"\*\*not\*\*", "**not**"),
    (r"\\", "\\"),
    (r"C:\path", r"C:\path"),
    (r"\# no heading", "# no heading"),
    (r"\- no item", "- no item"),
    (r"\<@1>", "&lt;@1&gt;"),
    (r"\`no code\`", "`no code`"),
    ("¯\\_(ツ)_/¯", "¯\\_(ツ)_/¯"),
    ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
]

CODE = [
    ("`code`", "<code>code</code>"),
    ("``a`b``", "<code>a`b</code>"),
    ("`` `a` ``", "<code>`a`</code>"),
    ("`**plain** <@1>`", "<code>**plain** &lt;@1&gt;</code>"),
    ("`open", "`open"),
    ("`a``b`", "<code>a``b</code>"),
    ("```\nblock\n```", _pre("block")),
    ("```js\nlet a;\n\nlet b;\n```", _pre("let a;\n\nlet b;", "js")),
    ("```one line```", _pre("one line")),
    ("a ```b``` c", f"a {_pre('b')} c"),
    ("```\n# no heading\n> no quote\n```", _pre("# no heading\n&gt; no quote")),
    ("```\ncode\n```\nafter", f"{_pre('code')}after"),
    ("||```\nsecret\n```||", _spoiler(_pre("secret"))),
    ("``````", "``````"),
    ("```open", "```open"),
]

LINKS = [
    ("https://example.org/", _link("https://example.org/")),
    ("see https://example.org/a.", f"see {_link('https://example.org/a')}."),
    ("(https://example.org/a_(b))", f"({_link('https://example.org/a_(b)')})"),
    ("**https://example.org/x**", f"<strong>{_link('https://example.org/x')}</strong>"),
    ("||https://example.org/x||", _spoiler(_link("https://example.org/x"))),
    ("<https://example.org/x>", _link("https://example.org/x")),
    ("[name](https://example.org/x)", _link("https://example.org/x", "name")),
    ("[**name**](<https://example.org/x>)", _link("https://example.org/x", "<strong>name</strong>")),
    ('[name](https://example.org/x "A title")', _link("https://example.org/x", "name", "A title")),
    ("[a](https://example.org/w_(x))", _link("https://example.org/w_(x)", "a")),
    ("[bad](javascript:alert(1))", "[bad](javascript:alert(1))"),
    ("[bad](data:text/html,x)", "[bad](data:text/html,x)"),
    ("[https://a.example](https://b.example/)", f"[https://a.example]({_link('https://b.example/')})"),
    ("http://", "http://"),
    ("[a] (https://example.org/)", f"[a] ({_link('https://example.org/')})"),
]

MENTIONS = [
    ("<@1>", _mention("@Mira", ' data-user="1"')),
    ("<@!1>", _mention("@Mira", ' data-user="1"')),
    ("<@99>", _mention("@unknown-user", ' data-user="99"')),
    ("<@&2>", _mention("@Film club", ' data-role="2" style="--pill: #00ff00;"')),
    ("<@&3>", _mention("@Plain", ' data-role="3"')),
    ("<@&99>", _mention("@unknown-role", ' data-role="99"')),
    ("<#4>", '<button type="button" class="mention" data-go-to="4">#films</button>'),
    ("https://discord.com/channels/1/4", '<button type="button" class="mention" data-go-to="4">#films</button>'),
    (
        "see https://discord.com/channels/1/4/5.",
        'see <button type="button" class="mention" data-go-to="4" data-jump="5">#films › message</button>.',
    ),
    ("https://discord.com/channels/1/99/5", _link("https://discord.com/channels/1/99/5")),
    ("<#99>", _mention("#unknown")),
    ("@everyone and @here", f"{_mention('@everyone')} and {_mention('@here')}"),
    ("</quota set:5>", '<button type="button" class="mention" data-command="quota set">/quota set</button>'),
    ("<:boat:123456789>", '<span class="emoji">:boat:</span>'),
    ("<a:boat:123456789> x", '<span class="emoji">:boat:</span> x'),
    ("<@abc> <#> <t:x>", "&lt;@abc&gt; &lt;#&gt; &lt;t:x&gt;"),
]

TIMES = [
    ("<t:1700000000>", _time("14 November 2023 at 22:13")),
    ("<t:1700000000:f>", _time("14 November 2023 at 22:13")),
    ("<t:1700000000:F>", _time("Tuesday, 14 November 2023 at 22:13")),
    ("<t:1700000000:t>", _time("22:13")),
    ("<t:1700000000:T>", _time("22:13:20")),
    ("<t:1700000000:d>", _time("14/11/2023")),
    ("<t:1700000000:D>", _time("14 November 2023")),
    ("<t:9999999999999:f>", "<time>Invalid Date</time>"),
    ("<t:1700000000:z>", "&lt;t:1700000000:z&gt;"),
]

BLOCKS = [
    ("# One", "<h3>One</h3>"),
    ("## Two", "<h4>Two</h4>"),
    ("### Three **b**", "<h5>Three <strong>b</strong></h5>"),
    ("#### four", "#### four"),
    ("#none", "#none"),
    ("-# small", '<div class="subtext">small</div>'),
    ("> quoted", "<blockquote><div>quoted</div></blockquote>"),
    ("> a\n> b\nc", "<blockquote><div>a\nb</div></blockquote><div>c</div>"),
    (">no", "&gt;no"),
    (">>> a\nb\n\nc", "<blockquote><div>a\nb\n\nc</div></blockquote>"),
    ("> > a", "<blockquote><div>&gt; a</div></blockquote>"),
    ("> # a\n> - b", "<blockquote><h3>a</h3><ul><li>b</li></ul></blockquote>"),
    ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
    ("* a", "<ul><li>a</li></ul>"),
    ("- a\n  - b\n    - c\n- d", "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>"),
    ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
    ("7. a", '<ol start="7"><li>a</li></ol>'),
    ("- a\n  1. b\n  2. c", "<ul><li>a<ol><li>b</li><li>c</li></ol></li></ul>"),
    ("- a\n1. b", "<ul><li>a</li></ul><ol><li>b</li></ol>"),
    ("- a\n  goes on", "<ul><li>a\ngoes on</li></ul>"),
    ("-a", "-a"),
    ("a\n# b\nc", "<div>a</div><h3>b</h3><div>c</div>"),
    ("a\n\n\nb", "a\n\n\nb"),
    ("- **a** `b`", "<ul><li><strong>a</strong> <code>b</code></li></ul>"),
]

SHOWN = [*EMPHASIS, *ESCAPES, *CODE, *LINKS, *MENTIONS, *TIMES, *BLOCKS]

LINES = [
    ("# no heading", "# no heading"),
    ("> no quote", "&gt; no quote"),
    ("- **bold** all the same", "- <strong>bold</strong> all the same"),
]

HOSTILE: dict[str, tuple[str, str]] = {
    "asterisks": ("*" * 4000, "*"),
    "asterisks apart": ("a" + " *" * 2000, "*"),
    "every emphasis open": ("*_~~||**__" * 400, "x"),
    "open emphasis with text": ("**a _b *c __d " * 280, "a"),
    "quotes in quotes": ("> " * 2000 + "a", "a"),
    "a thousand quoted lines": ("> a\n" * 1000, "a"),
    "brackets": ("[" * 4000, "["),
    "labels in labels": ("[a" * 2000, "[a"),
    "links without an end": ("[a](http://" * 360, "a"),
    "a link full of blanks": ("[a](http://x" + " " * 3980, "["),
    "closing parentheses": ("http://a" + ")" * 3990, ")"),
    "backticks of all lengths": (" ".join("`" * length for length in range(1, 88)), "x"),
    "fences": ("```a" * 1000, "a"),
    "empty fences": ("```\n\n```" * 450, "x"),
    "deep lists": ("\n".join(" " * depth + "- a" for depth in range(85)), "a"),
    "angles": ("<" * 4000, "<"),
    "commands without an end": ("</a" * 1300, "</a"),
    "backslashes": ("\\" * 4000, "x"),
    "spoilers": ("||a" * 1300, "a"),
    "newlines": ("\n" * 4000, "x"),
    "signs of all kinds": ("*_~|<@[`\\" * 440, "x"),
}
"""Name, text, and a part of it that has to be found as often in what is shown."""
