import type { BackendArgs, GenerationRequest } from "@core/backend";
import type { ContractRequestOptions } from "./contract-request.js";

/**
 * How the other side (a server, an engine) treats requests during a case:
 *
 * - `normal`: answers; streams when the backend can.
 * - `whole`: answers, and the backend is configured not to stream.
 * - `unreachable`: nothing is there.
 * - `failing`: takes the request and answers it with an error.
 * - `silent`: takes the request and never answers a byte.
 * - `stalling`: streams at least one token, then never another byte.
 * - `connecting`: is there, and never lets a connection come up.
 */
export type BackendBehaviour = "normal" | "whole" | "unreachable" | "failing" | "silent" | "stalling" | "connecting";

/**
 * What a backend can do, stated by its author: cases that need an ability which is absent are shown as skipped.
 *
 * - `streaming`: `normal` yields a first token before the end.
 * - `whole`, `unreachable`, `failing`, `silent`, `stalling`, `connecting`: the factory can bring about this behaviour.
 * - `usage`: responses tell the numbers of input and output tokens.
 * - `output-length`: a requested number of output tokens is kept exactly.
 * - `secrets`: the args hold secrets, and the harness lists them.
 * - `history`: a request may have earlier turns.
 */
export type BackendCapability =
  | "streaming"
  | "whole"
  | "unreachable"
  | "failing"
  | "silent"
  | "stalling"
  | "usage"
  | "output-length"
  | "secrets"
  | "history"
  | "connecting";

/** Added after version 1.0.0: what a suite does not state counts as absent and is shown as skipped. */
type LaterCapability = "history" | "connecting";

/** Every ability, stated one by one. */
export type BackendCapabilities = Readonly<
  Record<Exclude<BackendCapability, LaterCapability>, boolean> & Partial<Record<LaterCapability, boolean>>
>;

/** What the factory makes for one case: args of the backend and the other side behind them. */
export interface BackendHarness {
  /** Args as a user would write them: plain JSON values with a `kind`, and with a model where one must be named. */
  readonly args: BackendArgs;
  /** Secret texts inside the args, which must never be seen anywhere. */
  readonly secrets?: readonly string[];
  /**
   * Makes a request that the backend can serve, when one with a text is not enough, from what a case asks for. By default
   * `createContractRequest`; add columns to what that gives.
   */
  readonly createRequest?: (options: ContractRequestOptions) => GenerationRequest;
  /** Ends the other side; called when the case is over, however it ended. */
  close(): Promise<void>;
}

/** Makes a fresh harness whose other side behaves as asked; called once per case. */
export type BackendHarnessFactory = (behaviour: BackendBehaviour) => Promise<BackendHarness>;

/** One thing that every backend must do. Cases are data and throw `node:assert` errors: any test runner can run them. */
export interface BackendContractCase {
  /** A sentence without its subject: "answers with …". */
  readonly name: string;
  readonly behaviour: BackendBehaviour;
  /** Abilities without which the case says nothing. */
  readonly needs: readonly (BackendCapability | "pluginModule")[];
  /** @param pluginModule - URL of the built module that registers the backend; empty unless the case needs it. */
  readonly run: (harness: BackendHarness, pluginModule: string) => Promise<void>;
}
