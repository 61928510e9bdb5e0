"""The text cleaning rule, one field at a time.

The Go program applies the same rule before it tokenises, so every pattern here
uses only what Python's `re` and Go's RE2 agree on: explicit ASCII classes, no
look-around. `models/README.md` states the rule in words and `golden_clean.jsonl`
holds both sides to it.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable

_TAG = re.compile(r"<[^<>]{1,200}>")
_ENTITY = re.compile(r"&(?:#([0-9]+);?|#[xX]([0-9a-fA-F]+);?|[a-zA-Z0-9]+;?)")
_LINK = re.compile(r"!?\[([^\[\]]{0,200})\]\([^()\t\n\f\r ]*\)")
_URL = re.compile(r"https?://[^\t\n\f\r ]+|www\.[^\t\n\f\r ]+")
_LINE_MARK = re.compile(r"(?m)^[ \t]*[#>-]+")
_INLINE_MARK = re.compile(r"\*+|_{2,}|`+")
_SPACE = re.compile(r"[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")

_KEPT_FORMAT = {"\u200c", "\u200d"}  # ZWNJ and ZWJ carry meaning in several scripts and in emoji

# Windows-1252 meanings that HTML gives to the references &#128; .. &#159;.
_C1 = bytes(range(0x80, 0xA0)).decode("cp1252", errors="replace")


def _numeric(code: int) -> str:
    """Return the character a numeric reference stands for, as HTML5 reads it."""
    if 0x80 <= code <= 0x9F:
        char = _C1[code - 0x80]
        return chr(code) if char == "\ufffd" else char
    if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return chr(code)


def _entity(match: re.Match[str]) -> str:
    decimal, hexadecimal = match.group(1), match.group(2)
    if decimal:
        return _numeric(int(decimal[:9]))
    if hexadecimal:
        return _numeric(int(hexadecimal[:9], 16))
    return html.unescape(match.group(0))


def _character(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cc":
        return char if _SPACE.fullmatch(char) else " "
    if category == "Cf" and char not in _KEPT_FORMAT:
        return ""
    return char


def _characters(text: str) -> str:
    return text if text.isascii() and text.isprintable() else "".join(map(_character, text))


# Applied to a field one after the other, each over the whole text before the next.
RULES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("surrogates", lambda text: _SURROGATE.sub("\ufffd", text)),
    ("normalisation", lambda text: unicodedata.normalize("NFC", text)),
    ("tags", lambda text: _TAG.sub(" ", text)),
    ("entities", lambda text: _ENTITY.sub(_entity, text)),
    ("links", lambda text: _LINK.sub(r"\1", text)),
    ("addresses", lambda text: _URL.sub(" ", text)),
    ("line marks", lambda text: _LINE_MARK.sub(" ", text)),
    ("inline marks", lambda text: _INLINE_MARK.sub(" ", text)),
    ("control and invisible characters", _characters),
    ("white space", lambda text: _SPACE.sub(" ", text).strip(" ")),
)


def clean(text: str) -> str:
    """Return one field's text without markup, links and invisible characters, on one line."""
    for _, rule in RULES:
        text = rule(text)
    return text


def touched_by(text: str) -> list[str]:
    """Return the names of the rules that change something when `text` is cleaned, in their order."""
    found = []
    for name, rule in RULES:
        after = rule(text)
        if after != text:
            found.append(name)
        text = after
    return found
