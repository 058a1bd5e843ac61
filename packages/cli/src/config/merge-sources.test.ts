import { describe, expect, test } from "@jest/globals";
import { applyOverrides } from "./apply-overrides.js";
import { readSource } from "./config-source.js";
import { mergeSources } from "./merge-sources.js";

const source = (content: unknown, origin = "test") => readSource(content, origin, "/");

describe("mergeSources", () => {
  test("mappings merge key by key, lists are replaced, labels merge", () => {
    const merged = mergeSources([
      source({
        metadata: { labels: { a: "1" } },
        spec: { profile: { kind: "sweep", sweep_size: 3 }, constraints: [{ kind: "max_requests", count: 1 }] },
      }),
      source({
        metadata: { labels: { b: "2" } },
        spec: { profile: { warmup: 0.1 }, constraints: [{ kind: "max_duration", seconds: 2 }] },
      }),
    ]);
    expect(merged.metadata).toEqual({ labels: { a: "1", b: "2" } });
    expect(merged.spec).toEqual({
      profile: { kind: "sweep", sweep_size: 3, warmup: 0.1 },
      constraints: [{ kind: "max_duration", seconds: 2 }],
    });
  });

  test("another kind drops the earlier fields and the overrides of the profile", () => {
    const merged = mergeSources([
      source({ spec: { profile: { kind: "concurrent" } }, benchmarks: [{ "profile.streams": 1 }] }),
      source({ spec: { profile: { kind: "constant", rate: 10 } } }),
    ]);
    expect(merged.spec["profile"]).toEqual({ kind: "constant", rate: 10 });
    expect(merged.benchmarks).toEqual([null]);
  });

  test("an alias is no other kind; origins name the last source", () => {
    const merged = mergeSources([
      source({ spec: { tokenizer: { kind: "hf_auto", model: "a" } } }, "the file"),
      source({ spec: { tokenizer: { kind: "huggingface_auto" } } }, "--tokenizer"),
    ]);
    expect(merged.spec["tokenizer"]).toEqual({ kind: "huggingface_auto", model: "a" });
    expect(merged.origins.get("tokenizer.kind")).toBe("--tokenizer");
    expect(merged.origins.get("tokenizer.model")).toBe("the file");
  });
});

describe("readSource", () => {
  test("hyphens, singular names, bare kinds, one part for a list, a report", () => {
    const { spec } = source({
      config: { spec: { "data-loader": "pytorch", constraint: "kind=max_requests,count=5" } },
    });
    expect(spec).toEqual({ data_loader: { kind: "pytorch" }, constraints: [{ kind: "max_requests", count: 5 }] });
  });

  test("every problem at once, with the nearest name", () => {
    expect(() => source({ spce: {}, spec: { profil: {} } })).toThrow(
      /did you mean "spec"[\s\S]*did you mean "profile"/,
    );
  });
});

describe("applyOverrides", () => {
  const spec = { profile: { kind: "concurrent" }, constraints: [{ kind: "max_duration", seconds: 30 }] };

  test("differing values become lists; a left-out value is that of the spec", () => {
    const benchmarks = [
      { "profile.streams": 1, "constraint[0].seconds": 10 },
      { "profile.streams": 2 },
      { "profile.streams": 4, "constraints[0].seconds": 20 },
    ];
    expect(applyOverrides(spec, benchmarks)).toEqual({
      spec: {
        profile: { kind: "concurrent", streams: [1, 2, 4] },
        constraints: [{ kind: "max_duration", seconds: [10, 30, 20] }],
      },
    });
  });

  test("what may not differ is refused", () => {
    const result = applyOverrides(spec, [{ "profile.warmup": 1 }, { "profile.warmup": 2 }]);
    expect(result).toEqual({ problems: [expect.stringContaining("profile.warmup must be the same in all")] });
  });
});
