import { cutToWidth, displayWidth } from "../display-width.js";
import type { ProgressRow } from "./progress-rows.js";

const BAR_CELLS = 16;
const SIGNS = { waiting: "·", running: "▶", compiling: "…", done: "✓" } as const;

/** The panel of a terminal: one line per step, cut to `width` columns, at most `height` lines around the running one. */
export function progressPanel(rows: readonly ProgressRow[], width: number, height: number): readonly string[] {
  const labelWidth = Math.max(...rows.map((row) => displayWidth(row.label)), 0);
  const lines = rows.map((row) => cutToWidth(panelLine(row, labelWidth), width));
  if (lines.length <= height) return lines;
  const running = rows.findIndex((row) => row.state === "running" || row.state === "compiling");
  const first = Math.min(Math.max(0, running - Math.floor(height / 2)), lines.length - height);
  return lines.slice(first, first + height);
}

/** One line for a log. */
export function progressLine(position: number, planned: number, row: ProgressRow): string {
  const figures = [
    `${row.elapsedSeconds.toFixed(1)} s`,
    `${row.successful} done`,
    ...(row.errored > 0 ? [`${row.errored} failed`] : []),
    ...(row.cancelled > 0 ? [`${row.cancelled} cut`] : []),
    ...rates(row),
  ];
  return `[${position + 1}/${planned}] ${row.label} ${row.state}: ${figures.join(", ")}`;
}

function panelLine(row: ProgressRow, labelWidth: number): string {
  const label = row.label + " ".repeat(labelWidth - displayWidth(row.label));
  if (row.state === "waiting") return ` ${SIGNS.waiting} ${label}`;
  const counts = [
    `${row.successful} done`,
    ...(row.errored > 0 ? [`${row.errored} failed`] : []),
    ...(row.inFlight > 0 ? [`${row.inFlight} in flight`] : []),
  ];
  const figures = [`${row.elapsedSeconds.toFixed(1).padStart(6)} s`, counts.join(", "), ...rates(row)];
  return ` ${SIGNS[row.state]} ${label}  ${bar(row.share)}  ${figures.join("  ")}`;
}

function rates(row: ProgressRow): string[] {
  return [
    ...(row.requestsPerSecond === null ? [] : [`${row.requestsPerSecond.toFixed(2)} req/s`]),
    ...(row.outputTokensPerSecond === null ? [] : [`${row.outputTokensPerSecond.toFixed(0)} tok/s`]),
    ...(row.timeToFirstTokenMs === null ? [] : [`TTFT ${row.timeToFirstTokenMs.toFixed(1)} ms`]),
    ...(row.interTokenLatencyMs === null ? [] : [`ITL ${row.interTokenLatencyMs.toFixed(2)} ms`]),
  ];
}

function bar(share: number | null): string {
  if (share === null) return "─".repeat(BAR_CELLS);
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR_CELLS);
  return "━".repeat(full) + "─".repeat(BAR_CELLS - full);
}
