import {
  type BackendBehaviour,
  type BackendHarness,
  createContractRequest,
  runBackendContract,
} from "@core/backend-testkit";
import { type MockServer, type MockServerOptionsInput, startMockServer } from "@core/mock-server";
import { test } from "@jest/globals";
import "../src/index.js";
import { startRealtimeServer } from "./support/realtime-server.js";
import { SOUND } from "./support/send-request.js";

const SECRET = "sk-contract-1";
const HOUR_MS = 3_600_000;

const SERVER: Partial<Record<BackendBehaviour, MockServerOptionsInput>> = {
  failing: { error_rate: 1 },
  silent: { hang_rate: 1 },
  stalling: { itl_ms: HOUR_MS },
};

function harness({ url, close }: Pick<MockServer, "url" | "close">): BackendHarness {
  const args = { kind: "openai_websocket", target: url, model: "goodput-mock", api_key: SECRET };
  return {
    args,
    secrets: [SECRET],
    createRequest: (options) => ({
      ...createContractRequest(options),
      columns: Object.freeze({ audio_column: Object.freeze([Object.freeze({ audio: SOUND, format: "wav" })]) }),
    }),
    close,
  };
}

runBackendContract({
  test,
  pluginModule: new URL("../bundle/index.js", import.meta.url),
  factory: async (behaviour) => {
    if (behaviour === "connecting") return harness(await startRealtimeServer({ opened: () => {} }));
    const server = await startMockServer({
      ...{ port: 0, ttft_ms: 1, itl_ms: 1, output_tokens: 5, api_key: SECRET },
      ...SERVER[behaviour],
    });
    if (behaviour === "unreachable") await server.close();
    return harness(server);
  },
  capabilities: {
    streaming: true,
    unreachable: true,
    failing: true,
    silent: true,
    stalling: true,
    connecting: true, // a connection is up once the server has greeted
    usage: true,
    secrets: true,
    whole: false, // a transcription is always streamed
    "output-length": false, // the audio decides
    history: false,
  },
});
