export { BACKEND_CONTRACT } from "./backend-contract.js";
export type {
  BackendBehaviour,
  BackendCapabilities,
  BackendCapability,
  BackendContractCase,
  BackendHarness,
  BackendHarnessFactory,
} from "./contract-case.js";
export { type ContractRequestOptions, createContractRequest } from "./contract-request.js";
export { type BackendContractOptions, type ContractTest, runBackendContract } from "./run-backend-contract.js";
