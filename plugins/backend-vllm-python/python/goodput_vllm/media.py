"""Media of prompts. Bytes only: nothing is fetched."""

from __future__ import annotations

import io
from typing import Any

from .failures import BridgeError

#: Pixels of the largest image, seconds of the longest sound: decoding more would exhaust the memory first.
MAX_PIXELS = 178_956_970
MAX_SECONDS = 4 * 3600


def decode_media(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Multimodal data as vLLM takes it: one object for each kind, or a list of several."""
    decoded: dict[str, list[Any]] = {}
    for item in items:
        kind = item["kind"]
        try:
            value = _image(item["data"]) if kind == "image" else _audio(item["data"])
        except BridgeError:
            raise
        except Exception as error:
            message = f"an item of kind {kind} cannot be decoded: {type(error).__name__}: {error}"
            raise BridgeError("media_decode_failed", message) from error
        decoded.setdefault(kind, []).append(value)
    return {kind: values[0] if len(values) == 1 else values for kind, values in decoded.items()}


def _image(data: bytes) -> Any:
    from PIL import Image

    image = Image.open(io.BytesIO(data))
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise BridgeError("media_decode_failed", f"an image of {width} x {height} pixels is too large")
    return image.convert("RGB")


def _audio(data: bytes) -> Any:
    """Samples as 32-bit floats, channels averaged, with their own rate: vLLM resamples."""
    import numpy

    try:
        import soundfile
    except ImportError:
        return _wave(data)
    with soundfile.SoundFile(io.BytesIO(data)) as sound:
        _check_seconds(sound.frames / sound.samplerate)
        samples = sound.read(dtype="float32", always_2d=True)
        return numpy.asarray(samples.mean(axis=1)), int(sound.samplerate)


def _wave(data: bytes) -> Any:
    import wave

    import numpy

    with wave.open(io.BytesIO(data)) as sound:
        _check_seconds(sound.getnframes() / sound.getframerate())
        if sound.getsampwidth() != 2:
            raise BridgeError("media_decode_failed", "without the module soundfile only 16-bit WAV can be decoded")
        frames = numpy.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2").astype("float32") / 32768
        return frames.reshape(-1, sound.getnchannels()).mean(axis=1), sound.getframerate()


def _check_seconds(seconds: float) -> None:
    if seconds > MAX_SECONDS:
        raise BridgeError("media_decode_failed", f"a sound of {seconds:.0f} s is too long")
