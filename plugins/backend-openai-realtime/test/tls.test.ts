import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "@jest/globals";
import type { OpenAIWebSocketBackend } from "../src/openai-websocket-backend.js";
import { answer, type RealtimeServer, startRealtimeServer } from "./support/realtime-server.js";
import { failureOf, sendRequest, startBackend } from "./support/send-request.js";

/** The one certificate of the tests stands with the other backend. */
const fixture = (name: string): string =>
  readFileSync(new URL(`../../backend-openai-http/src/__fixtures__/${name}`, import.meta.url), "utf8");

let server: RealtimeServer;
let backend: OpenAIWebSocketBackend;
afterEach(async () => {
  await backend.shutdown();
  await server.close();
});

async function start(verify?: boolean): Promise<void> {
  server = await startRealtimeServer({
    event: answer({ type: "transcription.delta", delta: "hello" }, { type: "transcription.done" }),
    plain: () => [200, ""],
    tls: { cert: fixture("self-signed-test-only.cert.pem"), key: fixture("self-signed-test-only.key.pem") },
  });
  backend = await startBackend(server.url, verify === undefined ? {} : { verify });
}

test("a certificate that nobody vouches for is refused by default", async () => {
  await start();
  expect(failureOf(await sendRequest(backend)).failure).toMatchObject({
    code: "OPENAI_WEBSOCKET_TLS_FAILED",
    phase: "connect",
  });
  await expect(backend.validate()).rejects.toMatchObject({ code: "CORE_BACKEND_UNREACHABLE" });
  expect(server.sessions).toHaveLength(0);
});

test("verify=false takes it", async () => {
  await start(false);
  await backend.validate();
  const { terminal, timings } = await sendRequest(backend);
  expect(terminal).toMatchObject({ type: "final", response: { text: "hello" } });
  expect(timings.tokenIterations).toBe(1);
  expect(timings.firstTokenNs).toBeGreaterThan(timings.sendNs);
});
