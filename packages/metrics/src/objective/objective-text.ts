import { nearestName } from "@core/registry";
import { DEFAULT_SHARE, OBJECTIVE_METRICS, type Objective, type ObjectiveMetric } from "./objective.js";

const FORM =
  /^\s*([a-z_][a-z0-9_]*)\s*(?:\[\s*turn\s*=\s*(\d+)\s*\])?\s*(?:\.\s*(mean|p\d+(?:\.\d+)?))?\s*<=\s*(\d*\.?\d+)\s*(us|ms|s|%)\s*(?:@\s*(\d*\.?\d+)\s*%)?\s*$/;
const MILLISECONDS: Readonly<Record<string, number>> = { us: 1e-3, ms: 1, s: 1e3 };

/**
 * Reads an objective: `ttft.p99<=200ms`, `e2el.mean<=2s`, `tpot<=50ms@99%` (99 % of the requests), `ttft[turn=0]<=150ms`,
 * `errors<=1%`.
 */
export function parseObjective(text: string): { readonly value: Objective } | { readonly problem: string } {
  const match = FORM.exec(text);
  if (match === null) {
    return {
      problem: "must be like ttft.p99<=200ms, e2el.mean<=2s, tpot<=50ms@99%, ttft[turn=0]<=150ms or errors<=1%",
    };
  }
  const [, name = "", turn, statistic, amount, unit = "", share] = match;
  const metric = OBJECTIVE_METRICS.find((known) => known === name);
  if (metric === undefined) {
    const near = nearestName(name, OBJECTIVE_METRICS);
    return {
      problem: `must be about ${OBJECTIVE_METRICS.join(", ")}${near === null ? "" : ` (did you mean ${near}?)`}`,
    };
  }
  return build(metric, {
    turn: turn === undefined ? null : Number(turn),
    statistic: statistic ?? null,
    amount: Number(amount),
    unit,
    share: share === undefined ? null : Number(share) / 100,
  });
}

interface Parts {
  readonly turn: number | null;
  readonly statistic: string | null;
  readonly amount: number;
  readonly unit: string;
  readonly share: number | null;
}

function build(
  metric: ObjectiveMetric,
  { turn, statistic, amount, unit, share }: Parts,
): { readonly value: Objective } | { readonly problem: string } {
  if (amount <= 0) return { problem: "must have a limit above 0" };
  if (metric === "errors") {
    if (unit !== "%" || statistic !== null || share !== null || amount >= 100) {
      return { problem: "must be a share of requests for errors, such as errors<=1%" };
    }
    return { value: { metric, statistic: "each", limit: amount / 100, share: 1 - amount / 100, turn } };
  }
  if (unit === "%") return { problem: "must have a limit in us, ms or s" };
  if (share !== null && (statistic !== null || share <= 0 || share >= 1)) {
    return { problem: "must have a share (@...%) between 0 and 100, and none beside a percentile or a mean" };
  }
  const percentile = statistic === null || statistic === "mean" ? null : Number(statistic.slice(1));
  if (percentile !== null && !(percentile > 0 && percentile < 100)) {
    return { problem: "must have a percentile between 0 and 100" };
  }
  const limit = amount * (MILLISECONDS[unit] ?? 1);
  if (statistic === "mean") return { value: { metric, statistic, limit, share: null, turn } };
  if (percentile !== null) return { value: { metric, statistic: percentile, limit, share: percentile / 100, turn } };
  return { value: { metric, statistic: "each", limit, share: share ?? DEFAULT_SHARE, turn } };
}

/** Writes an objective as {@link parseObjective} reads it. */
export function writeObjective({ metric, statistic, limit, share, turn }: Objective): string {
  const about = `${metric}${turn === null ? "" : `[turn=${turn}]`}`;
  if (metric === "errors") return `${about}<=${plain(limit * 100)}%`;
  const of = statistic === "each" ? "" : statistic === "mean" ? ".mean" : `.p${plain(statistic)}`;
  const least = statistic === "each" && share !== null && share !== DEFAULT_SHARE ? `@${plain(share * 100)}%` : "";
  return `${about}${of}<=${plain(limit)}ms${least}`;
}

/** The number without the noise of binary fractions and without an exponent. */
function plain(value: number): string {
  return String(Number(value.toPrecision(12)));
}
