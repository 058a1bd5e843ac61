import { BackendError, type RequestFailure } from "@core/backend";
import type { ControlClient, ControlFailure, ControlReply } from "./control-client.js";
import { adviceFor, describeReply, isRefusal, isSuccess, type ListedModel, modelsIn } from "./list-models.js";
import { adviceForFailure } from "./try-request.js";

/** What the check is told. */
export interface ValidateServerInput {
  readonly client: ControlClient;
  readonly healthUrl: URL;
  readonly modelsUrl: URL;
  /** Configured model; empty when none. */
  readonly model: string;
  /** Whether a request is tried: always, never, or (auto) only where health and models tell nothing. */
  readonly tries: "auto" | "always" | "never";
  /** Sends one tiny request; null where there is none. */
  readonly tryRequest: (models: readonly ListedModel[] | null) => Promise<RequestFailure | null> | null;
}

/**
 * Checks a server in stages: it can be reached; its health route answers well, or, since not every server has one, its
 * list of models can be read; the key is accepted; the configured model is in the list, when there is one; and, where
 * all of this told nothing or it is asked for, a tiny request is answered.
 *
 * @returns The models that the server lists; null when it has no list.
 * @throws {BackendError} CORE_BACKEND_UNREACHABLE, CORE_BACKEND_NO_MODEL with what was asked, what came back and what
 * to change.
 */
export async function validateServer(input: ValidateServerInput): Promise<readonly ListedModel[] | null> {
  const { client, healthUrl, modelsUrl, model } = input;
  const [health, list] = await Promise.all([client.get(healthUrl), client.get(modelsUrl)]);
  if ("failure" in health && "failure" in list) {
    throw unreachable(`The server cannot be reached: ${describeReply("GET", healthUrl, health)}.`, health, "");
  }
  const models = modelsIn(list);
  if (isRefusal(list)) {
    throw new BackendError(`The server refuses the key: ${describeReply("GET", modelsUrl, list)}.`, {
      code: "CORE_BACKEND_UNREACHABLE",
      hint: `${adviceFor(list, "")} ${SKIP}`,
    });
  }
  const ids = (models ?? []).map(({ id }) => id);
  if (ids.length > 0 && model !== "" && !ids.includes(model)) throw notServed(model, ids);
  const isOpen = !isSuccess(health) && models === null;
  const trial = input.tries === "always" || (input.tries === "auto" && isOpen) ? input.tryRequest(models) : null;
  if (trial !== null) await expectAnswer(trial, isOpen ? `${describeBoth(input, health, list)}; the ` : "The ");
  else if (isOpen) {
    const advice = "Set api_routes for other paths, or validate_backend=false to skip this check.";
    throw unreachable(`The server cannot be validated: ${describeBoth(input, health, list)}.`, list, advice);
  }
  return models;
}

const SKIP = "validate_backend=false skips this check.";

async function expectAnswer(trial: Promise<RequestFailure | null>, before: string): Promise<void> {
  const failure = await trial;
  if (failure === null) return;
  throw new BackendError(`${before}trial request failed: ${failure.message}.`, {
    code: "CORE_BACKEND_UNREACHABLE",
    hint: `${adviceForFailure(failure)} ${SKIP}`.trim(),
  });
}

function describeBoth({ healthUrl, modelsUrl }: ValidateServerInput, health: Reply, list: Reply): string {
  return [describeReply("GET", healthUrl, health), describeReply("GET", modelsUrl, list)].join("; ");
}

type Reply = ControlReply | ControlFailure;

function unreachable(message: string, reply: Reply, otherwise: string): BackendError {
  return new BackendError(message, { code: "CORE_BACKEND_UNREACHABLE", hint: adviceFor(reply, otherwise) });
}

function notServed(model: string, models: readonly string[]): BackendError {
  const shown = models.slice(0, 10).join(", ");
  const more = models.length > 10 ? `, and ${models.length - 10} more` : "";
  return new BackendError(`The server does not serve the model "${model}"; it lists ${shown}${more}.`, {
    code: "CORE_BACKEND_NO_MODEL",
    hint: `Give one of them with model=…, or leave it out for the first one. ${SKIP}`,
  });
}
