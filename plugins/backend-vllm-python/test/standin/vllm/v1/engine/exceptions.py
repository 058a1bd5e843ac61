"""Exceptions of the engine."""


class EngineDeadError(Exception):
    """The core process is gone."""

    def __init__(self) -> None:
        super().__init__("EngineCore encountered an issue. See stack trace (above) for the root cause.")


class EngineGenerateError(Exception):
    """One request failed."""
