import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createClock, RequestTimings, type ResolveEvent } from "@core/backend";
import { expect, test } from "@jest/globals";
import type { OpenAIHttpBackend } from "../src/openai-http-backend.js";
import { chunk, delta, LAST_CHUNK, STREAM_HEAD, startRawServer } from "./support/raw-server.js";
import { startBackend, textRequest } from "./support/send-request.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Apart from the test, whose frame would hold the request. */
function begin(backend: OpenAIHttpBackend, keepText: boolean) {
  const request = textRequest({ columns: { text_column: ["a long prompt"] } });
  const prepared = backend.prepare(request, null);
  const { signal } = new AbortController();
  const context = { signal, timings: new RequestTimings(), clock: createClock(process.hrtime.bigint()), keepText };
  return {
    held: [request, prepared.body, prepared.wire].map((part) => new WeakRef<object>(part)),
    events: backend.resolve(prepared, context),
  };
}

test.each([
  ["is not held once its answer has begun", false],
  ["is held when its texts are kept", true],
] as const)("what was sent %s", async (_name, keepText) => {
  let goOn: () => void = () => {};
  const server = await startRawServer((socket) => {
    socket.write(STREAM_HEAD + chunk(delta({ content: "a" })));
    goOn = () => socket.write(chunk(delta({ content: "b" }, "stop")) + chunk("data: [DONE]\n\n") + LAST_CHUNK);
  });
  const backend = await startBackend(server.url);
  try {
    const { held, events } = begin(backend, keepText);
    expect(await events.next()).toMatchObject({ value: { type: "first-token" } });
    await turn();
    collect();
    const isHeld = held.map((part) => part.deref() !== undefined);
    expect(isHeld).toEqual(held.map(() => keepText));
    goOn();
    const { value } = (await events.next()) as { readonly value: ResolveEvent };
    expect(value).toMatchObject({ type: "final", response: { text: keepText ? "ab" : null } });
    expect(await events.next()).toEqual({ done: true, value: undefined });
  } finally {
    await backend.shutdown();
    await server.close();
  }
});
