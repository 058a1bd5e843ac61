import { runBackendContract } from "@core/backend-testkit";
import "../src/index.js";
import { COMMON_CAPABILITIES, contractFactory } from "./support/contract-factory.js";
import { pythonTest } from "./support/stand-in.js";

runBackendContract({
  test: pythonTest,
  pluginModule: new URL("../bundle/index.js", import.meta.url),
  factory: contractFactory(() => ({ kind: "vllm_python_batch", batch_timeout: 0.001 })),
  capabilities: { ...COMMON_CAPABILITIES, streaming: false, stalling: false },
});
