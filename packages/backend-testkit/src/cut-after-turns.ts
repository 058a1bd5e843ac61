import { type Exchange, exchange, type Subject } from "./exchange.js";

/** Serves one request and cuts it after some turns of the event loop. */
export async function cutAfterTurns(subject: Subject, turns: number): Promise<Exchange> {
  const controller = new AbortController();
  const running = exchange(subject, { signal: controller.signal });
  for (let turn = 0; turn < turns; turn += 1) await nextTurn();
  controller.abort();
  return running;
}

/** Waits for one turn of the event loop. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
