import type { PreparedRequest } from "@core/backend";
import type { JsonObject } from "../api/json-object.js";
import type { WireRequest } from "../transport/transport.js";

/** A request with its bytes. */
export interface PreparedHttpRequest extends PreparedRequest {
  readonly wire: WireRequest;
  /** What `wire.body` holds. */
  readonly body: JsonObject;
  /** Whether a stream was asked for. */
  readonly stream: boolean;
}
