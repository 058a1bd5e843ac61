import type { PreparedRequest } from "@core/backend";
import type { Sampling } from "../bridge/generate-frame.js";
import type { Prompt } from "../prompt/prompt.js";

/** A request whose frame is encoded. */
export interface PreparedVllmRequest extends PreparedRequest {
  readonly prompt: Prompt;
  readonly sampling: Sampling;
  readonly stream: boolean;
  readonly frame: Buffer;
}
