"""One frame per turn of the loop."""

import asyncio
import unittest

from goodput_vllm import records
from goodput_vllm.clock import SessionClock
from goodput_vllm.codec import decode
from goodput_vllm.outbox import Outbox

REQUESTS, STEPS = 128, 20


class Frames:
    """Keeps what is sent."""

    def __init__(self):
        self.sent = []

    def send(self, payload):
        """Takes one frame."""
        self.sent.append(decode(payload)[1][1])


class Flushing(unittest.IsolatedAsyncioTestCase):
    """Records of tasks that are ready together go together."""

    async def test_one_frame_per_step(self):
        frames = Frames()
        outbox = Outbox(frames, SessionClock(0))
        events = [asyncio.Event() for _ in range(REQUESTS)]

        async def consume(rid):
            for step in range(STEPS):
                await events[rid].wait()
                events[rid].clear()
                outbox.add(records.delta(rid, 0, step, None, 1, "x"))

        running = [asyncio.ensure_future(consume(rid)) for rid in range(REQUESTS)]
        for step in range(STEPS):
            for event in events:
                event.set()
            while len(frames.sent) <= step:
                await asyncio.sleep(0)
        await asyncio.gather(*running)
        self.assertEqual([len(frame) for frame in frames.sent], [REQUESTS] * STEPS)

    async def test_flushing_nothing_sends_nothing(self):
        frames = Frames()
        Outbox(frames, SessionClock(0)).flush()
        self.assertEqual(frames.sent, [])


class Clocks(unittest.TestCase):
    """Instants of the engine on the clock of the session."""

    def test_converts(self):
        clock = SessionClock(1_000_000_000)
        self.assertEqual(clock.of_seconds(1.5), 500_000_000)
        self.assertIsNone(clock.of_seconds(0.0))
        self.assertIsNone(clock.of_seconds(None))


if __name__ == "__main__":
    unittest.main()
