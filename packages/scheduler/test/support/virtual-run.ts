import type { RecordField } from "@core/metrics";
import { combineLimits } from "../../src/constraint/combine.js";
import { constraints as constraintKinds, createConstraints } from "../../src/constraint/constraints.js";
import type { ControlBlock } from "../../src/control/control-block.js";
import type { GraphSource } from "../../src/engine/graph-source.js";
import { RequestEngine } from "../../src/engine/request-engine.js";
import { NO_SAMPLING, type SamplingOptions } from "../../src/engine/text-sampler.js";
import "../../src/register.js";
import { type ControlledRun, RunController } from "../../src/run/run-controller.js";
import type { RunSnapshot } from "../../src/run/run-snapshot.js";
import type { WorkerLink } from "../../src/run/worker-link.js";
import type { RunPlan } from "../../src/run-plan.js";
import { createSchedule } from "../../src/strategy/strategies.js";
import type { StrategyArgs } from "../../src/strategy/strategy-args.js";
import { type GraphData, GraphList } from "./graphs.js";
import { ScriptedBackend, type ScriptOf } from "./scripted-backend.js";
import { VirtualTime } from "./virtual-time.js";

/** A run without threads, in virtual time. */
export interface VirtualRunOptions {
  readonly strategy: StrategyArgs;
  readonly workers?: number;
  readonly constraints?: readonly unknown[];
  readonly graceSeconds?: number;
  readonly script?: ScriptOf;
  readonly data?: GraphData;
  readonly sampling?: SamplingOptions;
  readonly during?: (time: VirtualTime, controller: RunController) => void;
  readonly onUpdate?: (snapshot: RunSnapshot) => void;
  /** The run must end within this virtual time. */
  readonly withinSeconds?: number;
}

/** What a virtual run left. */
export interface VirtualRun {
  readonly run: ControlledRun;
  readonly backends: readonly ScriptedBackend[];
  /** A column, by request index. */
  readonly column: (field: RecordField) => number[];
}

/** Runs one strategy through the controller and one engine per worker. */
export async function runVirtually(options: VirtualRunOptions): Promise<VirtualRun> {
  const time = new VirtualTime();
  const workers = options.workers ?? 1;
  const constraints = createConstraints(
    (options.constraints ?? []).map((args) => constraintKinds.parseArgs(args)),
    0,
  );
  const plan: RunPlan = {
    strategy: options.strategy,
    workers,
    concurrency: concurrencyOf(options.strategy),
    epoch: 0,
    limits: combineLimits(constraints),
    watched: constraints.some(({ watch }) => watch !== undefined),
    sampling: options.sampling ?? NO_SAMPLING,
    preferResponseMetrics: true,
    hardDeadlineNs: 2e9,
  };
  const data = options.data ?? new GraphList(Number.POSITIVE_INFINITY);
  const script = options.script ?? (() => ({ latencyNs: 50e6, ending: "final" as const }));
  const backends = Array.from({ length: workers }, () => new ScriptedBackend(time, script));
  const isClosed = createSchedule(options.strategy).mode === "closed";
  const links = backends.map((backend, worker) =>
    virtualLink({ time, worker, backend, source: isClosed ? data.onDemand() : data.slice(worker, workers) }),
  );
  const controller = new RunController({
    plan,
    links,
    constraints,
    clock: time,
    timers: time.timers(),
    graceNs: (options.graceSeconds ?? 0) * 1e9,
    onUpdate: options.onUpdate,
  });
  options.during?.(time, controller);
  const run = await time.until(controller.execute(), (options.withinSeconds ?? 1000) * 1e9);
  return { run, backends, column: (field) => columnByIndex(run, field) };
}

function concurrencyOf(strategy: StrategyArgs): number {
  if (strategy.type_ === "synchronous") return 1;
  return strategy.type_ === "concurrent" ? strategy.streams : (strategy.max_concurrency ?? 1000);
}

function virtualLink(given: {
  readonly time: VirtualTime;
  readonly worker: number;
  readonly backend: ScriptedBackend;
  readonly source: GraphSource;
}): WorkerLink {
  const { time, worker, backend, source } = given;
  let engine: RequestEngine | null = null;
  return {
    worker,
    arm: (plan, control: ControlBlock, listener) => {
      engine = new RequestEngine({
        plan,
        worker,
        backend,
        source,
        control,
        clock: time,
        timers: time.timers(),
        sink: {
          batch: listener.onBatch,
          firstTokens: listener.onFirstTokens,
          limitReached: listener.onLimitReached,
        },
      });
      return engine.arm();
    },
    run: async (startNs) => {
      if (engine === null) throw new Error("not armed");
      return { ...(await engine.run(startNs)), worker, load: null, canary: [], engineCounters: null };
    },
    disarm: () => engine?.disarm(),
    stop: () => engine?.stop(),
    cut: () => engine?.cut(),
    kill: () => {
      throw new Error("a virtual worker does not hang");
    },
  };
}

function columnByIndex({ table, startNs }: ControlledRun, field: RecordField): number[] {
  const order = [...table.column("index").entries()].sort(([, left], [, right]) => left - right).map(([row]) => row);
  const offset = field.endsWith("_ns") && !field.startsWith("gap") ? startNs : 0;
  return order.map((row) => Math.round(table.get(row, field) - offset));
}
