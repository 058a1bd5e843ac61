import type { GenerationRequest, GenerationResponse, HistoryTurn } from "@core/backend";

/**
 * Knows which turns stand behind the identifier of a response on the server. A conversation whose branches have met has
 * turns that the newest identifier does not stand for.
 */
export class ServerHistory {
  readonly #before = new WeakMap<GenerationResponse, readonly GenerationRequest[]>();

  /** Notes what a request was sent with. */
  note(response: GenerationResponse, history: readonly HistoryTurn[] | null): void {
    this.#before.set(
      response,
      (history ?? []).map(({ request }) => request),
    );
  }

  /** Whether the identifier of the last response stands for all turns; a response of another worker is trusted. */
  covers(history: readonly HistoryTurn[] | null): boolean {
    const last = history?.at(-1)?.response ?? null;
    const before = last === null ? undefined : this.#before.get(last);
    if (before === undefined || history === null) return true;
    return before.length === history.length - 1 && before.every((request, at) => request === history[at]?.request);
  }
}
