import type { Failure } from "../failures/failure.js";
import { ServerTime } from "../server-time.js";
import type { WriteSchedule } from "../write-schedule.js";
import { endOf, type Incident } from "./incident.js";

/** What happens to the whole server, from its first request on. */
export class Incidents {
  /** Stalls and slowness. */
  readonly time: ServerTime;
  readonly #incidents: readonly Incident[];
  readonly #schedule: WriteSchedule;
  #onBreak: (incident: Incident) => void = () => {};

  constructor(incidents: readonly Incident[], schedule: WriteSchedule) {
    this.#incidents = incidents;
    this.#schedule = schedule;
    this.time = new ServerTime(
      incidents
        .filter(({ do: action }) => action === "stall" || action === "slow")
        .map((incident) => ({
          fromSeconds: incident.at,
          toSeconds: endOf(incident),
          speed: incident.do === "stall" ? 0 : 1 / incident.factor,
        })),
    );
  }

  /** Whether connections are ever broken by them. */
  get breakConnections(): boolean {
    return this.#incidents.some(isBreak);
  }

  /** Calls `callback` when a `drop` or a `restart` begins. */
  whenBreaking(callback: (incident: Incident) => void): void {
    this.#onBreak = callback;
  }

  /** Takes note of a request; seconds are counted from the first one. */
  begin(arrivalNs: number): void {
    if (!this.time.begin(arrivalNs)) return;
    for (const incident of this.#incidents.filter(isBreak)) {
      this.#schedule.at(arrivalNs + incident.at * 1e9, () => {
        if (this.time.epochNs === arrivalNs) this.#onBreak(incident);
      });
    }
  }

  /** Counts from the next request; what is going on ends. */
  reset(): void {
    this.time.reset();
  }

  /** How requests that arrive now fail; null when they do not. */
  failureAt(nowNs: number): Failure | null {
    const incident = this.#at(nowNs, "status");
    if (incident === null) return null;
    const { status, retry_after } = incident;
    return { ...{ rate: 1, at: "headers", do: "status", status, retry_after }, after_tokens: null, stall_ms: null };
  }

  /** Whether connections that are opened now are dropped. */
  dropsAt(nowNs: number): boolean {
    return this.#at(nowNs, "drop") !== null;
  }

  #at(nowNs: number, action: Incident["do"]): Incident | null {
    const { epochNs } = this.time;
    if (epochNs === null) return null;
    const seconds = (nowNs - epochNs) / 1e9;
    const running = (one: Incident): boolean => one.do === action && seconds >= one.at && seconds < endOf(one);
    return this.#incidents.find(running) ?? null;
  }
}

function isBreak({ do: action }: Incident): boolean {
  return action === "drop" || action === "restart";
}
