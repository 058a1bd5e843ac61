"""MessagePack without extension types, in plain Python: the bridge must not depend on what is installed beside vLLM.

Control messages are few; the records of tokens have an encoder of their own in `records.py`.
"""

from __future__ import annotations

import struct
from typing import Any, Callable

MAX_DEPTH = 32


class CodecError(ValueError):
    """Bytes or values that are not data of this protocol."""


def encode(value: Any) -> bytes:
    """Encodes None, bool, int, float, str, bytes, lists, tuples and dicts with text keys.

    Raises CodecError for any other type, for integers outside 64 bits and beyond 32 levels.
    """
    parts: list[bytes] = []
    _encode(value, parts.append, MAX_DEPTH)
    return b"".join(parts)


def encode_text(text: str) -> bytes:
    """Encodes a text as UTF-8; halves of surrogate pairs become U+FFFD."""
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        data = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode("utf-8")
    size = len(data)
    if size < 32:
        return bytes((0xA0 | size,)) + data
    if size < 1 << 8:
        return bytes((0xD9, size)) + data
    if size < 1 << 16:
        return struct.pack(">BH", 0xDA, size) + data
    return struct.pack(">BI", 0xDB, size) + data


def _encode(value: Any, add: Callable[[bytes], Any], depth: int) -> None:
    if value is None:
        add(b"\xc0")
    elif value is True:
        add(b"\xc3")
    elif value is False:
        add(b"\xc2")
    elif isinstance(value, int):
        add(encode_int(value))
    elif isinstance(value, float):
        add(struct.pack(">Bd", 0xCB, value))
    elif isinstance(value, str):
        add(encode_text(value))
    elif isinstance(value, (bytes, bytearray, memoryview)):
        add(struct.pack(">BI", 0xC6, len(value)))
        add(bytes(value))
    elif isinstance(value, (list, tuple)):
        _encode_items(value, add, depth)
    elif isinstance(value, dict):
        _encode_map(value, add, depth)
    else:
        raise CodecError(f"a value of type {type(value).__name__} cannot be sent")


def _encode_items(items: Any, add: Callable[[bytes], Any], depth: int) -> None:
    if depth == 0:
        raise CodecError(f"more than {MAX_DEPTH} levels")
    size = len(items)
    add(bytes((0x90 | size,)) if size < 16 else struct.pack(">BI", 0xDD, size))
    for item in items:
        _encode(item, add, depth - 1)


def _encode_map(values: dict[Any, Any], add: Callable[[bytes], Any], depth: int) -> None:
    if depth == 0:
        raise CodecError(f"more than {MAX_DEPTH} levels")
    size = len(values)
    add(bytes((0x80 | size,)) if size < 16 else struct.pack(">BI", 0xDF, size))
    for key, item in values.items():
        if not isinstance(key, str):
            raise CodecError(f"a key of type {type(key).__name__} cannot be sent")
        add(encode_text(key))
        _encode(item, add, depth - 1)


def encode_int(value: int) -> bytes:
    """Encodes an integer in the shortest form."""
    if 0 <= value < 1 << 7:
        return bytes((value,))
    if -32 <= value < 0:
        return struct.pack("b", value)
    for low, high, code, form in _INT_FORMS:
        if low <= value < high:
            return struct.pack(form, code, value)
    raise CodecError("an integer of more than 64 bits cannot be sent")


_INT_FORMS = (
    (0, 1 << 8, 0xCC, ">BB"),
    (0, 1 << 16, 0xCD, ">BH"),
    (0, 1 << 32, 0xCE, ">BI"),
    (0, 1 << 64, 0xCF, ">BQ"),
    (-(1 << 7), 0, 0xD0, ">Bb"),
    (-(1 << 15), 0, 0xD1, ">Bh"),
    (-(1 << 31), 0, 0xD2, ">Bi"),
    (-(1 << 63), 0, 0xD3, ">Bq"),
)

_FIXED = {0xC0: None, 0xC2: False, 0xC3: True}

_NUMBERS = {
    0xCA: ">f",
    0xCB: ">d",
    0xCC: ">B",
    0xCD: ">H",
    0xCE: ">I",
    0xCF: ">Q",
    0xD0: ">b",
    0xD1: ">h",
    0xD2: ">i",
    0xD3: ">q",
}

#: code: (form of the length, kind)
_SIZED = {
    0xC4: (">B", "bin"),
    0xC5: (">H", "bin"),
    0xC6: (">I", "bin"),
    0xD9: (">B", "str"),
    0xDA: (">H", "str"),
    0xDB: (">I", "str"),
    0xDC: (">H", "array"),
    0xDD: (">I", "array"),
    0xDE: (">H", "map"),
    0xDF: (">I", "map"),
}


def decode(data: bytes) -> Any:
    """Decodes exactly one value. Raises CodecError for anything else, extension types included."""
    reader = _Reader(data)
    value = reader.value(MAX_DEPTH)
    if reader.at != len(data):
        raise CodecError(f"{len(data) - reader.at} bytes after the value")
    return value


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def value(self, depth: int) -> Any:
        code = self.take(1)[0]
        if code < 0x80:
            return code
        if code >= 0xE0:
            return code - 0x100
        if code < 0x90:
            return self.container("map", code & 0x0F, depth)
        if code < 0xA0:
            return self.container("array", code & 0x0F, depth)
        if code < 0xC0:
            return self.text(code & 0x1F)
        if code in _FIXED:
            return _FIXED[code]
        if code in _NUMBERS:
            return self.number(_NUMBERS[code])
        if code not in _SIZED:
            raise CodecError(f"the type 0x{code:02x} is not part of the protocol")
        form, kind = _SIZED[code]
        size = self.number(form)
        if kind == "bin":
            return self.take(size)
        return self.text(size) if kind == "str" else self.container(kind, size, depth)

    def take(self, size: int) -> bytes:
        end = self.at + size
        if end > len(self.data):
            raise CodecError("the value is cut off")
        piece = self.data[self.at : end]
        self.at = end
        return piece

    def number(self, form: str) -> Any:
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def text(self, size: int) -> str:
        try:
            return self.take(size).decode("utf-8")
        except UnicodeDecodeError as error:
            raise CodecError("a text is not UTF-8") from error

    def container(self, kind: str, size: int, depth: int) -> Any:
        if depth == 0:
            raise CodecError(f"more than {MAX_DEPTH} levels")
        if size > len(self.data) - self.at:
            raise CodecError("the value is cut off")  # every item takes at least one byte
        if kind == "array":
            return [self.value(depth - 1) for _ in range(size)]
        values: dict[str, Any] = {}
        for _ in range(size):
            key = self.value(depth - 1)
            if not isinstance(key, str):
                raise CodecError("a key is not a text")
            values[key] = self.value(depth - 1)
        return values
