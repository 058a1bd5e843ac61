import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createTokenizer, tokenizers } from "../index.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokenizer-"));
  const vocabulary = { "[UNK]": 0, hello: 1, world: 2, "[CLS]": 3 };
  const model = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: "Whitespace" },
    post_processor: null,
    decoder: null,
    model: { type: "WordLevel", vocab: vocabulary, unk_token: "[UNK]" },
  };
  await writeFile(join(folder, "tokenizer.json"), JSON.stringify(model));
  await writeFile(
    join(folder, "tokenizer_config.json"),
    JSON.stringify({ tokenizer_class: "PreTrainedTokenizerFast" }),
  );
});

afterAll(() => rm(folder, { recursive: true }));

describe("huggingface_auto", () => {
  test("reads a local folder", async () => {
    const tokenizer = await createTokenizer(tokenizers.parseArgs({ kind: "hf_auto", model: folder }));
    expect(tokenizer.encode("hello world hello")).toEqual([1, 2, 1]);
    expect(tokenizer.count("hello nobody")).toBe(2);
  });

  test("says how to repair a model that is not there", async () => {
    const args = tokenizers.parseArgs({ kind: "huggingface_auto", model: "org/name" });
    await expect(createTokenizer(args)).rejects.toMatchObject({
      code: "CORE_TOKENIZER_NOT_FOUND",
      hint: expect.stringMatching(/kind=builtin/),
    });
    await expect(createTokenizer(tokenizers.parseArgs({ kind: "huggingface_auto" }))).rejects.toMatchObject({
      code: "CORE_TOKENIZER_NO_MODEL",
    });
  });
});
