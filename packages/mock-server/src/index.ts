export type { CapturedRequest } from "./captured-requests.js";
export { MOCK_SERVER_ERRORS, MockServerError, type MockServerErrorCode } from "./errors.js";
export type { Failure } from "./failures/failure.js";
export { LATENCY_MODELS, type LatencyModel } from "./latency-model.js";
export { type MockServer, startMockServer } from "./mock-server.js";
export {
  type MockServerOptions,
  type MockServerOptionsInput,
  mockServerOptionsSchema,
  parseMockServerOptions,
} from "./mock-server-options.js";
export type { RequestOutcome, TruthEntry } from "./truth-log.js";
