import { type BackendBehaviour, createContractRequest, runBackendContract } from "@core/backend-testkit";
import { type MockServerOptionsInput, startMockServer } from "@core/mock-server";
import { test } from "@jest/globals";
import "../src/index.js";
import { SOUND } from "./support/send-request.js";

const SECRET = "sk-contract-1";
const HOUR_MS = 3_600_000;

const SERVER: Partial<Record<BackendBehaviour, MockServerOptionsInput>> = {
  failing: { error_rate: 1 },
  silent: { hang_rate: 1 },
  stalling: { itl_ms: HOUR_MS },
};

runBackendContract({
  test,
  factory: async (behaviour) => {
    const server = await startMockServer({
      ...{ port: 0, ttft_ms: 1, itl_ms: 1, output_tokens: 5, api_key: SECRET },
      ...SERVER[behaviour],
    });
    if (behaviour === "unreachable") await server.close();
    return {
      args: { kind: "openai_websocket", target: server.url, model: "goodput-mock", api_key: SECRET },
      secrets: [SECRET],
      createRequest: (options) => ({
        ...createContractRequest(options),
        columns: Object.freeze({ audio_column: Object.freeze([Object.freeze({ audio: SOUND, format: "wav" })]) }),
      }),
      close: () => server.close(),
    };
  },
  capabilities: {
    streaming: true,
    unreachable: true,
    failing: true,
    silent: true,
    stalling: true,
    usage: true,
    secrets: true,
    whole: false, // a transcription is always streamed
    "output-length": false, // the audio decides
    history: false,
  },
});
