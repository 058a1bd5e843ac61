import type { BackendArgs } from "@core/backend";
import { type BackendHarness, runBackendContract } from "@core/backend-testkit";
import { test } from "@jest/globals";
import "../src/index.js";
import { startChatServer } from "./support/chat-server.js";
import { startRawServer } from "./support/raw-server.js";

const SECRETS = ["sk-contract-1", "token-contract-2"] as const;

function harness(target: string, stream: boolean, close: () => Promise<void>): BackendHarness {
  const args = {
    kind: "openai_http",
    target,
    model: "tiny",
    stream,
    api_key: SECRETS[0],
    extras: { headers: { "X-Auth-Token": SECRETS[1] } },
  };
  return { args, secrets: SECRETS, close };
}

runBackendContract({
  test,
  pluginModule: new URL("../bundle/index.js", import.meta.url),
  factory: async (behaviour) => {
    if (behaviour === "connecting") {
      const { url, close } = await startRawServer(() => {}); // says nothing to a TLS handshake
      const { args, ...rest } = harness(url.replace("http:", "https:"), true, close);
      return { ...rest, args: { ...args, http2: false } as BackendArgs }; // else the start asks for HTTP/2
    }
    const mode = behaviour === "whole" || behaviour === "unreachable" ? "normal" : behaviour;
    const server = await startChatServer(mode);
    if (behaviour === "unreachable") await server.close();
    return harness(server.url, behaviour !== "whole", behaviour === "unreachable" ? async () => {} : server.close);
  },
  capabilities: {
    streaming: true,
    whole: true,
    unreachable: true,
    failing: true,
    silent: true,
    stalling: true,
    connecting: true,
    usage: true,
    "output-length": true,
    secrets: true,
    history: true,
  },
});
