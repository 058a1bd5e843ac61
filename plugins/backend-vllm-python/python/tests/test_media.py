"""Decoding of media; Pillow and NumPy come with vLLM and may be missing here."""

import importlib.util
import io
import struct
import unittest
import wave

from goodput_vllm import media
from goodput_vllm.failures import BridgeError


def is_there(name):
    """Whether a module can be imported."""
    return importlib.util.find_spec(name) is not None


def sound(channels=1, rate=8000, samples=(0, 16384, -32768)):
    """A WAV file of 16 bits with the same samples in all channels."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(b"".join(struct.pack("<h", sample) * channels for sample in samples))
    return file.getvalue()


class Media(unittest.TestCase):
    """What the engine is given."""

    @unittest.skipUnless(is_there("numpy"), "needs numpy")
    def test_sounds_keep_their_rate_and_lose_their_channels(self):
        for channels in (1, 2):
            decoded = media.decode_media([{"kind": "audio", "data": sound(channels)}])
            samples, rate = decoded["audio"]
            self.assertEqual(rate, 8000)
            self.assertEqual(samples.tolist(), [0.0, 0.5, -1.0])

    @unittest.skipUnless(is_there("PIL"), "needs Pillow")
    def test_images_become_rgb_and_several_a_list(self):
        from PIL import Image

        file = io.BytesIO()
        Image.new("L", (3, 2), 7).save(file, "PNG")
        item = {"kind": "image", "data": file.getvalue()}
        one = media.decode_media([item])["image"]
        self.assertEqual((one.mode, one.size), ("RGB", (3, 2)))
        self.assertEqual(len(media.decode_media([item, item])["image"]), 2)

    @unittest.skipUnless(is_there("numpy"), "needs numpy")
    def test_what_cannot_be_decoded_is_named(self):
        with self.assertRaises(BridgeError) as caught:
            media.decode_media([{"kind": "audio", "data": b"no sound"}])
        self.assertEqual(caught.exception.code, "media_decode_failed")
        self.assertIn("kind audio", str(caught.exception))

    @unittest.skipUnless(is_there("numpy"), "needs numpy")
    def test_sounds_that_are_too_long_are_refused(self):
        with self.assertRaises(BridgeError):
            media.decode_media([{"kind": "audio", "data": sound(rate=1, samples=[0] * (media.MAX_SECONDS + 1))}])


if __name__ == "__main__":
    unittest.main()
