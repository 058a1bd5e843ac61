"""The codec against vectors that the tests of the other side read too."""

import json
import random
import struct
import unittest
from pathlib import Path

from goodput_vllm.codec import MAX_DEPTH, CodecError, decode, encode

VECTORS = Path(__file__).resolve().parents[2] / "test" / "vectors"


def vectors(name):
    """Entries of a file of vectors."""
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


class Codec(unittest.TestCase):
    """Encoding and decoding."""

    def test_encodes_and_decodes_the_vectors(self):
        for entry in vectors("msgpack"):
            with self.subTest(hex=entry["hex"]):
                self.assertEqual(encode(entry["value"]).hex(), entry["hex"])
                self.assertEqual(decode(bytes.fromhex(entry["hex"])), entry["value"])

    def test_refuses_what_is_not_of_the_protocol(self):
        for entry in vectors("refused"):
            with self.subTest(why=entry["why"]), self.assertRaises(CodecError):
                decode(bytes.fromhex(entry["hex"]))

    def test_takes_random_values_there_and_back(self):
        random.seed(3)
        for _ in range(300):
            value = random_value(4)
            self.assertEqual(decode(encode(value)), value)

    def test_survives_random_bytes(self):
        random.seed(4)
        for _ in range(3000):
            data = bytes(random.randrange(256) for _ in range(random.randrange(1, 40)))
            try:
                decode(data)
            except CodecError:
                pass

    def test_replaces_halves_of_surrogate_pairs(self):
        self.assertEqual(decode(encode("a\ud800b")), "a\ufffdb")

    def test_refuses_to_encode_too_deep_or_foreign_values(self):
        deep = []
        for _ in range(MAX_DEPTH):
            deep = [deep]
        for value in (deep, object(), {1: 2}, 1 << 64, {1, 2}):
            with self.assertRaises(CodecError):
                encode(value)

    def test_reads_single_precision(self):
        self.assertEqual(decode(struct.pack(">Bf", 0xCA, 1.5)), 1.5)


def random_value(depth):
    """A value of any type that can be sent."""
    kind = random.randrange(8 if depth > 0 else 6)
    if kind == 0:
        return random.choice([None, True, False])
    if kind == 1:
        return random.randrange(-(1 << 63), 1 << 64) >> random.randrange(64)
    if kind == 2:
        return random.random() * 10 ** random.randrange(-300, 300)
    if kind in (3, 4):
        return "".join(chr(random.choice([97, 233, 26085, 128512])) for _ in range(random.randrange(300)))
    if kind == 5:
        return bytes(random.randrange(256) for _ in range(random.randrange(70)))
    if kind == 6:
        return [random_value(depth - 1) for _ in range(random.randrange(20))]
    return {f"k{index}": random_value(depth - 1) for index in range(random.randrange(20))}


if __name__ == "__main__":
    unittest.main()
