"""Sampling parameters of one request."""

from __future__ import annotations

from typing import Any, Optional

from .failures import BridgeError


def build_sampling(given: dict[str, Any], stream: bool, defaults: Optional[dict[str, Any]] = None) -> Any:
    """`SamplingParams` from field names; `max_tokens` None means up to the model's limit (vLLM's own default is 16).

    Raises BridgeError `invalid_request`.
    """
    from vllm import SamplingParams
    from vllm.sampling_params import RequestOutputKind

    fields = {**(defaults or {}), **given}
    fields.setdefault("max_tokens", None)
    try:
        return SamplingParams(**fields, output_kind=RequestOutputKind.DELTA if stream else RequestOutputKind.FINAL_ONLY)
    except (TypeError, ValueError) as error:
        raise BridgeError("invalid_request", f"sampling parameters were refused: {error}") from error
