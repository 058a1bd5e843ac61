"""Prompts: templates, plain text, placeholders."""

import unittest

from goodput_vllm.failures import BridgeError
from goodput_vllm.prompts import PromptBuilder

SETTINGS = {"image_placeholder": "<image>", "audio_placeholder": "<|audio|>"}


class Tokenizer:
    """Remembers what it is asked to render."""

    def __init__(self, error=None):
        self.error = error
        self.messages = None
        self.options = None

    def apply_chat_template(self, messages, tokenize, add_generation_prompt, **options):
        """Renders nothing."""
        assert tokenize is False and add_generation_prompt is True
        if self.error is not None:
            raise self.error
        self.messages, self.options = messages, options
        return "rendered"


def text(value):
    """A block of text."""
    return {"type": "text", "text": value}


SYSTEM = {"role": "system", "content": [text("be kind")]}
USER = {"role": "user", "content": [text("one"), text("two")]}
IMAGE = {"kind": "image", "data": b""}
AUDIO = {"kind": "audio", "data": b""}


class Prompts(unittest.IsolatedAsyncioTestCase):
    """What the engine is given."""

    async def builder(self, tokenizer=None, **settings):
        """A builder whose tokenizer is loaded."""
        builder = PromptBuilder({**SETTINGS, **settings})
        await builder.load_tokenizer(lambda: tokenizer)
        return builder

    async def test_plain_joins_messages_with_a_space_and_texts_of_one_without(self):
        builder = await self.builder(template="plain")
        self.assertEqual(builder.build({"messages": [SYSTEM, USER]}), "be kind onetwo")

    async def test_the_tokenizers_template_gets_texts(self):
        tokenizer = Tokenizer()
        builder = await self.builder(tokenizer, template="default")
        self.assertEqual(builder.build({"messages": [SYSTEM, USER]}), "rendered")
        expected = [{"role": "system", "content": "be kind"}, {"role": "user", "content": "onetwo"}]
        self.assertEqual((tokenizer.messages, tokenizer.options), (expected, {}))

    async def test_a_template_of_ones_own_is_handed_over(self):
        tokenizer = Tokenizer()
        builder = await self.builder(tokenizer, template="custom", chat_template="{{ x }}")
        builder.build({"messages": [USER]})
        self.assertEqual(tokenizer.options, {"chat_template": "{{ x }}"})

    async def test_a_tokenizer_without_template_falls_back_to_plain(self):
        builder = await self.builder(Tokenizer(ValueError("no template")), template="default")
        self.assertEqual(builder.build({"messages": [SYSTEM, USER]}), "be kind onetwo")

    async def test_other_failures_of_a_template_are_told(self):
        cases = (
            ("custom", Tokenizer(ValueError("undefined")), "template_error"),
            ("default", Tokenizer(KeyError("x")), "template_error"),
            ("default", object(), "tokenizer_unavailable"),
        )
        for mode, tokenizer, code in cases:
            builder = await self.builder(tokenizer, template=mode, chat_template="{{ x }}")
            with self.assertRaises(BridgeError) as caught:
                builder.build({"messages": [USER]})
            self.assertEqual(caught.exception.code, code)

    async def test_media_under_a_template_stay_blocks(self):
        tokenizer = Tokenizer()
        builder = await self.builder(tokenizer, template="default")
        content = [text("look"), {"type": "image"}]
        builder._render([{"role": "user", "content": content}], [IMAGE])
        self.assertEqual(tokenizer.messages, [{"role": "user", "content": content}])

    async def test_placeholders_stand_before_the_last_user_message(self):
        builder = await self.builder(template="plain")
        rendered = builder._render([SYSTEM, USER], [IMAGE, IMAGE, AUDIO])
        self.assertEqual(rendered, "be kind <image>\n<image>\n<|audio|>\nonetwo")

    async def test_media_alone_need_no_template(self):
        builder = await self.builder(Tokenizer(), template="default")
        rendered = builder._render([{"role": "user", "content": [{"type": "image"}]}], [IMAGE])
        self.assertEqual(rendered, "<image>\n")

    async def test_token_ids_are_passed_on(self):
        builder = await self.builder()
        self.assertEqual(builder.build({"ids": [1, 2]}), {"prompt_token_ids": [1, 2]})

    async def test_a_tokenizer_may_come_from_a_coroutine(self):
        async def get_tokenizer():
            return "tokenizer"

        builder = PromptBuilder(SETTINGS)
        await builder.load_tokenizer(get_tokenizer)
        self.assertEqual(builder.tokenizer, "tokenizer")


if __name__ == "__main__":
    unittest.main()
