"""Which version of vLLM the stand-in imitates, by the variable STANDIN_PROFILE."""

import os

PROFILES = {
    "v0_7": "0.7.3",
    "v0_8": "0.8.5",
    "v0_11": "0.11.1",
    "v0_16": "0.16.0",
    "v0_3x": "0.32.0",
}
PROFILE = os.environ.get("STANDIN_PROFILE", "v0_3x")
VERSION = PROFILES[PROFILE]
#: Before 0.11.1 no timings, before 0.15 a coroutine for the tokenizer.
IS_OLD = PROFILE in ("v0_7", "v0_8")
HAS_SYNC_TOKENIZER = PROFILE in ("v0_16", "v0_3x")
