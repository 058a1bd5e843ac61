"""Records of the hot path, encoded one by one as they are made and sent in one `out` frame per turn of the loop.

Instants are nanoseconds since the epoch that goodput chose, None when unknown.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, Optional

from .codec import encode, encode_int, encode_text

_DELTA_HEAD = struct.Struct(">BBBIBBQ")
#: The same with the engine's stamp, fewer than 128 tokens, and the length of a text below 32 bytes.
_SHORT_DELTA = struct.Struct(">BBBIBBQBQBB")
_SHORT_DELTA_UNKNOWN = struct.Struct(">BBBIBBQBBB")
_NO_IDS_NO_LOGPROBS = b"\xc0\xc0"
_U64 = struct.Struct(">BQ")
_OUT_HEAD = b"\x92\xa3out\x92"
_NONE = b"\xc0"


def start(rid: int, received_ns: int, submitted_ns: int) -> bytes:
    """The request was taken from the channel and handed to the engine."""
    return encode([0, rid, received_ns, submitted_ns])


def prompt(rid: int, tokens: int, cached_tokens: Optional[int]) -> bytes:
    """What the engine says of the prompt; once, before the first delta."""
    return encode([1, rid, tokens, cached_tokens])


def delta(
    rid: int,
    index: int,
    received_ns: int,
    core_ns: Optional[int],
    tokens: int,
    text: str,
    ids: Optional[Sequence[int]] = None,
    logprobs: Any = None,
) -> bytes:
    """Tokens of one choice (0 to 127) that arrived together; `core_ns` is the stamp of the engine's own step."""
    if ids is None and logprobs is None and tokens < 128 and len(text) < 32 and text.isascii():
        size = 0xA0 | len(text)
        if core_ns is None:
            head = _SHORT_DELTA_UNKNOWN.pack(0x99, 2, 0xCE, rid, index, 0xCF, received_ns, 0xC0, tokens, size)
        else:
            head = _SHORT_DELTA.pack(0x99, 2, 0xCE, rid, index, 0xCF, received_ns, 0xCF, core_ns, tokens, size)
        return head + text.encode() + _NO_IDS_NO_LOGPROBS
    return b"".join(
        (
            _DELTA_HEAD.pack(0x99, 2, 0xCE, rid, index, 0xCF, received_ns),
            _NONE if core_ns is None else _U64.pack(0xCF, core_ns),
            encode_int(tokens),
            encode_text(text),
            _NONE if ids is None else encode(list(ids)),
            _NONE if logprobs is None else encode(logprobs),
        )
    )


def choice_end(rid: int, index: int, finish_reason: str, stop_reason: Any) -> bytes:
    """A choice is complete."""
    return encode([3, rid, index, finish_reason, stop_reason])


def end(rid: int, at_ns: int, usage: dict[str, Any], metrics: Optional[dict[str, Any]]) -> bytes:
    """The request is over, complete or aborted."""
    return encode([4, rid, at_ns, usage, metrics])


def error(rid: int, at_ns: int, failure: dict[str, Any]) -> bytes:
    """The request failed."""
    return encode([5, rid, at_ns, failure])


def out_frame(at_ns: int, records: Sequence[bytes]) -> bytes:
    """Payload of one frame with these records."""
    return b"".join((_OUT_HEAD, _U64.pack(0xCF, at_ns), struct.pack(">BI", 0xDD, len(records)), *records))
