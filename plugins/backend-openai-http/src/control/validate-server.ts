import { BackendError, type Logger } from "@core/backend";
import type { ControlClient } from "./control-client.js";
import { adviceFor, describeReply, isSuccess, modelsIn } from "./list-models.js";

/** What the check is told. */
export interface ValidateServerInput {
  readonly client: ControlClient;
  readonly healthUrl: URL;
  readonly modelsUrl: URL;
  /** Configured model; empty when none. */
  readonly model: string;
  readonly logger: Logger;
}

/**
 * Checks a server in stages: its health, and when that route does not answer well, its list of models, since not every
 * server has a health route. Warns when the configured model is not in the list.
 *
 * @throws {BackendError} CORE_BACKEND_UNREACHABLE with what was asked, what came back and what to change.
 */
export async function validateServer(input: ValidateServerInput): Promise<void> {
  const { client, healthUrl, modelsUrl, model, logger } = input;
  const health = await client.get(healthUrl);
  if ("failure" in health) {
    throw new BackendError(`The server cannot be reached: ${describeReply("GET", healthUrl, health)}.`, {
      code: "CORE_BACKEND_UNREACHABLE",
      hint: adviceFor(health, ""),
    });
  }
  if (isSuccess(health) && model === "") return;
  const list = await client.get(modelsUrl);
  const models = modelsIn(list);
  if (!isSuccess(health) && models === null) {
    const tried = [describeReply("GET", healthUrl, health), describeReply("GET", modelsUrl, list)].join("; ");
    throw new BackendError(`The server cannot be validated: ${tried}.`, {
      code: "CORE_BACKEND_UNREACHABLE",
      hint: adviceFor(list, "Set api_routes for other paths, or validate_backend=false to skip this check."),
    });
  }
  if (models !== null && models.length > 0 && model !== "" && !models.includes(model)) {
    logger.warn(`The model "${model}" is not in the server's list: ${models.slice(0, 10).join(", ")}.`);
  }
}
