import type { TemplateSetting } from "../prompt/template-setting.js";

/** What an engine is started with. */
export interface EngineSettings {
  readonly python: string;
  /** Variables beside those of this process. */
  readonly env: Readonly<Record<string, string>>;
  readonly engineArgs: Readonly<Record<string, unknown>>;
  readonly templateSetting: TemplateSetting;
  readonly imagePlaceholder: string;
  readonly audioPlaceholder: string;
  readonly samplingDefaults: "vllm" | "model";
  readonly cpuAffinity: string;
  /** Null for the asynchronous engine. */
  readonly batch: { readonly size: number; readonly timeoutMs: number } | null;
  readonly startupTimeoutMs: number;
}
