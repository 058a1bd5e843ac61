import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { serve } from "./support/server-test.js";

const SCRIPT = `
import json, sys, openai
client = openai.OpenAI(base_url=sys.argv[1] + "/v1", api_key="any", max_retries=0)
messages = [{"role": "user", "content": "one two three"}]
whole = client.chat.completions.create(model="goodput-mock", messages=messages)
usage = {"include_usage": True}
chunks = list(client.chat.completions.create(model="goodput-mock", messages=messages, stream=True, stream_options=usage))
completion = client.completions.create(model="goodput-mock", prompt="one two", max_tokens=2)
streamed = list(client.completions.create(model="goodput-mock", prompt="one two", stream=True))
try:
    client.chat.completions.create(model="nope", messages=messages)
    refused = None
except openai.NotFoundError as error:
    refused = error.code
print(json.dumps({
    "models": [model.id for model in client.models.list()],
    "whole": whole.usage.total_tokens,
    "chunks": len(chunks),
    "usage": chunks[-1].usage.completion_tokens,
    "finish": completion.choices[0].finish_reason,
    "streamed": len(streamed),
    "refused": refused,
}))
`;

function hasPythonClient(): boolean {
  try {
    execFileSync("python3", ["-c", "import openai"], { stdio: "ignore" });
    return true;
  } catch {
    return false; // no Python or no such package: the test shows as skipped
  }
}

(hasPythonClient() ? test : test.skip)(
  "the official Python client",
  async () => {
    const server = await serve();
    const { stdout } = await promisify(execFile)("python3", ["-c", SCRIPT, server.url]);
    expect(JSON.parse(stdout)).toEqual({
      ...{
        models: ["goodput-mock"],
        whole: 7,
        chunks: 6,
        usage: 4,
        finish: "length",
        streamed: 4,
        refused: "model_not_found",
      },
    });
  },
  30_000,
);
