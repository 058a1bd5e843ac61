import {
  type Clock,
  EventQueue,
  type GenerationResponse,
  type PartialEvent,
  type RequestFailure,
  type RequestTimings,
  type ResolveContext,
  type ResolveEvent,
} from "@core/backend";
import { type JsonObject, parseJsonObject } from "../api/json-object.js";
import type { EventContent, ResponseReader } from "../api/response-reader.js";
import { errorMessageOf } from "../api/server-error.js";
import type { OpenAIHttpErrorCode } from "../errors.js";
import { SseParser } from "../sse/sse-parser.js";
import type { Exchange, ResponseHead, ResponseSink } from "../transport/transport.js";
import type { TransportFailure } from "../transport/transport-failure.js";
import type { AfterReads, Finishable } from "./after-reads.js";
import { BodyCollector } from "./body-collector.js";
import { EventTemplate } from "./event-template.js";
import { statusFailure } from "./status-failure.js";

/** How long a response may go on after its end marker before its connection is given up. */
const DRAIN_LIMIT_MS = 100;
const SHOWN_CHARACTERS = 1024;

/** What a call is made of. */
export interface HttpCallOptions {
  readonly context: ResolveContext;
  readonly reader: ResponseReader;
  /** Whether a stream was asked for. */
  readonly stream: boolean;
  /** Turns what the reader holds into the response. */
  readonly toResponse: (reader: ResponseReader) => GenerationResponse;
  /** Masks secrets in what the server said. */
  readonly redact: (text: string) => string;
  /** Judges a complete response; null accepts it. */
  readonly judge: (reader: ResponseReader) => Pick<PartialEvent, "reason" | "failure"> | null;
  readonly afterReads: AfterReads;
}

/**
 * One request on its way: receives the pieces of the response, stamps tokens, and ends in exactly one terminal event.
 * Every event is read as it arrives; what follows the end of the response is left for after the reads that are due.
 */
export class HttpCall implements ResponseSink, Finishable {
  readonly timings: RequestTimings;
  /** Whether a stream was asked for. */
  readonly stream: boolean;
  readonly clock: Clock;
  readonly events = new EventQueue();
  readonly #options: HttpCallOptions;
  readonly #reader: ResponseReader;
  #exchange: Exchange | null = null;
  #head: ResponseHead | null = null;
  #parser: SseParser | null = null;
  readonly #template = new EventTemplate();
  /** Field of the text in events like the template. */
  #textKey = "";
  #body: BodyCollector | null = null;
  /** The outcome, once it is known; it is told when the connection is free again, or after {@link DRAIN_LIMIT_MS}. */
  #outcome: ResolveEvent | null = null;
  #told = false;
  #drainTimer: NodeJS.Timeout | null = null;
  #sawEndMarker = false;
  #atStreamEnd = false;
  /** When the response had ended; NaN before. */
  #endedNs = Number.NaN;

  constructor(options: HttpCallOptions) {
    this.#options = options;
    this.#reader = options.reader;
    this.stream = options.stream;
    this.timings = options.context.timings;
    this.clock = options.context.clock;
  }

  /** Sends the request through `send` and listens to the signal. */
  start(send: (sink: ResponseSink) => Exchange): void {
    const { signal } = this.#options.context;
    if (signal.aborted) {
      this.cancel();
      return;
    }
    signal.addEventListener("abort", this.cancel);
    this.#exchange = send(this);
    if (this.#told) this.#close(); // it failed at once
  }

  /** Cuts the request; what has arrived is told as a partial event. Does nothing after the end. */
  cancel = (): void => {
    this.#cut("cancelled", {
      code: "CORE_BACKEND_CANCELLED",
      message: "The request was cut by the client before it ended",
      phase: "cancel",
    });
  };

  /** Ends a request that takes too long; what has arrived is told as a partial event. Does nothing after the end. */
  expire(failure: RequestFailure): void {
    this.#cut("errored", { ...failure, ...this.#statusPart() });
  }

  #cut(reason: PartialEvent["reason"], failure: RequestFailure): void {
    if (this.#told) return;
    if (!Number.isNaN(this.#endedNs)) this.#conclude();
    if (this.#outcome === null) this.#settlePartial(reason, this.clock.nowNs(), failure);
    this.#tell();
  }

  head(head: ResponseHead, atNs: number): void {
    this.#head = head;
    const isSuccess = head.status >= 200 && head.status < 300;
    if (isSuccess && head.contentEncoding !== "" && head.contentEncoding !== "identity") {
      this.#fail(atNs, "OPENAI_HTTP_COMPRESSED", `The response is compressed (${head.contentEncoding.slice(0, 40)})`);
      this.#tell();
    } else if (isSuccess && isEventStream(head.contentType, this.#options.stream)) {
      this.#parser = new SseParser({ event: this.#event });
    } else {
      this.#body = new BodyCollector(isSuccess ? BodyCollector.MAX_BYTES : SHOWN_CHARACTERS * 4);
    }
  }

  data(bytes: Buffer, start: number, end: number, atNs: number): void {
    if (this.#outcome !== null || this.#sawEndMarker) return;
    try {
      if (this.#parser !== null) this.#streamData(this.#parser, bytes, start, end, atNs);
      else if (!this.#body?.add(bytes.subarray(start, end))) this.#bodyExceeded(atNs);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#fail(atNs, "OPENAI_HTTP_TOO_LARGE", `The response cannot be read: ${error.message}`);
      this.#tell();
    }
  }

  end(atNs: number): void {
    this.#exchange = null;
    if (this.#outcome === null) this.#ended(atNs);
    else this.#tell();
  }

  fail(failure: TransportFailure, atNs: number): void {
    this.#exchange = null;
    if (!Number.isNaN(this.#endedNs)) this.#conclude();
    if (this.#outcome === null) this.#settlePartial("errored", atNs, { ...failure, ...this.#statusPart() });
    this.#tell();
  }

  finish(): void {
    if (this.#told) return;
    this.#conclude();
    if (this.#exchange === null) this.#tell(); // else it is told at the end of the body, see #settle
  }

  #ended(atNs: number): void {
    if (!Number.isNaN(this.#endedNs)) return;
    this.#endedNs = atNs;
    this.#options.afterReads.add(this);
  }

  /** Fixes the outcome of a response that has ended. */
  #conclude(): void {
    if (this.#outcome !== null) return;
    if (this.#sawEndMarker) this.#complete(this.#endedNs);
    else if (this.#parser !== null) this.#endStream(this.#parser, this.#endedNs);
    else this.#endBody(this.#endedNs);
  }

  /** Of a failure no more than its beginning is read: its body may have no end. */
  #bodyExceeded(atNs: number): void {
    if (this.#isSuccess()) throw new RangeError("the body is too large");
    this.#endBody(atNs);
  }

  /** Perf: most pieces are one whole event like the last one, whose lines need not be looked for. */
  #streamData(parser: SseParser, bytes: Buffer, start: number, end: number, atNs: number): void {
    if (parser.isBetweenEvents && this.#template.matchesFrame(bytes, start, end)) this.#templateEvent(atNs);
    else parser.push(bytes, start, end, atNs);
  }

  /** One event of the stream; a field, so that no closure is made per event. */
  #event = (bytes: Buffer, start: number, end: number, type: string, atNs: number): void => {
    if (this.#outcome !== null || this.#sawEndMarker) return;
    if (this.#template.matches(bytes, start, end)) this.#templateEvent(atNs);
    else this.#parsedEvent(bytes, start, end, type, atNs);
  };

  #templateEvent(atNs: number): void {
    this.timings.iteration(atNs);
    this.#token(this.#reader.readText(this.#textKey, this.#template), atNs);
  }

  #parsedEvent(bytes: Buffer, start: number, end: number, type: string, atNs: number): void {
    const data = bytes.toString("utf8", start, end);
    if (isEndMarker(data)) {
      this.timings.iteration(atNs);
      this.#sawEnd(atNs);
      return;
    }
    const payload = parseJsonObject(data);
    if (payload === null) {
      if (this.#atStreamEnd) return; // cut off in the middle of an event: reported as truncated
      this.timings.iteration(atNs);
      this.#fail(atNs, "OPENAI_HTTP_MALFORMED", "An event of the stream is not a JSON object", data);
      return;
    }
    this.timings.iteration(atNs);
    const error = errorMessageOf(payload);
    if (error !== null) {
      this.#reader.readEvent(payload); // some bring the usage
      this.#fail(atNs, "OPENAI_HTTP_STREAM_ERROR", `The server reported an error within the stream: ${error}`, data);
      return;
    }
    const content = this.#reader.readEvent(payload);
    if (content !== "nothing") this.#token(content, atNs);
    if (this.#reader.hasEnded === true) this.#sawEnd(atNs);
    else if (content !== "nothing" && this.#template.wantsEvent) this.#learn(payload, bytes, start, end, type);
  }

  #sawEnd(atNs: number): void {
    this.#sawEndMarker = true;
    this.#parser?.stop();
    this.#ended(atNs);
  }

  #token(content: EventContent, atNs: number): void {
    if (this.timings.tokenIterations === 0) this.events.push({ type: "first-token", atNs });
    this.timings.token(atNs, content === "output");
  }

  #learn(payload: JsonObject, bytes: Buffer, start: number, end: number, type: string): void {
    const simple = this.#reader.simpleText(payload);
    if (simple === null) return;
    this.#textKey = simple.key;
    this.#template.learn(bytes, start, end, simple, type);
  }

  #endStream(parser: SseParser, atNs: number): void {
    this.#atStreamEnd = true;
    parser.end(atNs);
    if (this.#outcome !== null) return;
    if (this.#sawEndMarker || this.#reader.isFinished) this.#complete(atNs);
    else this.#fail(atNs, "OPENAI_HTTP_TRUNCATED", "The stream ended without an end marker or a finish reason");
  }

  #endBody(atNs: number): void {
    const text = this.#body?.text() ?? "";
    if (this.#head !== null && !this.#isSuccess()) {
      this.#settlePartial("errored", atNs, statusFailure(this.#head, text));
      return;
    }
    const payload = parseJsonObject(text);
    if (payload === null) {
      this.#fail(atNs, "OPENAI_HTTP_MALFORMED", "The response is not a JSON object", text);
      return;
    }
    const error = errorMessageOf(payload);
    if (error !== null) {
      this.#fail(atNs, "OPENAI_HTTP_BODY_ERROR", `The server reported an error with status 200: ${error}`, text);
      return;
    }
    this.#reader.readBody(payload);
    this.#complete(atNs);
  }

  /** The response is whole: accepts or refuses it. */
  #complete(atNs: number): void {
    const verdict = this.#options.judge(this.#reader);
    if (verdict !== null) {
      this.#settlePartial(verdict.reason, atNs, { ...verdict.failure, ...this.#statusPart() });
      return;
    }
    this.timings.endNs = atNs;
    this.#settle({ type: "final", response: this.#options.toResponse(this.#reader) });
  }

  #fail(atNs: number, code: OpenAIHttpErrorCode, message: string, body = ""): void {
    this.#settlePartial("errored", atNs, {
      code,
      message,
      phase: this.#parser === null ? "body" : "stream",
      ...this.#statusPart(),
      ...(body === "" ? {} : { body }),
    });
  }

  #settlePartial(reason: PartialEvent["reason"], atNs: number, failure: RequestFailure): void {
    this.timings.endNs = atNs;
    const told = {
      ...failure,
      message: this.#shown(failure.message),
      ...(failure.body === undefined ? {} : { body: this.#shown(failure.body) }),
    };
    this.#settle({ type: "partial", reason, response: this.#options.toResponse(this.#reader), failure: told });
  }

  /** Masked before it is cut: half a secret would not be recognised. */
  #shown(text: string): string {
    return this.#options.redact(text).slice(0, SHOWN_CHARACTERS);
  }

  /** Fixes the outcome. Telling it waits for the end of the body, which normally arrives in the same read. */
  #settle(outcome: ResolveEvent): void {
    this.#outcome = outcome;
    this.#parser?.stop();
    if (this.#exchange !== null) this.#drainTimer ??= setTimeout(this.#giveUpDraining, DRAIN_LIMIT_MS);
  }

  #giveUpDraining = (): void => {
    this.#drainTimer = null;
    this.#tell();
  };

  #tell(): void {
    if (this.#told || this.#outcome === null) return;
    this.#told = true;
    this.events.push(this.#outcome);
    this.#close();
  }

  #close(): void {
    this.#options.context.signal.removeEventListener("abort", this.cancel);
    if (this.#drainTimer !== null) clearTimeout(this.#drainTimer);
    this.#drainTimer = null;
    this.#exchange?.abort();
    this.#exchange = null;
  }

  #isSuccess(): boolean {
    return this.#head !== null && this.#head.status >= 200 && this.#head.status < 300;
  }

  #statusPart(): { readonly status?: number } {
    return this.#head === null ? {} : { status: this.#head.status };
  }
}

/** The content type decides; when it says neither, what was asked for. */
function isEventStream(contentType: string, asked: boolean): boolean {
  if (contentType === "text/event-stream") return true;
  return asked && !/json$|^text\/html$/.test(contentType);
}

/** All spellings: with or without a space, in a quoted form some gateways use, with blanks around. */
function isEndMarker(data: string): boolean {
  return data.length <= 16 && /^\s*\[DONE\]\s*$/.test(data);
}
