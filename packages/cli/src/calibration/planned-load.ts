import type { RunConfig } from "@core/benchmark";
import type { Calibration } from "./calibration-record.js";

/** Where a run plans more than this host was found able to do: one sentence each. */
export function pastCalibration({ spec }: RunConfig, calibration: Calibration): readonly string[] {
  const { streams, rate } = plannedLoad(spec.profile);
  const when = `(goodput calibrate, ${calibration.measured_at.slice(0, 10)})`;
  const found: string[] = [];
  if (streams !== null && streams > calibration.streams.ceiling) {
    found.push(`${streams} streams are planned; this host was found good for ${calibration.streams.ceiling} ${when}.`);
  }
  if (rate !== null && rate > calibration.rate.ceiling) {
    found.push(`${rate} requests/s are planned; this host was found good for ${calibration.rate.ceiling} ${when}.`);
  }
  return found;
}

/** The most that the fields of a profile name; null where they name nothing. */
function plannedLoad(profile: object): { readonly streams: number | null; readonly rate: number | null } {
  const fields = profile as Readonly<Record<string, unknown>>;
  const most = (...names: readonly string[]): number | null => {
    const values = names.flatMap((name) => fields[name]).filter((value) => typeof value === "number");
    return values.length === 0 ? null : Math.max(...values);
  };
  return { streams: most("streams", "initial_streams", "max_streams"), rate: most("rate") };
}
