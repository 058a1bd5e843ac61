import type { RunHooks } from "@core/benchmark";
import { PanelProgress } from "./panel-progress.js";
import { PlainProgress } from "./plain-progress.js";

/** Where progress is shown: stderr, as a rule. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** A progress display: hears of a run and takes itself away at the end. */
export interface ProgressDisplay extends RunHooks {
  /** Leaves the terminal as a program that runs afterwards wants it. */
  close(): void;
}

/** A live panel on a terminal, plain lines everywhere else. Costs the load nothing: it only reads snapshots. */
export function createProgressDisplay(stream: ProgressStream, options: { readonly live: boolean }): ProgressDisplay {
  return options.live && stream.isTTY === true ? new PanelProgress(stream) : new PlainProgress(stream);
}
