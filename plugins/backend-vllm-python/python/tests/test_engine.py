"""What depends on the version of vLLM, against stand-ins for several of them."""

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path
from types import SimpleNamespace

from goodput_vllm import affinity, failures, vllm_version
from goodput_vllm.engine_args import build_engine_args, code_running_args, with_quiet_logs
from goodput_vllm.failures import BridgeError, describe
from goodput_vllm.stats import EngineStats

HERE = Path(__file__).resolve()
STAND_IN = HERE.parents[2] / "test" / "standin"

#: Loads an engine and prints what it gives to one request.
PROBE = """
import asyncio, json
from goodput_vllm.async_engine import AsyncEngine, describe_model
from goodput_vllm.prompts import PromptBuilder
from goodput_vllm.sampling import build_sampling
from goodput_vllm.stats import EngineStats

async def main():
    stats = EngineStats()
    config = {"model": "m", "disable_log_stats": False, "standin": {"step_tokens": 3, "empty_text_every": 2}}
    engine = AsyncEngine(config, stats)
    prompts = PromptBuilder({"template": "default"})
    await prompts.load_tokenizer(engine.get_tokenizer)
    messages = [{"role": "user", "content": [{"type": "text", "text": "a b"}]}]
    prompt = prompts.build({"messages": messages})
    params = build_sampling({"max_tokens": 8, "ignore_eos": True}, True)
    counts, texts, stamps = [], [], []
    async for output in engine.generate(prompt, params, "r", {"priority": 0, "no_such_option": 1}):
        counts.append(len(output.outputs[0].token_ids))
        texts.append(output.outputs[0].text)
        stamps.append(output.metrics is not None)
    engine.shutdown()
    print(json.dumps({"prompt": prompt, "counts": counts, "words": len("".join(texts).split()), "stamps": all(stamps),
        "stats": stats.snapshot(), "model": describe_model(engine.raw, "x")["model"]}))

asyncio.run(main())
"""


def probe(profile):
    """What the probe prints with a stand-in for a version."""
    path = os.pathsep.join([str(STAND_IN), str(HERE.parents[1])])
    environment = {**os.environ, "PYTHONPATH": path, "STANDIN_PROFILE": profile, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


class Versions(unittest.TestCase):
    """The same bridge over engines of different versions."""

    def test_all_serve(self):
        for profile in ("v0_8", "v0_11", "v0_16", "v0_3x"):
            with self.subTest(profile=profile):
                found = probe(profile)
                self.assertEqual(found["prompt"], "<user>a b<assistant>")
                self.assertEqual(sum(found["counts"]), 8)
                self.assertLess(found["words"], 8, "tokens without text are counted all the same")
                self.assertEqual(found["model"], "m")

    def test_newer_ones_tell_their_stamps_and_statistics(self):
        old, new = probe("v0_8"), probe("v0_3x")
        self.assertEqual((old["stamps"], old["stats"]), (False, None))
        self.assertTrue(new["stamps"])
        self.assertEqual((new["stats"]["gen_tokens"], new["stats"]["prompt_tokens"]), (8, 2))

    def test_floor(self):
        self.assertIsNone(vllm_version.check_version("0.32.0"))
        self.assertIsNone(vllm_version.check_version("0.11.1rc2"))
        self.assertIsNone(vllm_version.check_version(None))
        self.assertIsNone(vllm_version.check_version("0.0.0+unknown"))
        self.assertIn("0.11.1", vllm_version.check_version("0.9.2") or "")
        for old in ("0.8.4", "0.6.1"):
            with self.assertRaises(BridgeError) as caught:
                vllm_version.check_version(old)
            self.assertEqual(caught.exception.code, "unsupported_vllm")


class EngineArguments(unittest.TestCase):
    """Checks before the engine sees them."""

    def setUp(self):
        sys.path.insert(0, str(STAND_IN))
        self.addCleanup(sys.path.remove, str(STAND_IN))
        from vllm.engine.arg_utils import AsyncEngineArgs

        self.cls = AsyncEngineArgs

    def test_names_every_unknown_key_with_its_neighbour(self):
        with self.assertRaises(BridgeError) as caught:
            build_engine_args(self.cls, {"model": "m", "max_model_length": 1, "device": "cpu", "zzz": 1})
        message = str(caught.exception)
        self.assertIn("max_model_length (did you mean max_model_len?)", message)
        self.assertIn("device (removed in vLLM 0.10", message)
        self.assertIn("zzz", message)

    def test_statistics_are_off_unless_asked_for(self):
        self.assertTrue(build_engine_args(self.cls, {}).disable_log_stats)
        self.assertFalse(build_engine_args(self.cls, {"disable_log_stats": False}).disable_log_stats)
        self.assertNotIn("disable_log_requests", with_quiet_logs(self.cls, {}))

    def test_names_what_runs_other_code(self):
        self.assertEqual(code_running_args({"trust_remote_code": True, "model": "m"}), ["trust_remote_code"])
        self.assertEqual(code_running_args({"trust_remote_code": False}), [])


class Statistics(unittest.TestCase):
    """What the engine's reports add up to."""

    def report(self, queries, hits, reset=False):
        """One report."""
        prefix = SimpleNamespace(reset=reset, requests=1, queries=queries, hits=hits)
        return SimpleNamespace(num_running_reqs=2, num_waiting_reqs=1, kv_cache_usage=0.5, prefix_cache_stats=prefix)

    def test_accumulates_changes_and_starts_again_at_a_reset(self):
        stats = EngineStats()
        self.assertIsNone(stats.snapshot())
        stats.record(self.report(100, 10), SimpleNamespace(num_generation_tokens=3, num_prompt_tokens=100))
        stats.record(self.report(50, 40), None)
        found = stats.snapshot()
        self.assertEqual(found["prefix"], {"queries": 150, "hits": 50})
        self.assertEqual((found["running"], found["waiting"], found["kv_usage"]), (2, 1, 0.5))
        self.assertEqual((found["gen_tokens"], found["preemptions"]), (3, None))
        stats.record(self.report(7, 1, reset=True))
        self.assertEqual(stats.snapshot()["prefix"], {"queries": 7, "hits": 1})

    def test_reads_the_older_name(self):
        stats = EngineStats()
        stats.record(SimpleNamespace(gpu_cache_usage=0.25))
        self.assertEqual(stats.snapshot()["kv_usage"], 0.25)


class Failures(unittest.TestCase):
    """Exceptions as data."""

    def test_recognises_by_class_and_text(self):
        class EngineDeadError(Exception):
            pass

        class Derived(EngineDeadError):
            pass

        cases = (
            (Derived("x"), "engine_dead"),
            (RuntimeError("CUDA out of memory. Tried to allocate"), "out_of_memory"),
            (
                ValueError("The decoder prompt is longer than the maximum model length of 8."),
                "prompt_too_long",
            ),
            (OSError("x is not a local folder and is not a valid model identifier"), "model_not_found"),
            (ValueError("At most 0 audio(s) may be provided in one prompt."), "unsupported_modality"),
            (RuntimeError("other"), "internal"),
            (BridgeError("template_error", "x"), "template_error"),
        )
        for error, code in cases:
            with self.subTest(code=code):
                self.assertEqual(describe(error, "internal")["code"], code)

    def test_tells_the_cause(self):
        try:
            try:
                raise OSError("disk")
            except OSError as cause:
                raise RuntimeError("load") from cause
        except RuntimeError as error:
            found = failures.describe(error, "internal")
        self.assertEqual(found["cause"], "OSError: disk")
        self.assertIn("RuntimeError: load", found["trace"])
        self.assertFalse(found["fatal"])


class Affinity(unittest.TestCase):
    """Lists of CPUs."""

    def test_parses_lists(self):
        self.assertEqual(affinity.parse_cpus("0-2,5\n"), {0, 1, 2, 5})
        for text in ("", "a", "x-2"):
            with self.assertRaises(ValueError):
                affinity.parse_cpus(text)

    def test_takes_the_first_file_of_the_control_group_that_tells(self):
        import tempfile

        with tempfile.NamedTemporaryFile("w", suffix=".cpus") as first, tempfile.NamedTemporaryFile("w") as second:
            second.write("1,3\n")
            second.flush()
            self.assertEqual(affinity.cgroup_cpus(["/no/such/file", first.name, second.name]), {1, 3})
        self.assertIsNone(affinity.cgroup_cpus(["/no/such/file"]))

    @unittest.skipUnless(hasattr(os, "sched_setaffinity"), "needs Linux")
    def test_undoes_a_pinning_only_when_asked(self):
        self.assertIsNone(affinity.wanted_cpus("inherit"))
        self.assertEqual(affinity.wanted_cpus("0,2"), {0, 2})
        self.assertEqual(affinity.wanted_cpus("cgroup"), affinity.cgroup_cpus())


if __name__ == "__main__":
    unittest.main()
