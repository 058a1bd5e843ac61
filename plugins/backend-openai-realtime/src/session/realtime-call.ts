import type {
  Clock,
  FirstTokenEvent,
  GenerationResponse,
  PartialEvent,
  RequestFailure,
  RequestTimings,
  ResolveContext,
  ResolveEvent,
} from "@core/backend";
import type { OpenAIWebSocketErrorCode } from "../errors.js";
import type { ConnectionFailure } from "./connection-failure.js";
import type { ConnectionPool } from "./connection-pool.js";
import { errorEventText } from "./error-event.js";
import { parseJsonObject } from "./json-object.js";
import { MessageSender, type SendListener } from "./message-sender.js";
import type { RealtimeMessages } from "./prepared-realtime-request.js";
import type { ConnectionListener, RealtimeConnection } from "./realtime-connection.js";
import { Transcript } from "./transcript.js";

const MOST_IGNORED_EVENTS = 50_000;
const SHOWN_CHARACTERS = 1024;

/** The terminal ones among the events. */
type TerminalEvent = Exclude<ResolveEvent, FirstTokenEvent>;

/** What a call is made of. */
export interface RealtimeCallOptions {
  readonly context: ResolveContext;
  readonly messages: RealtimeMessages;
  readonly pool: ConnectionPool;
  /** Milliseconds without an event; 0 is no limit. */
  readonly readTimeoutMs: number;
  /** Masks secrets in what the server said. */
  readonly redact: (text: string) => string;
  /** Turns what has arrived into the response. */
  readonly toResponse: (transcript: Transcript) => GenerationResponse;
}

/** One request on its way: takes a connection, sends, stamps what arrives, and ends in exactly one terminal event. */
export class RealtimeCall implements ConnectionListener, SendListener {
  /** The first token, or the terminal event when none came before it. */
  readonly first: Promise<ResolveEvent>;
  readonly end: Promise<TerminalEvent>;
  readonly #options: RealtimeCallOptions;
  readonly #timings: RequestTimings;
  readonly #clock: Clock;
  readonly #transcript = new Transcript();
  #tellFirst!: (event: ResolveEvent) => void;
  #tellEnd!: (event: TerminalEvent) => void;
  #connection: RealtimeConnection | null = null;
  #sender: MessageSender | null = null;
  #timer: NodeJS.Timeout | null = null;
  #arrivedNs = Number.NaN;
  #ignored = 0;
  #isOver = false;

  constructor(options: RealtimeCallOptions) {
    this.#options = options;
    this.#timings = options.context.timings;
    this.#clock = options.context.clock;
    this.first = new Promise((resolve) => {
      this.#tellFirst = resolve;
    });
    this.end = new Promise((resolve) => {
      this.#tellEnd = resolve;
    });
  }

  /** Takes a connection, or opens one, and sends the request. */
  start(): void {
    const { context, pool } = this.#options;
    if (context.signal.aborted) {
      this.cancel();
      return;
    }
    context.signal.addEventListener("abort", this.cancel);
    this.#connection = pool.takeIdle(this);
    if (this.#connection === null) this.#open();
    else this.#send(this.#connection);
  }

  /** Cuts the request; what has arrived is told as a partial event. Does nothing after the end. */
  readonly cancel = (): void => {
    this.#settlePartial("cancelled", this.#clock.nowNs(), {
      code: "CORE_BACKEND_CANCELLED",
      message: "The request was cut by the client before it ended",
      phase: "cancel",
    });
  };

  arrived(): void {
    this.#arrivedNs = this.#clock.nowNs();
  }

  ready(): void {
    this.#timings.connectEndNs = this.#arrivedNs;
    if (this.#connection !== null) this.#send(this.#connection);
  }

  sending(atNs: number): void {
    if (Number.isNaN(this.#timings.sendNs)) this.#timings.sendNs = atNs;
    this.#timings.messageSent(atNs);
    this.#timer?.refresh();
  }

  message(data: Buffer): void {
    if (this.#isOver) return;
    const timings = this.#timings;
    if (Number.isNaN(timings.firstByteNs)) timings.firstByteNs = this.#arrivedNs;
    timings.responseBytes += data.length;
    this.#timer?.refresh();
    const text = data.toString("utf8");
    const event = parseJsonObject(text);
    if (event === null) this.#fail("OPENAI_WEBSOCKET_MALFORMED", "A message of the server is not a JSON object", text);
    else this.#event(event, text);
  }

  lost(failure: ConnectionFailure): void {
    const connection = this.#connection;
    this.#connection = null;
    const { timings } = this.#options.context;
    const wasIdle = connection !== null && !timings.freshConnection && Number.isNaN(timings.firstByteNs);
    if (wasIdle && !this.#isOver && !this.#options.pool.isClosed) {
      // the server had ended the idle connection, which we could not know: once more
      this.#sender?.stop();
      this.#stopTimer();
      timings.resetExchange();
      timings.retried = true;
      this.#open();
      return;
    }
    this.#settlePartial("errored", this.#clock.nowNs(), { ...failure, phase: this.#phase() });
  }

  #open(): void {
    this.#timings.freshConnection = true;
    this.#timings.connectStartNs = this.#clock.nowNs();
    this.#connection = this.#options.pool.open(this);
  }

  #send(connection: RealtimeConnection): void {
    const { messages, readTimeoutMs } = this.#options;
    this.#timings.requestBytes = messages.bytes;
    if (readTimeoutMs > 0) this.#timer = setTimeout(this.#timedOut, readTimeoutMs);
    this.#sender = new MessageSender(messages, connection, this.#clock, this);
    this.#sender.start();
  }

  #event(event: Readonly<Record<string, unknown>>, text: string): void {
    switch (event["type"]) {
      case "transcription.delta":
        this.#delta(event["delta"]);
        return;
      case "transcription.done":
        this.#done(event);
        return;
      case "error":
        this.#fail("OPENAI_WEBSOCKET_SERVER_ERROR", `The server reported an error: ${errorEventText(event)}`, text);
        return;
      default:
        this.#ignored += 1;
        if (this.#ignored <= MOST_IGNORED_EVENTS) return;
        this.#fail(
          "OPENAI_WEBSOCKET_TOO_MANY_EVENTS",
          `More than ${MOST_IGNORED_EVENTS} events without a meaning here`,
        );
    }
  }

  #delta(delta: unknown): void {
    this.#timings.iteration(this.#arrivedNs);
    if (typeof delta !== "string" || delta === "") return;
    this.#transcript.add(delta);
    this.#token();
  }

  #done(event: Readonly<Record<string, unknown>>): void {
    const timings = this.#timings;
    this.#transcript.complete(event["text"], event["usage"]);
    if (timings.tokenIterations === 0) {
      timings.iteration(this.#arrivedNs);
      if (this.#transcript.text !== "") this.#token();
    }
    timings.endNs = this.#arrivedNs;
    this.#settle({ type: "final", response: this.#options.toResponse(this.#transcript) });
  }

  #token(): void {
    if (this.#timings.tokenIterations === 0) this.#tellFirst({ type: "first-token", atNs: this.#arrivedNs });
    this.#timings.token(this.#arrivedNs, true);
  }

  readonly #timedOut = (): void => {
    const message = `No event arrived for ${this.#options.readTimeoutMs} ms`;
    const failure = { code: "OPENAI_WEBSOCKET_READ_TIMEOUT", message, phase: this.#phase() };
    this.#settlePartial("errored", this.#clock.nowNs(), failure);
  };

  #fail(code: OpenAIWebSocketErrorCode, message: string, body = ""): void {
    const failure = { code, message, phase: this.#phase(), ...(body === "" ? {} : { body }) };
    this.#settlePartial("errored", this.#arrivedNs, failure);
  }

  #phase(): RequestFailure["phase"] {
    if (this.#sender === null || Number.isNaN(this.#timings.sendNs)) return "connect";
    if (!Number.isNaN(this.#timings.firstByteNs)) return "stream";
    return this.#sender.isDone ? "first_byte" : "send";
  }

  #settlePartial(reason: PartialEvent["reason"], atNs: number, failure: RequestFailure): void {
    if (this.#isOver) return;
    this.#timings.endNs = atNs;
    const told = {
      ...failure,
      message: this.#shown(failure.message),
      ...(failure.body === undefined ? {} : { body: this.#shown(failure.body) }),
    };
    this.#settle({ type: "partial", reason, response: this.#options.toResponse(this.#transcript), failure: told });
  }

  /** Masked before it is cut: half a secret would not be recognised. */
  #shown(text: string): string {
    return this.#options.redact(text).slice(0, SHOWN_CHARACTERS);
  }

  #settle(event: TerminalEvent): void {
    this.#isOver = true;
    this.#options.context.signal.removeEventListener("abort", this.cancel);
    this.#stopTimer();
    this.#sender?.stop();
    this.#letGo(event.type === "final");
    this.#tellFirst(event);
    this.#tellEnd(event);
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** A connection is used again only when the request and its answer are whole. */
  #letGo(isComplete: boolean): void {
    const connection = this.#connection;
    this.#connection = null;
    if (connection === null) return;
    if (isComplete && this.#sender?.isDone === true) this.#options.pool.giveBack(connection);
    else connection.close({ politely: false });
  }
}
