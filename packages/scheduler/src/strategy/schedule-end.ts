import type { Constraint } from "../constraint/constraint.js";
import { maxDuration } from "../constraint/duration-constraint.js";
import type { Schedule } from "./schedule.js";

/** What ends the benchmark of a schedule that has an end of its own; nothing for the others. */
export function scheduleEnd(schedule: Schedule): readonly Constraint[] {
  if (schedule.mode !== "open" || schedule.durationSeconds === null) return [];
  const limit = maxDuration({ seconds: schedule.durationSeconds, stoppingScope: "current" });
  return [{ ...limit, kind: "schedule_end" }];
}
