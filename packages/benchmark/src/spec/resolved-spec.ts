import type { BackendArgs } from "@core/backend";
import type { GenerativeMetricsArgs } from "@core/metrics";
import type { PhaseArgs } from "../profile/phase.js";

/** Args of a part whose kind is looked up in its registry. */
export interface KindArgs {
  readonly kind: string;
}

/** Args of a profile with what all profiles share. */
export interface ProfileArgs extends KindArgs {
  readonly rampup_duration?: number;
  readonly warmup: PhaseArgs | null;
  readonly cooldown: PhaseArgs | null;
}

/** The validated `spec` of a run: every part's args, complete with defaults. */
export interface ResolvedSpec {
  readonly backend: BackendArgs;
  readonly profile: ProfileArgs;
  readonly constraints: readonly KindArgs[];
  readonly tokenizer: KindArgs;
  readonly data: readonly KindArgs[];
  readonly data_column_mapper: KindArgs;
  readonly data_preprocessors: readonly KindArgs[];
  readonly data_finalizer: KindArgs;
  readonly data_loader: KindArgs;
  readonly seed: KindArgs & { readonly value: number };
  readonly metrics: GenerativeMetricsArgs;
  /** Targets beside those of the metrics, as written on the command line. */
  readonly objectives: readonly string[];
  readonly outputs: readonly KindArgs[];
  /** Request worker threads; null chooses by cores and load. */
  readonly workers: number | null;
  /** Seconds that requests in flight may take to end after sending has stopped; null is as long as they need. */
  readonly grace_seconds: number | null;
  /** Whether the program tells by its exit code that a verdict is invalid. */
  readonly fail_on_invalid: boolean;
  /** Whether a server of known timing is read beside the load. */
  readonly canary: boolean;
}

/** A whole run: the configuration as design and report know it. */
export interface RunConfig {
  /** Plugin specifiers as given. */
  readonly plugins: readonly string[];
  readonly metadata: { readonly labels: Readonly<Record<string, string>>; readonly [key: string]: unknown };
  readonly spec: ResolvedSpec;
  /** Overrides per benchmark as given; `[null]` when there are none. */
  readonly benchmarks: readonly (Readonly<Record<string, unknown>> | null)[];
}
