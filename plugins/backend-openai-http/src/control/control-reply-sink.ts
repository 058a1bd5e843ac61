import { type Clock, createClock, RequestTimings } from "@core/backend";
import { BodyCollector } from "../call/body-collector.js";
import type { ResponseHead, ResponseSink } from "../transport/transport.js";
import type { TransportFailure } from "../transport/transport-failure.js";
import type { ControlFailure, ControlReply } from "./control-client.js";

const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Collects one reply whole. */
export class ControlReplySink implements ResponseSink {
  readonly timings = new RequestTimings();
  readonly clock: Clock = createClock(process.hrtime.bigint());
  readonly lane = null;
  readonly lastTokenNs = Number.NaN;
  readonly #settle: (reply: ControlReply | ControlFailure) => void;
  readonly #body = new BodyCollector(MAX_BODY_BYTES);
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
    if (!this.#body.add(bytes.subarray(start, end))) this.#settle({ failure: "the reply is too large" });
  }

  end(): void {
    this.#settle({ status: this.#status, body: this.#body.text() });
  }

  fail({ message }: TransportFailure): void {
    this.#settle({ failure: message });
  }
}
