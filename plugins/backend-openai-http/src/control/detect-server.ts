import type { ServerName } from "../api/server-dialect.js";
import type { ListedModel } from "./list-models.js";

/** Hosts of services that refuse fields which their API does not have. */
const STRICT_HOST = /(^|\.)(openai\.com|openai\.azure\.com|anthropic\.com)$/i;

/** What servers call themselves in their list of models. */
const OWNERS: Readonly<Record<string, ServerName>> = { vllm: "vllm", sglang: "sglang", llamacpp: "llama.cpp" };

/**
 * The server behind a URL, as far as it can be told; null when it cannot. Gateways list models under any name, so that no
 * name makes a server a strict one.
 */
export function detectServer(url: URL, models: readonly ListedModel[]): ServerName | null {
  if (STRICT_HOST.test(url.hostname)) return "openai";
  const [model] = models;
  if (model === undefined) return null;
  // TGI names the model as its own owner
  return OWNERS[model.owner] ?? (model.owner === model.id ? "tgi" : null);
}
