import { nearestName } from "@core/registry";
import { DEFAULT_SHARE, OBJECTIVE_METRICS, type Objective, type ObjectiveMetric } from "./objective.js";
import { ALL_REQUESTS, type ObjectiveScope, parseScope, writeScope } from "./objective-scope.js";

const SCOPE = String.raw`(?:\[([^[\]{}]*)\]|\{([^[\]{}]*)\})?`;
const FORM = new RegExp(
  String.raw`^\s*([a-z_][a-z0-9_]*)\s*${SCOPE}\s*(?:\.\s*(mean|p\d+(?:\.\d+)?))?\s*${SCOPE}\s*` +
    String.raw`<=\s*(\d*\.?\d+)\s*(us|ms|s|%)\s*(?:@\s*(\d*\.?\d+)\s*%)?\s*$`,
);
const MILLISECONDS: Readonly<Record<string, number>> = { us: 1e-3, ms: 1, s: 1e3 };

/**
 * Reads an objective: `ttft.p99<=200ms`, `e2el.mean<=2s`, `tpot<=50ms@99%` (99 % of the requests), `errors<=1%`; for some
 * requests only: `ttft[turn=0]<=150ms`, `ttft.p99{class=chat}<=200ms`. Either kind of brackets may stand in either place.
 */
export function parseObjective(text: string): { readonly value: Objective } | { readonly problem: string } {
  const match = FORM.exec(text);
  if (match === null) {
    return {
      problem:
        "must be like ttft.p99<=200ms, e2el.mean<=2s, tpot<=50ms@99%, ttft[class=chat,turn=0]<=150ms or errors<=1%",
    };
  }
  const [, name = "", early, earlyBraced, statistic, late, lateBraced, amount, unit = "", share] = match;
  const metric = OBJECTIVE_METRICS.find((known) => known === name);
  if (metric === undefined) {
    const near = nearestName(name, OBJECTIVE_METRICS);
    return {
      problem: `must be about ${OBJECTIVE_METRICS.join(", ")}${near === null ? "" : ` (did you mean ${near}?)`}`,
    };
  }
  const scopes = [early, earlyBraced, late, lateBraced].filter((given) => given !== undefined);
  if (scopes.length > 1) return { problem: "must choose its requests in one pair of brackets" };
  const scope = scopes[0] === undefined ? { value: ALL_REQUESTS } : parseScope(scopes[0]);
  if ("problem" in scope) return scope;
  return build(metric, {
    scope: scope.value,
    statistic: statistic ?? null,
    amount: Number(amount),
    unit,
    share: share === undefined ? null : Number(share) / 100,
  });
}

interface Parts {
  readonly scope: ObjectiveScope;
  readonly statistic: string | null;
  readonly amount: number;
  readonly unit: string;
  readonly share: number | null;
}

function build(
  metric: ObjectiveMetric,
  { scope, statistic, amount, unit, share }: Parts,
): { readonly value: Objective } | { readonly problem: string } {
  if (amount <= 0) return { problem: "must have a limit above 0" };
  if (metric === "errors") {
    if (unit !== "%" || statistic !== null || share !== null || amount >= 100) {
      return { problem: "must be a share of requests for errors, such as errors<=1%" };
    }
    return { value: { metric, statistic: "each", limit: amount / 100, share: 1 - amount / 100, scope } };
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
  if (statistic === "mean") return { value: { metric, statistic, limit, share: null, scope } };
  if (percentile !== null) return { value: { metric, statistic: percentile, limit, share: percentile / 100, scope } };
  return { value: { metric, statistic: "each", limit, share: share ?? DEFAULT_SHARE, scope } };
}

/** Writes an objective as {@link parseObjective} reads it. */
export function writeObjective({ metric, statistic, limit, share, scope }: Objective): string {
  const about = `${metric}${writeScope(scope)}`;
  if (metric === "errors") return `${about}<=${plain(limit * 100)}%`;
  const of = statistic === "each" ? "" : statistic === "mean" ? ".mean" : `.p${plain(statistic)}`;
  const least = statistic === "each" && share !== null && share !== DEFAULT_SHARE ? `@${plain(share * 100)}%` : "";
  return `${about}${of}<=${plain(limit)}ms${least}`;
}

/** The number without the noise of binary fractions and without an exponent. */
function plain(value: number): string {
  return String(Number(value.toPrecision(12)));
}
