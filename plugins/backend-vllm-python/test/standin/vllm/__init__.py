"""A stand-in for vLLM in plain Python, for tests: known tokens, known timing, failures on demand.

Everything is driven by the engine argument `standin`, a mapping; its keys are fields of `script.Script`.
"""

from .engine.arg_utils import AsyncEngineArgs
from .entrypoints import LLM
from .profile import VERSION as __version__
from .sampling_params import SamplingParams
from .v1.engine.async_llm import AsyncLLM as AsyncLLMEngine

__all__ = ["LLM", "AsyncEngineArgs", "AsyncLLMEngine", "SamplingParams", "__version__"]
