import type { BenchmarkReport, BenchmarkStep } from "@core/benchmark";
import type { RunSnapshot } from "@core/scheduler";
import { printable } from "../printable.js";
import type { ProgressDisplay, ProgressStream } from "./progress-display.js";
import { doneRow, runningRow } from "./progress-rows.js";
import { progressLine } from "./progress-text.js";

const SECONDS_BETWEEN_LINES = 10;

/** One line at the start and end of every step, and every ten seconds in between. */
export class PlainProgress implements ProgressDisplay {
  readonly #stream: ProgressStream;
  #nextLineSeconds = SECONDS_BETWEEN_LINES;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  onSetup(message: string): void {
    this.#line(printable(message));
  }

  onBenchmarkStart(step: BenchmarkStep): void {
    this.#nextLineSeconds = SECONDS_BETWEEN_LINES;
    this.#line(`[${step.index + 1}/${step.planned}] ${step.label} started`);
  }

  onBenchmarkUpdate(step: BenchmarkStep, snapshot: RunSnapshot): void {
    if (snapshot.elapsedSeconds < this.#nextLineSeconds) return;
    this.#nextLineSeconds += SECONDS_BETWEEN_LINES;
    this.#line(progressLine(step.index, step.planned, runningRow(step, snapshot)));
  }

  onBenchmarkEnd(step: BenchmarkStep, report: BenchmarkReport): void {
    this.#line(progressLine(step.index, step.planned, doneRow(step, report)));
  }

  close(): void {}

  #line(text: string): void {
    this.#stream.write(`${text}\n`);
  }
}
