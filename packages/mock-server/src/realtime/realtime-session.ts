import type { RawData, WebSocket } from "ws";
import type { ReplyScope } from "../generation-reply.js";
import { seededRandom } from "../seeded-random.js";
import { AudioBuffer } from "./audio-buffer.js";
import { TranscriptionReply } from "./transcription-reply.js";

/** What the server knows to say when it cannot go on. */
interface Refusal {
  readonly message: string;
  readonly code: string;
}

/**
 * One WebSocket connection: greets, takes audio, and answers each closing commit with a transcription, one at a time, any
 * number of them. Events that cannot be used are answered with an `error` event and the session goes on.
 */
export class RealtimeSession {
  readonly #webSocket: WebSocket;
  readonly #scope: ReplyScope;
  readonly #takeOrdinal: (arrivalNs: number) => number;
  #audio = new AudioBuffer();
  #hasModel = false;
  #reply: TranscriptionReply | null = null;

  constructor(webSocket: WebSocket, scope: ReplyScope, takeOrdinal: (arrivalNs: number) => number) {
    this.#webSocket = webSocket;
    this.#scope = scope;
    this.#takeOrdinal = takeOrdinal;
  }

  /** Greets the client and listens to it. */
  begin(): void {
    this.#webSocket.on("message", this.#message);
    this.#webSocket.on("error", () => {}); // followed by "close"
    this.#webSocket.on("close", () => this.#reply?.clientLeft());
    const id = Math.floor(seededRandom(this.#scope.options.seed, "session").uniform() * 2 ** 32).toString(16);
    this.#send({ type: "session.created", id: `sess-${id}`, created: 1_700_000_000 });
  }

  readonly #message = (raw: RawData): void => {
    const arrivalNs = this.#scope.clock.nowNs();
    const event = parseObject(String(raw));
    const refusal =
      event === null
        ? { message: "The message is not a JSON object.", code: "invalid_json" }
        : this.#take(event, arrivalNs);
    if (refusal !== null) this.#send({ type: "error", error: refusal.message, code: refusal.code });
  };

  #take(event: Readonly<Record<string, unknown>>, arrivalNs: number): Refusal | null {
    switch (event["type"]) {
      case "session.update":
        return this.#update(event["model"]);
      case "input_audio_buffer.append":
        return this.#audio.append(event["audio"])
          ? null
          : { message: "audio must be base64 of 16-bit samples.", code: "invalid_audio" };
      case "input_audio_buffer.commit":
        return this.#commit(event["final"] === true, arrivalNs);
      default:
        return { message: `Unknown event type: ${String(event["type"]).slice(0, 100)}`, code: "unknown_event" };
    }
  }

  #update(model: unknown): Refusal | null {
    this.#hasModel = model === undefined || model === this.#scope.options.model;
    if (this.#hasModel) return null;
    return { message: `The model \`${String(model).slice(0, 100)}\` does not exist.`, code: "model_not_found" };
  }

  /** A commit that is not final starts the transcription in a real server; here it begins with the end of the audio. */
  #commit(isFinal: boolean, arrivalNs: number): Refusal | null {
    if (!this.#hasModel)
      return { message: "The model is not set: send session.update first.", code: "model_not_validated" };
    if (!isFinal) return null;
    if (this.#reply?.isRunning === true) return { message: "A transcription is running.", code: "busy" };
    if (this.#audio.samples === 0) return { message: "The audio is empty.", code: "empty_audio" };
    const seconds = this.#audio.seconds;
    this.#audio = new AudioBuffer();
    this.#reply = new TranscriptionReply(
      this.#scope,
      { ordinal: this.#takeOrdinal(arrivalNs), arrivalNs, seconds },
      this.#webSocket,
    );
    this.#reply.begin();
    return null;
  }

  #send(event: object): void {
    this.#webSocket.send(JSON.stringify(event));
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}
