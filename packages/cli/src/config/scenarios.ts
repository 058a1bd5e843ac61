interface Length {
  readonly mean: number;
  readonly stdev?: number;
  readonly min?: number;
  readonly max?: number;
}

interface ConcurrentScenario {
  readonly prompt: Length;
  readonly output: Length;
  readonly seconds?: number;
  readonly streams: readonly number[];
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Built-in scenarios by name: those of GuideLLM's releases. None names a server. */
export const SCENARIOS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = Object.freeze({
  chat: sweep("Chat", { mean: 512, stdev: 128, min: 1, max: 1024 }, { mean: 256, stdev: 64, min: 1, max: 1024 }),
  rag: sweep(
    "Retrieval-augmented generation",
    { mean: 4096, stdev: 512, min: 2048, max: 6144 },
    { mean: 512, stdev: 128, min: 1, max: 1024 },
  ),
  "rhaiis/concurrent-1k-1k-equal": concurrent("1,000 tokens in, 1,000 out", {
    prompt: { mean: 1000 },
    output: { mean: 1000 },
    streams: [1, 50, 100, 200, 300],
  }),
  "rhaiis/concurrent-1k-1k-multiturn": concurrent("1,000 tokens in, 1,000 out, five turns, ten shared prefixes", {
    prompt: { mean: 1000 },
    output: { mean: 1000 },
    streams: [1, 25, 50, 75, 100],
    data: { turns: 5, prefix_tokens: 512, prefix_count: 10 },
  }),
  "rhaiis/concurrent-2ki-128-equal": concurrent("2,048 tokens in, 128 out", {
    prompt: { mean: 2048 },
    output: { mean: 128 },
    seconds: 45,
    streams: [1, 50, 100, 200, 300],
  }),
  "rhaiis/concurrent-512-2ki-norm": concurrent("About 512 tokens in, about 2,048 out", {
    prompt: { mean: 512, stdev: 128, min: 1, max: 1024 },
    output: { mean: 2048, stdev: 512, min: 1, max: 4096 },
    streams: [1, 50, 100, 200, 300],
  }),
  "rhaiis/concurrent-8k-1k-equal": concurrent("8,000 tokens in, 1,000 out", {
    prompt: { mean: 8000 },
    output: { mean: 1000 },
    streams: [1, 25, 50, 75, 100],
  }),
  "rhaiis/concurrent-8k-800-norm": concurrent("About 8,000 tokens in, about 800 out, widely spread", {
    prompt: { mean: 8000, stdev: 8500, min: 50, max: 30_000 },
    output: { mean: 800, stdev: 1500, min: 20, max: 8000 },
    streams: [1, 50, 100, 200, 300],
  }),
  "rhaiis/concurrent-100k-1k-equal": concurrent("100,000 tokens in, 1,000 out", {
    prompt: { mean: 100_000 },
    output: { mean: 1000 },
    streams: [1, 2, 5],
  }),
});

function sweep(description: string, prompt: Length, output: Length): Readonly<Record<string, unknown>> {
  return {
    metadata: { description },
    spec: { profile: { kind: "sweep" }, data: [{ kind: "synthetic_text", ...lengths(prompt, output) }] },
  };
}

function concurrent(description: string, scenario: ConcurrentScenario): Readonly<Record<string, unknown>> {
  const { prompt, output, seconds = 450, streams, data = {} } = scenario;
  return {
    metadata: { description },
    spec: {
      backend: { kind: "openai_http", request_format: "/v1/chat/completions" },
      profile: { kind: "concurrent" },
      constraints: [{ kind: "max_duration", seconds }],
      data: [{ kind: "synthetic_text", ...lengths(prompt, output), ...data }],
    },
    benchmarks: streams.map((count) => ({ "profile.streams": count })),
  };
}

function lengths(prompt: Length, output: Length): Readonly<Record<string, number>> {
  return { ...length("prompt_tokens", prompt), ...length("output_tokens", output) };
}

function length(name: string, { mean, stdev, min, max }: Length): Readonly<Record<string, number>> {
  return {
    [name]: mean,
    ...(stdev === undefined ? {} : { [`${name}_stdev`]: stdev }),
    ...(min === undefined ? {} : { [`${name}_min`]: min }),
    ...(max === undefined ? {} : { [`${name}_max`]: max }),
  };
}
