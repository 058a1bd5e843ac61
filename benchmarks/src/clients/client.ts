import type { CommandResult } from "../command.ts";

/** A closed loop of streamed completions: each stream sends its next request when its last one has ended. */
export interface Scenario {
  readonly url: string;
  readonly streams: number;
  readonly requestsPerStream: number;
  /** Tokens of every answer. */
  readonly tokens: number;
  /** Core of the client; null: any. */
  readonly cpu: number | null;
  /** Request threads, for clients that have such. */
  readonly workers: number;
}

/** What a client says about a scenario; `NaN` where it says nothing. */
export interface ClientReport {
  readonly ttftMeanMs: number;
  readonly gapMeanMs: number;
  readonly gapP99Ms: number;
  readonly requests: number;
  readonly tokens: number;
  readonly command: CommandResult;
}

/** Something that sends a scenario's load and measures it. */
export interface Client {
  readonly name: string;
  run(scenario: Scenario): Promise<ClientReport>;
}
