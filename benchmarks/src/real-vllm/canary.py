"""Compares the installed vLLM with what the bridge looks for: a line for each difference; their number is the exit code."""

import dataclasses
import inspect
import sys

differences = []


def expect(found, what):
    """Notes a difference."""
    if not found:
        differences.append(what)


def parameters(function):
    """Names of a function's parameters."""
    return set(inspect.signature(function).parameters)


import vllm  # noqa: E402
from vllm import LLM, SamplingParams  # noqa: E402
from vllm.engine.arg_utils import AsyncEngineArgs, EngineArgs  # noqa: E402
from vllm.outputs import CompletionOutput, RequestOutput  # noqa: E402
from vllm.sampling_params import RequestOutputKind  # noqa: E402
from vllm.v1.engine import exceptions  # noqa: E402
from vllm.v1.engine.async_llm import AsyncLLM  # noqa: E402
from vllm.v1.metrics import loggers, stats  # noqa: E402

for cls in (AsyncEngineArgs, EngineArgs):
    names = {field.name for field in dataclasses.fields(cls)}
    expect({"model", "max_model_len", "disable_log_stats"} <= names, f"{cls.__name__}: a field is missing")
expect("stat_loggers" in parameters(AsyncLLM.from_engine_args), "AsyncLLM.from_engine_args: no stat_loggers")
expect({"prompt", "sampling_params", "request_id", "priority"} <= parameters(AsyncLLM.generate), "AsyncLLM.generate")
for name in ("check_health", "errored", "dead_error", "get_tokenizer", "reset_prefix_cache", "shutdown"):
    expect(hasattr(AsyncLLM, name), f"AsyncLLM: no {name}")
expect({"prompts", "sampling_params", "use_tqdm"} <= parameters(LLM.generate), "LLM.generate")
for name in ("get_metrics", "get_tokenizer", "reset_prefix_cache"):
    expect(hasattr(LLM, name), f"LLM: no {name}")
expect({"DELTA", "FINAL_ONLY"} <= set(RequestOutputKind.__members__), "RequestOutputKind")
expect(SamplingParams(max_tokens=None, min_tokens=0, ignore_eos=True).max_tokens is None, "SamplingParams.max_tokens")
expect({"finished", "outputs", "metrics", "num_cached_tokens"} <= parameters(RequestOutput.__init__), "RequestOutput")
fields = {field.name for field in dataclasses.fields(CompletionOutput)}
expect({"index", "text", "token_ids", "finish_reason", "stop_reason"} <= fields, "CompletionOutput")
fields = {field.name for field in dataclasses.fields(stats.RequestStateStats)}
expect({"queued_ts", "scheduled_ts", "first_token_ts", "last_token_ts"} <= fields, "RequestStateStats")
fields = {field.name for field in dataclasses.fields(stats.SchedulerStats)}
expect({"num_running_reqs", "num_waiting_reqs", "kv_cache_usage", "prefix_cache_stats"} <= fields, "SchedulerStats")
expect({"scheduler_stats", "iteration_stats"} <= parameters(loggers.StatLoggerBase.record), "StatLoggerBase.record")
iteration = stats.IterationStats()
for name in ("num_generation_tokens", "num_prompt_tokens", "num_preempted_reqs", "finished_requests"):
    expect(hasattr(iteration, name), f"IterationStats: no {name}")
for name in ("EngineDeadError", "EngineGenerateError"):
    expect(hasattr(exceptions, name), f"exceptions: no {name}")

print(f"vLLM {vllm.__version__}: {len(differences)} differences")
print("\n".join(differences))
sys.exit(len(differences))
