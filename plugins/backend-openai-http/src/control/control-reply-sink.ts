import { type Clock, createClock, RequestTimings } from "@core/backend";
import type { ResponseHead, ResponseSink } from "../transport/transport.js";
import type { TransportFailure } from "../transport/transport-failure.js";
import type { ControlFailure, ControlReply } from "./control-client.js";

const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Collects one reply whole. */
export class ControlReplySink implements ResponseSink {
  readonly timings = new RequestTimings();
  readonly clock: Clock = createClock(process.hrtime.bigint());
  readonly #settle: (reply: ControlReply | ControlFailure) => void;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;
  #status = 0;

  constructor(settle: (reply: ControlReply | ControlFailure) => void) {
    this.#settle = settle;
  }

  head({ status, contentEncoding }: ResponseHead): void {
    this.#status = status;
    if (contentEncoding !== "" && contentEncoding !== "identity") {
      this.#settle({ failure: `the reply is compressed (${contentEncoding.slice(0, 40)})` });
    }
  }

  data(bytes: Buffer, start: number, end: number): void {
    this.#bytes += end - start;
    if (this.#bytes > MAX_BODY_BYTES) this.#settle({ failure: "the reply is too large" });
    else this.#pieces.push(Buffer.from(bytes.subarray(start, end)));
  }

  end(): void {
    this.#settle({ status: this.#status, body: Buffer.concat(this.#pieces).toString("utf8") });
  }

  fail({ message }: TransportFailure): void {
    this.#settle({ failure: message });
  }
}
