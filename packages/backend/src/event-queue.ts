import type { ResolveEvent } from "./resolve-event.js";

/** At most a few events between what brings them and the reader of `resolve`; one promise per event, none per token. */
export class EventQueue {
  readonly #events: ResolveEvent[] = [];
  #waiting: ((event: ResolveEvent) => void) | null = null;

  push(event: ResolveEvent): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting === null) this.#events.push(event);
    else waiting(event);
  }

  /** The next event, when it is there. One caller at a time. */
  next(): Promise<ResolveEvent> {
    const event = this.#events.shift();
    if (event !== undefined) return Promise.resolve(event);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }
}
