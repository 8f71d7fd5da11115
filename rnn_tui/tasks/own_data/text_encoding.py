"""Decode a text of unknown encoding: by its byte order mark, as UTF-8, or in the likeliest older encoding."""

import codecs
import re

from rnn_tui.errors import DataError

MARKS = (  # UTF-32 first: its mark begins like that of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LOOKED_AT = 2**16  # bytes from which the encoding is guessed
WESTERN = r"[àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœÀÁÂÄÅÆÇÈÉÊÍÑÓÔÖØÚÜœ°²³µ§«»“”„‘’–—…€£¿¡·±×®©\xa0]"
RUSSIAN = r"[а-яё№«»–—\xa0]|(?<![А-Яа-яё])[А-ЯЁ](?=[а-яё\W])"  # capitals begin words
KANA, JAPANESE = r"[ぁ-んァ-ヶー]", r"[ぁ-んァ-ヶー、。・「」（）：々\u4e00-\u9fff]"
# The most frequent characters of a text in each encoding, besides ASCII.  If two fit equally well, the first is chosen.
LIKELY = {
    "cp1252": WESTERN,
    "cp1251": RUSSIAN,
    "shift_jis": JAPANESE,
    "euc_jp": JAPANESE,
    "euc_kr": r"[가-힣]",
    "gb18030": "COMMON",  # recognized by its bytes, see _share
    "big5": "COMMON",
    "koi8-r": RUSSIAN,
    "cp437": WESTERN,
    "mac_roman": WESTERN,
    "cp1250": r"[ąćęłńóśźżáčďéěíňřšťúůýžäöüőűĄĆĘŁŃÓŚŹŻÁČĎÉĚÍŇŘŠŤÚŮÝŽÄÖÜŐŰ°]",
}
COMMON_CHARACTERS = {  # two bytes that encode one of the few thousand most frequent characters
    "gb18030": re.compile(rb"[\xb0-\xd7\xa1\xa3][\xa1-\xfe]"),
    "big5": re.compile(rb"[\xa4-\xc6][\x40-\x7e\xa1-\xfe]|\xa1[\x40-\x7e\xa1-\xfe]"),
}
ENOUGH = 0.6  # share of the non-ASCII bytes that must be likely in a guessed encoding


def decoded(raw: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the text of ``raw``, and a note to the user on how it was decoded; ``encoding``: None to guess it.

    Raises:
        DataError: there is no such encoding, or the bytes are not valid in it.
    """
    if encoding is not None:
        return _in_encoding(raw, encoding), ""
    for mark, name in MARKS:
        if raw.startswith(mark):
            note = "" if name == "utf-8-sig" else f"read as {name.upper()} because of its byte order mark"
            return _strict(raw, name), note
    if name := _wide(raw):
        return _strict(raw, name), f"read as {name.upper()} because of its zero bytes"
    try:
        return raw.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        if not _text_like(raw):
            row = raw.count(b"\n", 0, error.start) + 1
            raise DataError(f"not a text file (byte 0x{raw[error.start]:02x} in row {row})") from None
    name = guessed(raw)
    text = raw.decode(name, errors="replace")
    lost = text.count("\N{REPLACEMENT CHARACTER}")
    note = f"not UTF-8; read as {name} (guessed); if letters look wrong, give the encoding: --encoding NAME"
    return text, note + (f" ({lost} characters could not be decoded)" if lost else "")


def guessed(raw: bytes) -> str:
    """Return the likeliest encoding of a text that is not Unicode; cp1252 if none fits well."""
    part = raw[:LOOKED_AT] if _beyond_ascii(raw[:LOOKED_AT]) >= 8 else raw
    shares = {name: _share(part, name) for name in LIKELY}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= ENOUGH else "cp1252"


def _share(raw: bytes, name: str) -> float:
    """Return the share of the non-ASCII bytes that are likely in an encoding; 0 if some are invalid."""
    try:
        text = raw.decode(name, errors="strict" if len(raw) < LOOKED_AT else "ignore")
    except UnicodeDecodeError:
        return 0.0
    beyond = _beyond_ascii(raw)
    if name in COMMON_CHARACTERS:
        likely = sum(_beyond_ascii(found[0]) for found in COMMON_CHARACTERS[name].finditer(raw))
    else:
        each = 2 if name in ("shift_jis", "euc_jp", "euc_kr") else 1
        likely = each * sum(1 for _ in re.finditer(LIKELY[name], text))
        if LIKELY[name] == JAPANESE and 20 * sum(1 for _ in re.finditer(KANA, text)) < beyond:
            likely = 0  # Japanese texts contain kana
    return min(1.0, likely / beyond) if beyond else 0.0


def _beyond_ascii(raw: bytes) -> int:
    return len(raw) - len(raw.translate(None, bytes(range(128, 256))))


def _wide(raw: bytes) -> str:
    """Return UTF-16 or UTF-32 if zero bytes at every second, or at three of four places, show it; otherwise ""."""
    part = raw[: 4096 - 4096 % 4]
    if len(raw) % 2 or part.count(0) < 0.2 * len(part) or not part:
        return ""
    zeros = [part[i::4].count(0) / max(1, len(part[i::4])) for i in range(4)]
    if len(raw) % 4 == 0 and min(zeros[2:]) > 0.9:
        return "utf-32-le"
    if len(raw) % 4 == 0 and min(zeros[:2]) > 0.9:
        return "utf-32-be"
    even, odd = (zeros[0] + zeros[2]) / 2, (zeros[1] + zeros[3]) / 2
    return "utf-16-le" if odd > 0.3 and even < 0.05 else "utf-16-be" if even > 0.3 and odd < 0.05 else ""


def _text_like(raw: bytes) -> bool:
    """Tell if the bytes may be text in an 8-bit encoding: binary files have many control characters."""
    controls = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1a\x1b"))
    return len(raw) - len(raw.translate(None, controls)) <= len(raw) // 1000


def _strict(raw: bytes, name: str) -> str:
    try:
        return raw.decode(name)
    except UnicodeDecodeError as error:
        raise DataError(f"not {name.upper()}, although it begins so ({error.reason} at byte {error.start:,})") from None


def _in_encoding(raw: bytes, encoding: str) -> str:
    try:
        text = raw.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except (LookupError, ValueError) as error:  # UnicodeDecodeError is a ValueError
        if not isinstance(error, UnicodeDecodeError):
            known = "utf-8, utf-16, cp1252, latin-1, cp1251, shift_jis, gb18030 or another that Python knows"
            raise DataError(f"unknown encoding {encoding!r}; use {known}") from None
        row = raw.count(b"\n", 0, error.start) + 1
        raise DataError(f"not {encoding} (byte 0x{raw[error.start]:02x} in row {row})") from None
    return text.removeprefix("\ufeff")
