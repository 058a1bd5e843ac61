import type { Constraint } from "../constraint/constraint.js";
import { maxRequests } from "../constraint/count-constraint.js";
import { maxDuration } from "../constraint/duration-constraint.js";
import type { Schedule } from "./schedule.js";

/** What ends the benchmark of a schedule that has an end of its own; nothing for the others. */
export function scheduleEnd(schedule: Schedule): readonly Constraint[] {
  if (schedule.mode !== "open") return [];
  const { durationSeconds, requests } = schedule;
  const limits = [
    ...(durationSeconds === null ? [] : [maxDuration({ seconds: durationSeconds, stoppingScope: "current" })]),
    ...(requests === null ? [] : [maxRequests({ count: requests, stoppingScope: "current" })]),
  ];
  return limits.map((limit) => ({ ...limit, kind: "schedule_end" }));
}
