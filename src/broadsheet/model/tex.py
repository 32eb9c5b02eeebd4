"""TeX as a person reads it: accents and symbols as Unicode, markup gone."""
# ruff: noqa: RUF001 - tables of letters that look alike

import re
from collections.abc import Callable
from html import unescape
from string import whitespace

from broadsheet.model.unicode import nfc

_SIGNS = ("\\", "$", "{", "}", "~", "--", "``", "''")
# A dollar opens mathematics before a non-space and closes it after one and not before a digit: "$5 and $10" is money.
_MATH = re.compile(r"(?<!\\)\$\$?(?=\S)([^$]*?)(?<=[^\s\\])\$\$?(?!\d)")
_SCRIPT = re.compile(r"([\^_])\s*(?:\{([^{}\\]*)\}|(\w|\*)|\{?\\circ(?![A-Za-z])\}?)")
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
# Each choice begins with a letter of its own, so that the engine skips at once what is no TeX.
_TOKEN = re.compile(
    r"\\(?:(?P<accent>[`'^\"~=.])\s*(?:\{\s*(?:(?P<accented>\\?[^\W\d_])\s*)?\}|(?P<bare>\\[ij](?![A-Za-z])|[^\W\d_]))"
    r"|(?P<hook>[cvuHdbktr])(?:\s*\{\s*(?P<hooked>\\?[^\W\d_])\s*\}|\s+(?P<loose>[A-Za-z]))"
    r"|(?P<gone>(?:cite[a-z]*|ref|eqref|label|begin|end|color|textcolor|href|vspace|hspace|includegraphics)\*?"
    r"\s*(?:\[[^\[\]{}]*\]\s*)?\{[^{}]*\})"
    r"|unicode\{x(?P<point>[0-9a-fA-F]{2,6})\}"
    r"|(?P<macro>[A-Za-z]+)\*?(?P<after>\s*)"
    r"|(?P<escaped>.))"
    r"|\{|\}|~(?P<tie>)|--(?P<dash>-*)|``(?P<quote>)|''(?P<unquote>)",
    re.DOTALL,
)

_MARKS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "d": "\u0323", "b": "\u0331", "k": "\u0328",
    "t": "\u0361", "r": "\u030a",
}  # fmt: skip
_RAISED = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-=()aeoxhklmnpstijruv", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼᵣᵤᵥ")
# Letters: TeX swallows the space after them (S\\o ren).
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ",
    "NG": "Ŋ",
}  # fmt: skip
_SYMBOLS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ",
    "pi": "π", "varpi": "ϖ", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ",
    "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
    "times": "×", "cdot": "·", "pm": "±", "mp": "∓", "div": "÷", "ast": "∗", "star": "⋆", "circ": "∘", "bullet": "•",
    "oplus": "⊕", "otimes": "⊗", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "approx": "≈",
    "sim": "∼", "simeq": "≃", "equiv": "≡", "propto": "∝", "ll": "≪", "gg": "≫", "lesssim": "≲", "gtrsim": "≳",
    "in": "∈", "notin": "∉", "subset": "⊂", "subseteq": "⊆", "supset": "⊃", "cup": "∪", "cap": "∩", "emptyset": "∅",
    "forall": "∀", "exists": "∃", "neg": "¬", "land": "∧", "lor": "∨", "to": "→", "rightarrow": "→", "leftarrow": "←",
    "Rightarrow": "⇒", "Leftarrow": "⇐", "leftrightarrow": "↔", "Leftrightarrow": "⇔", "mapsto": "↦", "uparrow": "↑",
    "downarrow": "↓", "infty": "∞", "partial": "∂", "nabla": "∇", "sum": "∑", "prod": "∏", "int": "∫", "sqrt": "√",
    "ell": "ℓ", "hbar": "ℏ", "Re": "ℜ", "Im": "ℑ", "top": "⊤", "perp": "⊥", "mid": "|", "vert": "|", "Vert": "‖",
    "langle": "⟨", "rangle": "⟩", "lceil": "⌈", "rceil": "⌉", "lfloor": "⌊", "rfloor": "⌋", "ldots": "…", "dots": "…",
    "cdots": "⋯", "degree": "°", "textdegree": "°", "deg": "°", "copyright": "©", "texttrademark": "™", "pounds": "£",
    "euro": "€", "S": "§", "P": "¶", "dag": "†", "ddag": "‡", "checkmark": "✓", "textbackslash": "\\",
    "textasciitilde": "~", "textasciicircum": "^", "textunderscore": "_", "textendash": "–", "textemdash": "—",
    "textquotesingle": "'", "lbrace": "{", "rbrace": "}", "backslash": "\\", "newline": " ", "quad": " ", "qquad": " ",
    "item": " ", "footnote": " ", "par": " ",
}  # fmt: skip
_SILENT = frozenset(
    "textbf textit textsc texttt textrm textsf textmd textup textsl textnormal emph text mbox hbox underline overline "
    "bf it sc tt rm sf em sl bfseries itshape scshape ttfamily normalfont cal mathcal mathbb mathbf mathrm mathit "
    "mathsf mathtt mathfrak mathscr boldsymbol bm pmb operatorname ensuremath left right big Big bigg Bigg bigl bigr "
    "Bigl Bigr hat widehat bar vec tilde widetilde dot ddot url path protect noindent centering small large Large "
    "tiny footnotesize textsuperscript textsubscript displaystyle limits nolimits xspace mathop mathrel".split()
)
_NO_TIE = frozenset({"", "/", *whitespace})
_LONGEST_DASH = 3
_ESCAPES = dict.fromkeys(",;: \n~\\", " ") | dict.fromkeys("!-/()[]@", "") | {"|": "‖"}


def plain(text: str) -> str:
    """Read TeX as a person would: accents and symbols as Unicode, markup and braces gone; for words, not for display.

    Simple exponents and indices become Unicode (``$x^2$`` is ``x²``), unknown macros lose their backslash.
    Never raises; linear in the length of ``text``; text without TeX comes back as it is.
    """
    if not any(sign in text for sign in _SIGNS):
        return text
    if "$" in text or "\\(" in text:
        dollars = text.replace("\\(", "$").replace("\\)", "$")
        text = _MATH.sub(lambda match: _SCRIPT.sub(_script, match[1]), dollars)
    text = _FRACTION.sub(r"\1/\2", text)
    return " ".join(nfc(_TOKEN.sub(_token, text)).split())


def _script(match: re.Match[str]) -> str:
    sign, content = match[1], match[2] if match[2] is not None else match[3]
    if content is None:
        return "°" if sign == "^" else "_∘"
    shifted = content.translate(_RAISED if sign == "^" else _LOWERED)
    if content and all(a != b for a, b in zip(content, shifted, strict=True)):
        return shifted
    return content if sign == "^" and content in {"*", "th", "st", "nd", "rd"} else sign + content


def _token(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    read = _READERS.get(kind)
    return read(match) if read else ""


def _accented(match: re.Match[str]) -> str:
    letter: str = match[match.lastgroup or 0]
    return letter.removeprefix("\\") + _MARKS[match["accent"] or match["hook"]]


def _macro(match: re.Match[str]) -> str:
    name: str = match["macro"]
    if name in _LETTERS:
        return _LETTERS[name]
    if name in _SILENT:
        return ""
    return _SYMBOLS.get(name, name) + match["after"]


def _point(match: re.Match[str]) -> str:
    found = unescape(f"&#x{match['point']};")
    return found if found.isprintable() else ""


def _tie(match: re.Match[str]) -> str:
    """Read a tilde between words as a space; in an address it stands for itself."""
    before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1]
    return "~" if before in _NO_TIE or after in _NO_TIE else " "


def _dash(match: re.Match[str]) -> str:
    """Read two or three hyphens as a dash within words or standing alone; others are an option or a rule."""
    before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1]
    if len(match[0]) > _LONGEST_DASH or before == "(" or (before.isspace() and not after.isspace()):
        return match[0]
    return "—" if len(match[0]) == _LONGEST_DASH else "–"


_READERS: dict[str, Callable[[re.Match[str]], str]] = {
    "accent": lambda match: match["accent"],
    "accented": _accented,
    "bare": _accented,
    "hooked": _accented,
    "loose": _accented,
    "after": _macro,
    "point": _point,
    "escaped": lambda match: _ESCAPES.get(match["escaped"], match["escaped"]),
    "tie": _tie,
    "dash": _dash,
    "quote": lambda _: "“",
    "unquote": lambda _: "”",
}
