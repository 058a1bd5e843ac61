import { runBackendContract } from "@core/backend-testkit";
import "../src/index.js";
import { COMMON_CAPABILITIES, contractFactory } from "./support/contract-factory.js";
import { pythonTest } from "./support/stand-in.js";

runBackendContract({
  test: pythonTest,
  pluginModule: new URL("../bundle/index.js", import.meta.url),
  factory: contractFactory((behaviour) => ({ stream: behaviour !== "whole" })),
  capabilities: COMMON_CAPABILITIES,
});
