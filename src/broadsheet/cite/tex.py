"""Text for TeX: special characters escaped, formulas kept, braces in balance."""

import re

from broadsheet.model.text import plain

_MATHS = re.compile(r"(?<!\\)\$(?![\s$])((?:[^$\\]|\\.)+)(?<!\s)\$(?!\d)")
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "&%$#_"},
}


def escaped(text: str) -> str:
    """Escape words, and keep formulas whose braces balance."""
    pieces: list[str] = []
    end = 0
    for match in _MATHS.finditer(text):
        if balanced(match[1]):
            pieces += [_words(text[end : match.start()]), match[0]]
            end = match.end()
    return "".join([*pieces, _words(text[end:])])


def _words(text: str) -> str:
    body = plain(text.strip())
    lead = text[: len(text) - len(text.lstrip())]
    trail = text[len(text.rstrip()) :] if body else ""
    return "".join(_SPECIAL.get(mark, mark) for mark in f"{lead}{body}{trail}")


def verbatim(text: str) -> str:
    """Percent-encode what would end the field or start a comment; doi and url fields take the rest as it is."""
    return "".join(f"%{ord(mark):02X}" if mark in "{}\\" or mark.isspace() else mark for mark in text)


def balanced(text: str) -> bool:
    """Tell whether every brace has its other half."""
    depth = 0
    for mark in text:
        depth += (mark == "{") - (mark == "}")
        if depth < 0:
            return False
    return depth == 0


def braced(text: str) -> str:
    """Put a value between braces."""
    return f"{{{text}}}"
