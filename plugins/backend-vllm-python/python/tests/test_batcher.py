"""Batches: sizes, order, failures. The engine waits for the test, never for time."""

import asyncio
import threading
import unittest

from goodput_vllm.batcher import Batcher
from goodput_vllm.failures import BridgeError

LONG_S = 3600
SHORT_S = 0.001


class Engine:
    """Answers a prompt with itself and its parameters; waits while `gate` is closed."""

    def __init__(self):
        self.batches = []
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()
        self.error = None
        self.cut = 0

    def generate(self, prompts, params):
        """All answers."""
        self.batches.append(list(prompts))
        self.entered.set()
        self.gate.wait(10)
        if self.error is not None:
            raise self.error
        answers = [f"{prompt}{param}" for prompt, param in zip(prompts, params)]
        return answers[self.cut :]


class Batches(unittest.IsolatedAsyncioTestCase):
    """What the engine is called with."""

    def setUp(self):
        self.engine = Engine()

    async def test_a_full_batch_starts_at_once(self):
        batcher = Batcher(self.engine.generate, 3, LONG_S)
        results = await asyncio.gather(*(batcher.submit(name, 1) for name in "abc"))
        self.assertEqual([result.output for result in results], ["a1", "b1", "c1"])
        self.assertEqual({result.batch_size for result in results}, {3})
        self.assertTrue(all(result.wait_ns >= 0 for result in results))
        await batcher.close(LONG_S)

    async def test_fewer_are_generated_after_the_time(self):
        batcher = Batcher(self.engine.generate, 32, SHORT_S)
        results = await asyncio.gather(*(batcher.submit(name, 2) for name in "ab"))
        self.assertEqual([result.output for result in results], ["a2", "b2"])
        self.assertEqual(self.engine.batches, [["a", "b"]])
        self.assertEqual((await batcher.submit("c", 3)).output, "c3")
        await batcher.close(LONG_S)

    async def test_batches_wait_for_the_engine_in_order_of_arrival(self):
        self.engine.gate.clear()
        batcher = Batcher(self.engine.generate, 2, LONG_S)
        running = [asyncio.ensure_future(batcher.submit(name, "")) for name in "abcdef"]
        await asyncio.get_running_loop().run_in_executor(None, self.engine.entered.wait, 10)
        self.assertEqual(self.engine.batches, [["a", "b"]], "one call at a time")
        self.engine.gate.set()
        await asyncio.gather(*running)
        self.assertEqual(self.engine.batches, [["a", "b"], ["c", "d"], ["e", "f"]])
        await batcher.close(LONG_S)

    async def test_a_failure_is_that_of_every_request(self):
        self.engine.error = RuntimeError("no luck")
        batcher = Batcher(self.engine.generate, 2, LONG_S)
        results = await asyncio.gather(batcher.submit("a", 1), batcher.submit("b", 1), return_exceptions=True)
        self.assertEqual([str(result) for result in results], ["no luck", "no luck"])
        await batcher.close(LONG_S)

    async def test_a_wrong_number_of_answers_fails_the_batch(self):
        self.engine.cut = 1
        batcher = Batcher(self.engine.generate, 2, LONG_S)
        results = await asyncio.gather(batcher.submit("a", 1), batcher.submit("b", 1), return_exceptions=True)
        self.assertTrue(all("1 answers to 2 prompts" in str(result) for result in results))
        await batcher.close(LONG_S)

    async def test_a_cut_request_is_generated_all_the_same(self):
        self.engine.gate.clear()
        batcher = Batcher(self.engine.generate, 2, LONG_S)
        first, other = (asyncio.ensure_future(batcher.submit(name, "")) for name in "ab")
        await asyncio.get_running_loop().run_in_executor(None, self.engine.entered.wait, 10)
        first.cancel()
        self.engine.gate.set()
        self.assertEqual((await other).batch_size, 2)
        self.assertEqual(self.engine.batches, [["a", "b"]])
        await batcher.close(LONG_S)

    async def test_closing_generates_what_waits_and_refuses_more(self):
        batcher = Batcher(self.engine.generate, 32, LONG_S)
        waiting = asyncio.ensure_future(batcher.submit("a", 1))
        await asyncio.sleep(0)
        await batcher.close(LONG_S)
        self.assertEqual((await waiting).output, "a1")
        with self.assertRaises(BridgeError):
            await batcher.submit("b", 1)

    async def test_closing_does_not_wait_for_an_engine_that_does_not_come_back(self):
        self.engine.gate.clear()
        batcher = Batcher(self.engine.generate, 1, LONG_S)
        running = asyncio.ensure_future(batcher.submit("a", 1))
        await asyncio.get_running_loop().run_in_executor(None, self.engine.entered.wait, 10)
        self.assertFalse(await batcher.close(SHORT_S))
        self.engine.gate.set()
        self.assertEqual((await running).output, "a1")
        self.assertTrue(await batcher.close(LONG_S))


if __name__ == "__main__":
    unittest.main()
