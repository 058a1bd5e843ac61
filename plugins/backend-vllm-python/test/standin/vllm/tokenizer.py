"""A toy tokenizer: one token per word."""

from __future__ import annotations

import zlib
from typing import Any, Optional


class ToyTokenizer:
    """Words are tokens; templates know `{{ messages }}` and `{{ fail }}`."""

    def __init__(self, chat_template: Optional[str]) -> None:
        self.chat_template = chat_template

    def encode(self, text: str) -> list[int]:
        """Ids of the words."""
        return [zlib.crc32(word.encode()) % 1000 for word in text.split()]

    def apply_chat_template(
        self, messages: list[dict[str, Any]], tokenize: bool, add_generation_prompt: bool, chat_template: str = ""
    ) -> str:
        """Renders messages as `<role>content`, in the place of `{{ messages }}`."""
        template = chat_template or self.chat_template
        if template is None:
            raise ValueError("Cannot use chat template functions because tokenizer.chat_template is not set")
        if "{{ fail }}" in template:
            raise ValueError("'fail' is undefined")
        shown = "".join(f"<{message['role']}>{_shown(message['content'])}" for message in messages)
        return template.replace("{{ messages }}", shown) + ("<assistant>" if add_generation_prompt else "")


def _shown(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "".join(block["text"] if block["type"] == "text" else f"<{block['type']}>" for block in content)


class TokenizerGroup:
    """What `engine.tokenizer` was before 0.11."""

    def __init__(self, tokenizer: ToyTokenizer) -> None:
        self._tokenizer = tokenizer

    def get_lora_tokenizer(self, _lora: Any) -> ToyTokenizer:
        """The tokenizer."""
        return self._tokenizer
