"""Five thousand texts that want to run: seeds by hand, times what they break out of, times how they are written.

Each calls ``__ran()``, which a test's browser counts. The seeds follow OWASP's and PortSwigger's cheat sheets.
"""

import random
from collections.abc import Callable, Iterator
from html import escape
from urllib.parse import quote

SEEDS = (
    "<script>__ran()</script>",
    "<script src=data:,__ran()></script>",
    "<script type=module>__ran()</script>",
    "<script/x>__ran()</script >",
    "<scr<script>ipt>__ran()</scr</script>ipt>",
    "<script>__ran()<!--",
    "<script>/*</script>*/__ran()</script>",
    "<svg><script>__ran()</script></svg>",
    "<svg><script>&#95;&#95;ran()</script></svg>",
    "<svg><script href=data:,__ran() />",
    "<svg onload=__ran()>",
    "<svg/onload=__ran()>",
    "<svg><animate onbegin=__ran() attributeName=x dur=1s>",
    "<svg><set onbegin=__ran() attributeName=x>",
    "<svg><a xlink:href=javascript:__ran()><text y=20>x</text></a></svg>",
    "<svg><use href=data:image/svg+xml,%3Csvg id=x%3E#x>",
    "<svg><foreignObject><img src=x onerror=__ran()></foreignObject></svg>",
    "<svg><style><img src=x onerror=__ran()></style></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=__ran()>'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=__ran()></style></mglyph></table></mtext></math>",
    "<math><mi//xlink:href='data:x,<script>__ran()</script>'>",
    "<math href=javascript:__ran()>x</math>",
    "<math><maction actiontype=statusline#http://x xlink:href=javascript:__ran()>x</maction></math>",
    "<math><annotation-xml encoding='text/html'><img src=x onerror=__ran()></annotation-xml></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=__ran()>",
    "<img src=x onerror=__ran()>",
    "<img src=x onerror=__ran()//",
    "<img/src=x/onerror=__ran()>",
    "<img src=x oNeRrOr=__ran()>",
    "<img src onerror \n= __ran()>",
    "<img src='x'onerror='__ran()'>",
    "<img src=`x`onerror=__ran()>",
    "<image src=x onerror=__ran()>",
    "<img srcset=x onerror=__ran()>",
    "<img src=x onerror='&#x5f;&#x5f;ran()'>",
    "<img \x00src=x onerror=__ran()>",
    "<img\x0csrc=x\x0conerror=__ran()>",
    "<<img src=x onerror=__ran()>",
    "<IMG SRC=x ONERROR=__ran()>",
    "<video><source onerror=__ran()></video>",
    "<video src=x onerror=__ran()></video>",
    "<audio src=x onerror=__ran()></audio>",
    "<body onload=__ran()>",
    "<body onpageshow=__ran()>",
    "<iframe src=javascript:__ran()></iframe>",
    "<iframe srcdoc='<script>parent.__ran()</script>'></iframe>",
    "<iframe onload=__ran()></iframe>",
    "<frameset onload=__ran()>",
    "<object data=javascript:__ran()></object>",
    "<object data='data:text/html,<script>parent.__ran()</script>'></object>",
    "<embed src=javascript:__ran()>",
    "<applet code=x onerror=__ran()>",
    "<link rel=stylesheet href=x onerror=__ran()>",
    "<link rel=import href=data:text/html,<script>__ran()</script>>",
    "<style>@import 'x';</style><style onload=__ran()></style>",
    "<style>*{background:url(javascript:__ran())}</style>",
    "<meta http-equiv=refresh content='0;url=javascript:__ran()'>",
    "<base href=//evil.example/>",
    "<input autofocus onfocus=__ran()>",
    "<select autofocus onfocus=__ran()>",
    "<textarea autofocus onfocus=__ran()>",
    "<button autofocus onfocus=__ran()>x</button>",
    "<button formaction=javascript:__ran()>x</button>",
    "<form action=javascript:__ran()><button>x</button></form>",
    "<isindex action=javascript:__ran() type=submit>",
    "<details open ontoggle=__ran()><summary>x</summary></details>",
    "<marquee onstart=__ran()>x</marquee>",
    "<keygen autofocus onfocus=__ran()>",
    "<div tabindex=1 autofocus onfocus=__ran()>x</div>",
    "<x onclick=__ran() id=x tabindex=1>x</x>",
    "<x contenteditable onfocus=__ran() autofocus>x</x>",
    "<p style='animation:x' onanimationstart=__ran()>x</p>",
    "<p style=width:expression(__ran())>x</p>",
    "<template><script>__ran()</script></template>",
    "<template shadowrootmode=open><img src=x onerror=__ran()></template>",
    "<noscript><p title='</noscript><img src=x onerror=__ran()>'>",
    "<noembed><img title='</noembed><img src=x onerror=__ran()>'></noembed>",
    "<xmp><p title='</xmp><img src=x onerror=__ran()>'></xmp>",
    "<plaintext><img src=x onerror=__ran()>",
    "<!--><img src=x onerror=__ran()>-->",
    "<!--!><img src=x onerror=__ran()>",
    "<![CDATA[><img src=x onerror=__ran()>]]>",
    "<?xml-stylesheet href='javascript:__ran()'?>",
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'javascript:__ran()'>]>",
    "<a href=javascript:__ran()>x</a>",
    "<a href='java\tscript:__ran()'>x</a>",
    "<a href='&#106;avascript:__ran()'>x</a>",
    "<a href='\x01javascript:__ran()'>x</a>",
    "<a href=data:text/html,<script>__ran()</script>>x</a>",
    "<a href=vbscript:__ran()>x</a>",
    "<a target=x onmouseover=__ran()>x</a>",
    "[x](javascript:__ran())",
    "[x](<javascript:__ran()>)",
    "[x](java&#115;cript:__ran())",
    "[x](data:text/html,<script>__ran()</script>)",
    "![x](javascript:__ran())",
    '![x" onerror="__ran()](x)',
    '[x](https://x.example/"onmouseover="__ran())',
    "[x](x 'y\"onclick=\"__ran()')",
    "[x]: javascript:__ran()\n[x]",
    "<javascript:__ran()>",
    '<https://x.example/"onclick="__ran()>',
    'https://x.example/"><img src=x onerror=__ran()>',
    '@ann"><img src=x onerror=__ran()>',
    'arXiv:2401.00001"><img src=x onerror=__ran()>',
    "```<img src=x onerror=__ran()>\n```",
    "| <img src=x onerror=__ran()> |\n|-|\n| x |",
    "$\\href{javascript:__ran()}{x}$",
    "$\\text{<img src=x onerror=__ran()>}$",
    '$\\htmlData{x="onclick=__ran()}{y}$',
    "$\\unicode{x3c}img src=x onerror=__ran()\\unicode{x3e}$",
    "$\\url{javascript:__ran()}$",
    '$\\class{"onclick="__ran()}{x}$',
    '$$\\style{x:"><img src=x onerror=__ran()>}{y}$$',
    "\\href{javascript:__ran()}{x}",
    "\\begin{html}<img src=x onerror=__ran()>\\end{html}",
    '{\\"<img src=x onerror=__ran()>}',
    "{{constructor.constructor('__ran()')()}}",
    "{{config.__class__}}<img src=x onerror=__ran()>",
    "${__ran()}",
    "#{__ran()}",
    "javascript:__ran()",
    "javascript://x.example/%0a__ran()",
    "data:text/html;base64,PHNjcmlwdD5wYXJlbnQuX19yYW4oKTwvc2NyaXB0Pg==",
    'x" onmouseover="__ran()" x="',
    "x' onfocus='__ran()' autofocus='",
    "x onfocus=__ran() autofocus ",
    '";__ran();//',
    "';__ran();//",
    '\\";__ran();//',
    "</script><script>__ran()</script>",
    "\u2028__ran()\u2029",
    "\ufeff<img src=x onerror=__ran()>",
    "\uff1cimg src=x onerror=__ran()\uff1e",
    "\u202e<img src=x onerror=__ran()>",
    "%3Cimg src=x onerror=__ran()%3E",
    "+ADw-script+AD4-__ran()+ADw-/script+AD4-",
)
# What stands before a seed, to end what it may stand in.
OUT = ("", '">', "'>", "</textarea>", "</title>", "</script>", "-->", "]]>", "</style>", "\\\"'`>", "\n\n")
WAYS: tuple[Callable[[str], str], ...] = (
    str,
    escape,
    lambda text: escape(escape(text)),
    quote,
    lambda text: text.replace("<", "&lt").replace(">", "&gt"),
    lambda text: text.replace("<", "&#60").replace(">", "&#x3e;"),
    lambda text: "".join(c.upper() if n % 2 and "__ran" not in text[n - 5 : n + 5] else c for n, c in enumerate(text)),
    lambda text: text.replace(" ", "/"),
    lambda text: f"\\textbf{{{text}}}",
)
COUNT = 5_000


def payloads() -> list[str]:
    """Give COUNT texts, the same each time, no two alike; every seed as it is among them."""
    every = [way(out + seed) for out in OUT for way in WAYS for seed in SEEDS]
    first, rest = list(SEEDS), [text for text in dict.fromkeys(every) if text not in SEEDS]
    random.Random(7).shuffle(rest)
    return (first + rest)[:COUNT]


def batches(most: int, between: str = " ", *, count: int = COUNT) -> Iterator[str]:
    """Join texts to batches of at most so many characters; one that is longer by itself is left out."""
    batch = ""
    for text in payloads()[:count]:
        joined = f"{batch}{between}{text}" if batch else text
        if len(joined) > most:
            yield batch
            joined = text if len(text) <= most else ""
        batch = joined
    if batch:
        yield batch
