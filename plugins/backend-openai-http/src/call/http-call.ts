import {
  betweenReads,
  type Clock,
  EventQueue,
  type GenerationResponse,
  type PartialEvent,
  type RequestFailure,
  type RequestTimings,
  type ResolveContext,
  type ResolveEvent,
  type SpareWork,
} from "@core/backend";
import { type JsonObject, parseJsonObject } from "../api/json-object.js";
import type { EventContent, ResponseReader } from "../api/response-reader.js";
import { errorMessageOf } from "../api/server-error.js";
import type { OpenAIHttpErrorCode } from "../errors.js";
import { isEndMarker } from "../sse/end-marker.js";
import { isEventStream } from "../sse/event-stream.js";
import { SseParser } from "../sse/sse-parser.js";
import type { EventLane, Exchange, ResponseHead, ResponseSink } from "../transport/transport.js";
import type { TransportFailure } from "../transport/transport-failure.js";
import { BodyCollector } from "./body-collector.js";
import type { EventTemplate } from "./event-template.js";
import type { EventTemplates } from "./event-templates.js";
import { statusFailure } from "./status-failure.js";
import { TokenLane } from "./token-lane.js";

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
  /** Shared by the calls of a backend. */
  readonly templates: EventTemplates;
}

/**
 * One request on its way: receives the pieces of the response, stamps tokens, and ends in exactly one terminal event.
 * Every event is read as it arrives; what follows the end of the response is left for after the reads that are due.
 */
export class HttpCall implements ResponseSink, EventLane, SpareWork {
  readonly timings: RequestTimings;
  readonly #reader: ResponseReader;
  /** What events of this response were like lately. */
  #template: EventTemplate | null = null;
  /** The next piece may be an event like the template: the parser is between two events and the call goes on. */
  #isPlain = false;
  #parser: SseParser | null = null;
  /** Where events go that are like the template; null before the first. */
  #tokens: TokenLane | null = null;
  /** The outcome, once it is known; it is told when the connection is free again, or after {@link DRAIN_LIMIT_MS}. */
  #outcome: ResolveEvent | null = null;
  #sawEndMarker = false;
  /** Whether a stream was asked for. */
  readonly stream: boolean;
  readonly clock: Clock;
  readonly events = new EventQueue();
  readonly #options: HttpCallOptions;
  #exchange: Exchange | null = null;
  #head: ResponseHead | null = null;
  #body: BodyCollector | null = null;
  #told = false;
  #drainTimer: NodeJS.Timeout | null = null;
  #atStreamEnd = false;
  /** When the response had ended; NaN before. */
  #endedNs = Number.NaN;

  constructor(options: HttpCallOptions) {
    this.timings = options.context.timings;
    this.#reader = options.reader;
    this.#options = options;
    this.stream = options.stream;
    this.clock = options.context.clock;
  }

  /** Sends the request through `send` and listens to the signal. */
  start(send: (sink: ResponseSink) => Exchange): void {
    const { signal } = this.#options.context;
    if (signal.aborted) {
      this.cancel();
      return;
    }
    signal.addEventListener("abort", this);
    this.#exchange = send(this);
    if (this.#told) this.#close(); // it failed at once
  }

  /** The signal says that the request is to end. */
  handleEvent(): void {
    this.cancel();
  }

  /** Cuts the request; what has arrived is told as a partial event. Does nothing after the end. */
  cancel(): void {
    this.#cut("cancelled", {
      code: "CORE_BACKEND_CANCELLED",
      message: "The request was cut by the client before it ended",
      phase: "cancel",
    });
  }

  /** Ends a request that takes too long; what has arrived is told as a partial event. Does nothing after the end. */
  expire(failure: RequestFailure): void {
    this.#cut("errored", { ...failure, ...this.#statusPart() });
  }

  #cut(reason: PartialEvent["reason"], failure: RequestFailure): void {
    if (this.#told) return;
    this.#tokens?.close();
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
      this.#parser = new SseParser(this);
    } else {
      this.#body = new BodyCollector(isSuccess ? BodyCollector.MAX_BYTES : SHOWN_CHARACTERS * 4);
    }
  }

  get lane(): EventLane | null {
    const template = this.#template;
    if (!this.#isPlain || template === null) return null;
    this.#tokens ??= new TokenLane(this.timings, this.#reader, this.clock);
    return this.#tokens.open(template) ? this.#tokens : this;
  }

  get lastTokenNs(): number {
    return this.#tokens?.lastTokenNs ?? this.timings.lastTokenNs;
  }

  /** For responses of which more than counts is wanted. */
  eventLike(bytes: Buffer, start: number, end: number, atNs: number): boolean {
    const template = this.#template;
    if (!this.#isPlain || template === null || !template.matchesFrame(bytes, start, end)) return false;
    this.timings.responseBytes += end - start;
    try {
      this.#templateEvent(template, atNs);
    } catch (error) {
      this.#tooLarge(error, atNs);
    }
    return true;
  }

  data(bytes: Buffer, start: number, end: number, atNs: number): void {
    this.#tokens?.close();
    this.timings.responseBytes += end - start;
    if (this.#outcome !== null || this.#sawEndMarker) return;
    try {
      if (this.#parser !== null) this.#streamData(this.#parser, bytes, start, end, atNs);
      else if (!this.#body?.add(bytes.subarray(start, end))) this.#bodyExceeded(atNs);
    } catch (error) {
      this.#tooLarge(error, atNs);
    }
  }

  end(atNs: number): void {
    this.#tokens?.close();
    this.#exchange = null;
    if (this.#outcome === null) this.#ended(atNs);
    else this.#tell();
  }

  fail(failure: TransportFailure, atNs: number): void {
    this.#tokens?.close();
    this.#exchange = null;
    if (!Number.isNaN(this.#endedNs)) this.#conclude();
    if (this.#outcome === null) this.#settlePartial("errored", atNs, { ...failure, ...this.#statusPart() });
    this.#tell();
  }

  /**
   * What follows the end of a response (reading usage, recording, sending the next request), behind the reads that are due:
   * many streams that end at once would else delay each other's last tokens.
   */
  run(): void {
    if (this.#told) return;
    this.#conclude();
    if (this.#exchange === null) this.#tell(); // else it is told at the end of the body, see #settle
  }

  #ended(atNs: number): void {
    if (!Number.isNaN(this.#endedNs)) return;
    this.#endedNs = atNs;
    betweenReads.add(this);
  }

  /** Fixes the outcome of a response that has ended. */
  #conclude(): void {
    if (this.#outcome !== null) return;
    if (this.#sawEndMarker) this.#complete(this.#endedNs);
    else if (this.#parser !== null) this.#endStream(this.#parser, this.#endedNs);
    else this.#endBody(this.#endedNs);
  }

  #tooLarge(error: unknown, atNs: number): void {
    if (!(error instanceof RangeError)) throw error;
    this.#fail(atNs, "OPENAI_HTTP_TOO_LARGE", `The response cannot be read: ${error.message}`);
    this.#tell();
  }

  /** Of a failure no more than its beginning is read: its body may have no end. */
  #bodyExceeded(atNs: number): void {
    if (this.#isSuccess()) throw new RangeError("the body is too large");
    this.#endBody(atNs);
  }

  #streamData(parser: SseParser, bytes: Buffer, start: number, end: number, atNs: number): void {
    if (parser.isBetweenEvents) {
      const template = this.#options.templates.findFrame(bytes, start, end);
      if (template !== null) {
        this.#isPlain = true;
        this.#templateEvent(template, atNs);
        return;
      }
    }
    this.#isPlain = false;
    parser.push(bytes, start, end, atNs);
    this.#isPlain = parser.isBetweenEvents;
  }

  /** One event of the stream, from its parser. */
  event(bytes: Buffer, start: number, end: number, type: string, atNs: number): void {
    if (this.#outcome !== null || this.#sawEndMarker) return;
    const template = this.#options.templates.find(bytes, start, end, type);
    if (template !== null) this.#templateEvent(template, atNs);
    else this.#parsedEvent(bytes, start, end, type, atNs);
  }

  #templateEvent(template: EventTemplate, atNs: number): void {
    if (this.#template !== template) this.#template = template;
    const content = this.#reader.readText(template);
    if (this.timings.tokenIterations === 0) this.events.push({ type: "first-token", atNs });
    this.timings.tokenEvent(atNs, content === "output");
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
    else if (content !== "nothing" && !data.includes("\\")) this.#learn(payload, bytes.subarray(start, end), type);
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

  #learn(payload: JsonObject, event: Buffer, type: string): void {
    const { templates } = this.#options;
    const simple = templates.wantsEvent ? this.#reader.simpleText(payload) : null;
    if (simple !== null) this.#template = templates.learn(event, simple, type);
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
    this.#isPlain = false;
    this.#parser?.stop();
    if (this.#exchange !== null) this.#drainTimer ??= setTimeout(() => this.#giveUpDraining(), DRAIN_LIMIT_MS);
  }

  #giveUpDraining(): void {
    this.#drainTimer = null;
    this.#tell();
  }

  #tell(): void {
    if (this.#told || this.#outcome === null) return;
    this.#told = true;
    this.events.push(this.#outcome);
    this.#close();
  }

  #close(): void {
    this.#options.context.signal.removeEventListener("abort", this);
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
