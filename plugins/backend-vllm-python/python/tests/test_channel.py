"""Frames and the channel."""

import random
import socket
import struct
import threading
import unittest

from goodput_vllm import records
from goodput_vllm.channel import MAX_FRAME, Channel, FrameSplitter, ProtocolError
from goodput_vllm.codec import decode


def framed(payload):
    """The payload with its length."""
    return struct.pack("<I", len(payload)) + payload


class Splitter(unittest.TestCase):
    """Cutting a stream."""

    def test_cuts_at_every_offset(self):
        payloads = [b"a", b"bc" * 100, b"d" * 3]
        data = b"".join(map(framed, payloads))
        for cut in range(len(data) + 1):
            splitter = FrameSplitter()
            self.assertEqual([*splitter.feed(data[:cut]), *splitter.feed(data[cut:])], payloads)

    def test_cuts_random_pieces(self):
        random.seed(5)
        payloads = [bytes(random.randrange(1, 50)) for _ in range(200)]
        data = b"".join(map(framed, payloads))
        splitter, found, at = FrameSplitter(), [], 0
        while at < len(data):
            size = random.randrange(1, 90)
            found += splitter.feed(data[at : at + size])
            at += size
        self.assertEqual(found, payloads)

    def test_refuses_impossible_lengths(self):
        for size in (0, MAX_FRAME + 1, 0xFFFFFFFF):
            with self.assertRaises(ProtocolError) as caught:
                list(FrameSplitter().feed(struct.pack("<I", size)))
            self.assertEqual(caught.exception.code, "frame_too_large")


class Sending(unittest.TestCase):
    """The sending side."""

    def setUp(self):
        self.ours, self.theirs = socket.socketpair()
        self.channel = Channel(self.ours)
        self.addCleanup(self.ours.close)
        self.addCleanup(self.theirs.close)

    def test_keeps_the_order_when_the_other_side_is_slow(self):
        count, size = 400, 5000
        sent = [bytes([number % 256]) * size for number in range(count)]
        for payload in sent:
            self.channel.send(payload)  # far more than the socket holds
        received = self.read_frames(count)
        self.assertEqual(received, sent)

    def test_gives_up_on_a_consumer_that_never_reads(self):
        stalled = []
        self.channel.on_stall = lambda: stalled.append(True)
        self.channel.max_queued = 1 << 20
        for _ in range(100):
            self.channel.send(bytes(1 << 16))
        self.assertEqual(stalled, [True])

    def test_sends_from_several_threads_without_mixing_frames(self):
        def work(number):
            for _ in range(200):
                self.channel.send(bytes([number]) * 700)

        threads = [threading.Thread(target=work, args=(number,)) for number in (1, 2, 3)]
        for thread in threads:
            thread.start()
        received = self.read_frames(600)
        for thread in threads:
            thread.join()
        for number in (1, 2, 3):
            self.assertEqual(received.count(bytes([number]) * 700), 200)

    def test_reads_until_the_other_side_is_gone(self):
        found = []
        self.theirs.sendall(framed(b"one") + framed(b"two"))
        self.theirs.close()
        self.channel.read(found.extend)
        self.assertEqual(found, [b"one", b"two"])

    def read_frames(self, count):
        """That many frames as the other side sees them."""
        splitter, found = FrameSplitter(), []
        while len(found) < count:
            found += splitter.feed(self.theirs.recv(1 << 16))
        return found


class Records(unittest.TestCase):
    """Records of the hot path are what the codec would make of them."""

    def test_delta(self):
        for text in (" word", " é", "", "x" * 31, "x" * 32):
            for core, ids in ((None, None), (5, None), (5, [1, 2, 300])):
                for tokens in (0, 1, 127, 128):
                    record = records.delta(7, 0, 1_000_000, core, tokens, text, ids)
                    self.assertEqual(decode(record), [2, 7, 0, 1_000_000, core, tokens, text, ids, None])

    def test_frame(self):
        frame = records.out_frame(9, [records.start(1, 2, 3), records.choice_end(1, 0, "stop", None)])
        self.assertEqual(decode(frame), ["out", [9, [[0, 1, 2, 3], [3, 1, 0, "stop", None]]]])


if __name__ == "__main__":
    unittest.main()
