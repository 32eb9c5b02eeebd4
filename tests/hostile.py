"""Search texts that mean harm, or only look like it."""

from broadsheet.model.query import MAX_TEXT

# Fragments for property tests to put together.
HOSTILE = (
    'OR AND NOT -a "a (a a) title: title:a cat:x date:2025.. date:- has:code a* aaa* *** ( ) " \' ` ~1 ^2 [a TO b] {x}'
    ' \\ / /.*/ a:b :: -- -( -" || && ? $x$ \\frac{ &amp; &#0; <b> % 学 学* é İ ß \ud800 \0 \u202e \u200b \ufeff 💥'
    " https://a.b/c"
).split(" ")

TERRIBLE = {
    "nothing": "",
    "one long word": "a" * MAX_TEXT,
    "long words": ("x" * 63 + " ") * 30,
    "ten thousand words": "a " * (MAX_TEXT // 2),
    "different words": " ".join(f"w{number}" for number in range(3_000)),
    "common words": "the of and to in " * 6,
    "open parentheses": "(" * 5_000,
    "deep parentheses": "(" * 5_000 + "x" + ")" * 5_000,
    "deep exclusion": "NOT (" * 31 + "kettle" + ")" * 31,
    "deep alternatives": "(kettle OR " * 31 + "graph" + ")" * 31,
    "closing parentheses": ")" * MAX_TEXT,
    "short beginning": "a*",
    "stars": "*" * MAX_TEXT,
    "many beginnings": " ".join(
        f"{word}*" for word in "kett graph netw atten verb teap deep pre notes nai wri mod".split()
    ),
    "lone quote": '"',
    "quotes": '"' * MAX_TEXT,
    "common phrases": '"of the" "in the" "to the" "on the" "for the" "and the" "that the" "is a"',
    "long phrase": f'"{"the " * 31}"',
    "minus": "-" * MAX_TEXT,
    "spaced minus": "- " * (MAX_TEXT // 2),
    "operators": "OR AND NOT " * 1_000,
    "colons": ":" * MAX_TEXT,
    "fields": "title:" * 3_000,
    "empty fields": "title: " * 2_000,
    "engine's own syntax": r'+a -b && || !c ("d e"~2^3) [a TO z] {a TO z} body:x _all:* IN [1 2] \: /re.*/ *:* <=>',
    "regular expression bomb": "/(a+)+$/ (.*)*" + "a" * 5_000 + "!",
    "hyphens": "a-" * (MAX_TEXT // 2),
    "right to left": "\u202ekettle\u202c \u200f\u05e9\u05dc\u05dd\u200f",
    "zeros": "\0" * MAX_TEXT,
    "surrogates": "\ud800kettle\udfff" * 100,
    "marks": "e" + "\u0301" * (MAX_TEXT - 1),
    "emoji": "👩\u200d💻💥" * 100,
    "han": "学" * MAX_TEXT,
    "single han": "学 习 深 度 本 文 介 绍 " * 3,
    "entities": "&amp;" * 4_000,
    "tex": "\\frac{" * 3_000,
    "dollars": "$" * MAX_TEXT,
    "spaces": " \t\r\n\x0b\x0c\x85\u2028\u3000" * 2_000,
    "long day": "date:" + "9" * 10_000,
    "all days": "date:0000..9999",
    "long filter": "cat:" + "x" * 10_000,
}
