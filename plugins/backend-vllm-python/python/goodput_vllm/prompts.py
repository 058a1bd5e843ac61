"""Prompts: messages through a chat template or as plain text, with decoded media."""

from __future__ import annotations

import inspect
from typing import Any, Optional

from .failures import BridgeError
from .media import decode_media

#: Placeholder of each kind of media in plain prompts: name of the setting.
_PLACEHOLDERS = (("image", "image_placeholder"), ("audio", "audio_placeholder"))


class PromptBuilder:
    """Turns what goodput sends into what the engine takes."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._mode: str = settings.get("template", "default")
        self._chat_template: Optional[str] = settings.get("chat_template")
        self._settings = settings
        self._tokenizer: Any = None

    async def load_tokenizer(self, get_tokenizer: Any) -> None:
        """Fetches the tokenizer; its accessor was a coroutine before vLLM 0.15 and took arguments before 0.11."""
        tokenizer = get_tokenizer()
        if inspect.isawaitable(tokenizer):
            tokenizer = await tokenizer
        self._tokenizer = tokenizer

    @property
    def tokenizer(self) -> Any:
        """The tokenizer, None before it is loaded or when the engine has none."""
        return self._tokenizer

    def build(self, prompt: dict[str, Any]) -> Any:
        """The engine's prompt. Raises BridgeError `template_error`, `tokenizer_unavailable`, `media_decode_failed`."""
        if "ids" in prompt:
            return {"prompt_token_ids": list(prompt["ids"])}
        media = prompt.get("media") or []
        text = prompt["text"] if "text" in prompt else self._render(prompt["messages"], media)
        if not media:
            return text
        return {"prompt": text, "multi_modal_data": decode_media(media)}

    def _render(self, messages: list[dict[str, Any]], media: list[dict[str, Any]]) -> str:
        has_text = any(block.get("type") == "text" for message in messages for block in message["content"])
        if self._mode == "plain" or not has_text:
            return self._plain(messages, media)
        tokenizer = self._tokenizer
        apply = getattr(tokenizer, "apply_chat_template", None)
        if apply is None:
            raise BridgeError(
                "tokenizer_unavailable",
                f"the tokenizer ({type(tokenizer).__name__}) has no chat template; use request_format=plain",
            )
        options = {} if self._chat_template is None else {"chat_template": self._chat_template}
        try:
            rendered = apply(
                [_for_template(message) for message in messages], tokenize=False, add_generation_prompt=True, **options
            )
        except ValueError as error:
            if self._mode == "default":
                return self._plain(messages, media)  # the tokenizer has no template of its own
            raise BridgeError("template_error", f"the chat template cannot be applied: {error}") from error
        except Exception as error:
            raise BridgeError("template_error", f"the chat template failed: {type(error).__name__}: {error}") from error
        return str(rendered)

    def _plain(self, messages: list[dict[str, Any]], media: list[dict[str, Any]]) -> str:
        """Texts of a message one after the other, messages joined with a space, placeholders before the last user's."""
        texts = [(message["role"], _text_of(message["content"])) for message in messages]
        prefix = self._placeholders(media)
        if not prefix:
            return " ".join(text for _, text in texts if text)
        users = [index for index, (role, _) in enumerate(texts) if role == "user"]
        target = users[-1] if users else len(texts) - 1
        marked = [prefix + text if index == target else text for index, (_, text) in enumerate(texts)]
        return " ".join(text for text in marked if text)

    def _placeholders(self, media: list[dict[str, Any]]) -> str:
        lines = [
            str(self._settings[setting]) for kind, setting in _PLACEHOLDERS for item in media if item["kind"] == kind
        ]
        return "\n".join([*lines, ""]) if lines else ""


def _text_of(content: list[dict[str, Any]]) -> str:
    return "".join(block["text"] for block in content if block.get("type") == "text")


def _for_template(message: dict[str, Any]) -> dict[str, Any]:
    """Text alone goes as one string, which every template takes; with media it goes as typed blocks."""
    content = message["content"]
    if all(block.get("type") == "text" for block in content):
        return {"role": message["role"], "content": _text_of(content)}
    return {"role": message["role"], "content": content}
