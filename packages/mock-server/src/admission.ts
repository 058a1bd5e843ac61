import { RequestRefusal } from "./request-refusal.js";

/** Bounds of an {@link Admission}; null is none. */
export interface AdmissionLimits {
  readonly running: number | null;
  readonly waiting: number | null;
}

/** Lets requests in, only so many at once; the others wait in the order of their arrival. */
export class Admission {
  readonly #limits: AdmissionLimits;
  /** In the order of arrival. */
  readonly #waiting = new Set<() => void>();
  #running = 0;
  #rejected = 0;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Requests that found no place to wait. */
  get rejected(): number {
    return this.#rejected;
  }

  /**
   * Calls `begin` at once, or when there is room.
   *
   * @returns What frees the place, running or waiting; calling it again does nothing.
   * @throws {RequestRefusal} 503, as vLLM answers, when too many wait.
   */
  enter(begin: () => void): () => void {
    const { running, waiting } = this.#limits;
    if (running === null || this.#running < running) {
      this.#running += 1;
      begin();
      return this.#leaveOnce();
    }
    if (waiting !== null && this.#waiting.size >= waiting) {
      this.#rejected += 1;
      throw busy();
    }
    let leave: (() => void) | null = null;
    const start = () => {
      leave = this.#leaveOnce();
      begin();
    };
    this.#waiting.add(start);
    return () => {
      if (leave === null) this.#waiting.delete(start);
      else leave();
    };
  }

  #leaveOnce(): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#running -= 1;
      const [next] = this.#waiting;
      if (next === undefined) return;
      this.#waiting.delete(next);
      this.#running += 1;
      next();
    };
  }
}

function busy(): RequestRefusal {
  const message =
    "The engine is currently busy and cannot accept new requests. Please try again later or on a different instance.";
  return new RequestRefusal(503, message, {
    ...{ type: "Service Unavailable", code: 503 },
    headers: { connection: "close" },
  });
}
