import type { BackendError } from "@core/backend";
import type { BridgeMessage, Channel } from "./channel.js";
import { type EngineFailure, engineFailure, toError } from "./engine-failure.js";
import type { BridgeFailure } from "./records.js";

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: BackendError) => void;
}

/** What is asked of the bridge beside generation, until it is answered. */
export class Questions {
  readonly #channel: Channel;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** Asks. The promise rejects with what the bridge answers, or with why it cannot. */
  ask(method: string): Promise<unknown> {
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#channel.send("req", { id, m: method, p: {} });
    });
  }

  /** Takes an answer. */
  answered(body: BridgeMessage["body"]): void {
    const id = Number(body["id"]);
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (body["ok"] === true) waiting?.resolve(body["value"]);
    else waiting?.reject(toError(engineFailure(body["err"] as BridgeFailure, "VLLM_PYTHON_ENGINE_DEAD")));
  }

  /** Nothing will be answered any more. */
  fail(failure: EngineFailure): void {
    for (const { reject } of this.#waiting.values()) reject(toError(failure));
    this.#waiting.clear();
  }
}
