import type { BenchmarkReport, BenchmarkStep } from "@core/benchmark";
import type { RunSnapshot } from "@core/scheduler";
import { printable } from "../printable.js";
import type { ProgressDisplay, ProgressStream } from "./progress-display.js";
import { doneRow, type ProgressRow, runningRow, waitingRow } from "./progress-rows.js";
import { progressPanel } from "./progress-text.js";

const HIDE_CURSOR = "\u001B[?25l";
const SHOW_CURSOR = "\u001B[?25h";
const CLEAR_BELOW = "\u001B[0J";
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/** A panel that is drawn again in place. It is erased at the end: the tables follow. */
export class PanelProgress implements ProgressDisplay {
  readonly #stream: ProgressStream;
  #rows: ProgressRow[] = [];
  #drawnLines = 0;
  #drawn = false;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  onSetup(message: string): void {
    this.#erase();
    this.#stream.write(`${printable(message)}\n`);
    this.#draw();
  }

  onPlan(labels: readonly string[]): void {
    this.#rows = labels.map(waitingRow);
    this.#draw();
  }

  onBenchmarkStart(step: BenchmarkStep): void {
    this.#set(step.index, { ...waitingRow(step.label), state: "running" });
  }

  onBenchmarkUpdate(step: BenchmarkStep, snapshot: RunSnapshot): void {
    this.#set(step.index, runningRow(step, snapshot));
  }

  onBenchmarkCompile(step: BenchmarkStep): void {
    this.#set(step.index, { ...(this.#rows[step.index] ?? waitingRow(step.label)), state: "compiling" });
  }

  onBenchmarkEnd(step: BenchmarkStep, report: BenchmarkReport): void {
    this.#set(step.index, doneRow(step, report));
  }

  close(): void {
    this.#erase();
    if (this.#drawn) this.#stream.write(SHOW_CURSOR);
    this.#drawn = false;
    this.#rows = [];
  }

  #set(index: number, row: ProgressRow): void {
    this.#rows[index] = row;
    this.#draw();
  }

  #draw(): void {
    if (this.#rows.length === 0) return;
    const { columns = DEFAULT_COLUMNS, rows = DEFAULT_ROWS } = this.#stream;
    const lines = progressPanel(this.#rows, columns - 1, rows - 2);
    const up = this.#drawnLines === 0 ? "" : `\u001B[${this.#drawnLines}F`;
    this.#stream.write(`${this.#drawn ? "" : HIDE_CURSOR}${up}${CLEAR_BELOW}${lines.join("\n")}\n`);
    this.#drawn = true;
    this.#drawnLines = lines.length;
  }

  #erase(): void {
    if (this.#drawnLines === 0) return;
    this.#stream.write(`\u001B[${this.#drawnLines}F${CLEAR_BELOW}`);
    this.#drawnLines = 0;
  }
}
