import type { PreparedRequest } from "@core/backend";
import type { JsonObject } from "../api/json-object.js";
import type { FormFile } from "../api/wire-format.js";
import type { WireRequest } from "../transport/transport.js";

/** A request with its bytes. */
export interface PreparedHttpRequest extends PreparedRequest {
  readonly wire: WireRequest;
  /** What `wire.body` holds, files aside. */
  readonly body: JsonObject;
  /** Null when the body goes as JSON. */
  readonly files: readonly FormFile[] | null;
  /** Whether a stream was asked for. */
  readonly stream: boolean;
}
