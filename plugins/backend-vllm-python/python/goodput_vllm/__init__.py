"""Bridge between goodput and the Python engine of vLLM: one child process, one private channel, no HTTP."""

VERSION = "0.1.0"
