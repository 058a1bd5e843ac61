import { readFileSync } from "node:fs";
import { parseBackendArgs } from "@core/backend";
import { describe, expect, test } from "@jest/globals";
import "../register.js";
import { VERSION } from "../version.js";

describe("args", () => {
  test("the alias is the asynchronous kind; defaults are those of GuideLLM", () => {
    expect(parseBackendArgs({ kind: "vllm_python", model: "m" })).toMatchObject({
      kind: "vllm_python_async",
      model: "m",
      vllm_config: {},
      request_format: "default-template",
      stream: true,
      image_placeholder: "<image>",
      audio_placeholder: "<|audio|>",
      python: "python3",
      cpu_affinity: "inherit",
    });
    expect(parseBackendArgs({ kind: "vllm_python_batch", model: "m" })).toMatchObject({
      batch_size: 32,
      batch_timeout: 0.01,
    });
  });

  test.each([
    [{ kind: "vllm_python_async" }, "model"],
    [{ kind: "vllm_python_async", model: "m", target: "http://localhost" }, "target"],
    [{ kind: "vllm_python_async", model: "m", lora: { name: "a", path: "/a" } }, "lora"],
    [{ kind: "vllm_python_async", model: "m", n: 2 }, "backend.n"],
    [{ kind: "vllm_python_async", model: "m", logprobs: 5 }, "logprobs"],
    [{ kind: "vllm_python_async", model: "m", max_tokens: 5 }, "max_tokens"],
    [{ kind: "vllm_python_async", model: "m", extras: {} }, "extras"],
    [{ kind: "vllm_python_batch", model: "m", stream: true }, "stream"],
    [{ kind: "vllm_python_batch", model: "m", batch_size: 0 }, "batch_size"],
    [{ kind: "vllm_python_async", model: "m", cpu_affinity: "all" }, "cpu_affinity"],
    [{ kind: "vllm_python_async", model: "m", vllm_config: { hf_token: "hf_x" } }, "HF_TOKEN"],
  ])("refuses %j and names %s", (given, name) => {
    expect(() => parseBackendArgs(given)).toThrow(name);
    expect(() => parseBackendArgs(given)).not.toThrow("hf_x");
  });

  test.each(["inherit", "cgroup", "0", "0-3,8", 2])("takes cpu_affinity %j", (cpu_affinity) => {
    expect(parseBackendArgs({ kind: "vllm_python_async", model: "m", cpu_affinity })).toMatchObject({
      cpu_affinity: String(cpu_affinity),
    });
  });

  test("the versions of both parts are that of the package", () => {
    const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
    expect(JSON.parse(read("package.json"))).toMatchObject({ version: VERSION });
    expect(read("python/goodput_vllm/__init__.py")).toContain(`VERSION = "${VERSION}"`);
  });
});
