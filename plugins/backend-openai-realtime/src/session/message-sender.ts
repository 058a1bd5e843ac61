import type { Clock } from "@core/backend";
import type { RealtimeMessages } from "./prepared-realtime-request.js";
import type { RealtimeConnection } from "./realtime-connection.js";

/** Unsent bytes above which sending waits for the kernel. */
const MOST_PENDING_BYTES = 1024 * 1024;

/** Is told what is sent. */
export interface SendListener {
  /** One message is about to be handed to the socket. */
  sending(atNs: number): void;
}

/** Sends the messages of one request: at once, as fast as the server takes them, or each when it is due. */
export class MessageSender {
  readonly #messages: RealtimeMessages;
  readonly #connection: RealtimeConnection;
  readonly #clock: Clock;
  readonly #listener: SendListener;
  #next = 0;
  #startNs = Number.NaN;
  #timer: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(messages: RealtimeMessages, connection: RealtimeConnection, clock: Clock, listener: SendListener) {
    this.#messages = messages;
    this.#connection = connection;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** Whether all messages have been handed over. */
  get isDone(): boolean {
    return this.#next === this.#messages.all.length;
  }

  start(): void {
    this.#startNs = this.#clock.nowNs();
    this.#continue();
  }

  /** Sends no more. */
  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  readonly #continue = (): void => {
    if (!this.#isStopped) this.#connection.together(this.#sendDue);
  };

  readonly #sendDue = (): void => {
    const { all, dueMs } = this.#messages;
    for (let message = all[this.#next]; message !== undefined; message = all[this.#next]) {
      const atNs = this.#clock.nowNs();
      const waitMs = dueMs === null ? 0 : (dueMs[this.#next] ?? 0) - (atNs - this.#startNs) / 1e6;
      if (waitMs > 0) {
        this.#timer = setTimeout(this.#continue, Math.ceil(waitMs)); // never early: the audio has not been spoken yet
        return;
      }
      this.#listener.sending(atNs);
      this.#next += 1;
      const isFull = this.#connection.pendingBytes + message.length > MOST_PENDING_BYTES && !this.isDone;
      this.#connection.send(message, isFull ? this.#continue : undefined);
      if (isFull) return;
    }
  };
}
