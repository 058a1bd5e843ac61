import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { serve } from "./support/server-test.js";

const FIXTURES = "../../../plugins/backend-openai-http/src/__fixtures__";
const pem = (part: string) => fileURLToPath(new URL(`${FIXTURES}/self-signed-test-only.${part}.pem`, import.meta.url));

test("speaks TLS with a certificate and its key", async () => {
  const server = await serve({ tls_cert: pem("cert"), tls_key: pem("key"), ttft_ms: 0, itl_ms: 0 });
  expect(server.url).toMatch(/^https:/);
  const sent = request(`${server.url}/v1/completions`, { method: "POST", rejectUnauthorized: false });
  sent.end(JSON.stringify({ prompt: "hello", max_tokens: 3, stream: true }));
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  expect(await text(response)).toContain("data: [DONE]");
  expect(server.truthLog()[0]?.tokenWritesNs).toHaveLength(3);
});

test("says what is wrong with the files", async () => {
  const refused = { code: "CORE_MOCK_SERVER_INVALID_OPTIONS" };
  await expect(serve({ tls_cert: pem("cert") })).rejects.toMatchObject(refused);
  await expect(serve({ tls_cert: pem("cert"), tls_key: "/no/such/file" })).rejects.toMatchObject(refused);
  await expect(serve({ tls_cert: pem("key"), tls_key: pem("cert") })).rejects.toMatchObject(refused);
});
