import type { GenerationResponse, PartialEvent, ResolveContext, ResolveEvent, TurnType } from "@core/backend";
import type { ResponseReader } from "./api/response-reader.js";
import type { OpenAIHttpArgs } from "./args/openai-http-args.js";
import type { CallLimits } from "./call/call-limits.js";
import type { EventTemplates } from "./call/event-templates.js";
import { HttpCall, type HttpCallOptions } from "./call/http-call.js";
import { judgeResponse } from "./call/judge-response.js";
import type { PreparedHttpRequest } from "./call/prepared-http-request.js";
import type { Transport } from "./transport/transport.js";

/** What all requests of a backend have in common. */
export interface ResolutionHost {
  readonly transport: Transport;
  readonly limits: CallLimits;
  readonly templates: EventTemplates;
  readonly redact: (text: string) => string;
  readonly whenToolCallMissing: OpenAIHttpArgs["tool_call_missing_behavior"];
  /** Earlier turns are needed once the response is there. */
  readonly needsHistory: boolean;
  /** Called when the response is whole, or cut. */
  toResponse(sent: SentRequest, reader: ResponseReader): GenerationResponse;
}

/** What is left of a request that was sent. */
export interface SentRequest {
  readonly requestId: string;
  readonly turnType: TurnType;
  /** Null when nobody will ask what was sent: prompts may be large, and there are many at once. */
  readonly prepared: PreparedHttpRequest | null;
  readonly keepText: boolean;
}

const DONE: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

/**
 * The events of one request, which is sent when the first one is asked for. Perf: an async generator and the callbacks of
 * its call were a tenth of what a request in flight keeps in memory, and so of what the collector has to move.
 */
export class Resolution implements AsyncIterableIterator<ResolveEvent, undefined>, HttpCallOptions, SentRequest {
  readonly context: ResolveContext;
  readonly reader: ResponseReader;
  readonly requestId: string;
  readonly turnType: TurnType;
  readonly stream: boolean;
  readonly #host: ResolutionHost;
  #prepared: PreparedHttpRequest | null;
  #call: HttpCall | null = null;
  #isOver = false;

  constructor(prepared: PreparedHttpRequest, reader: ResponseReader, context: ResolveContext, host: ResolutionHost) {
    this.context = context;
    this.reader = reader;
    this.requestId = prepared.request.requestId;
    this.turnType = prepared.request.turnType;
    this.stream = prepared.stream;
    this.#prepared = prepared;
    this.#host = host;
  }

  get prepared(): PreparedHttpRequest | null {
    return this.#prepared;
  }

  get keepText(): boolean {
    return this.context.keepText;
  }

  get templates(): EventTemplates {
    return this.#host.templates;
  }

  get redact(): (text: string) => string {
    return this.#host.redact;
  }

  judge(reader: ResponseReader): Pick<PartialEvent, "reason" | "failure"> | null {
    return judgeResponse(reader, this.turnType, this.#host.whenToolCallMissing);
  }

  toResponse(reader: ResponseReader): GenerationResponse {
    return this.#host.toResponse(this, reader);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<ResolveEvent, undefined>> {
    if (this.#isOver) return Promise.resolve(DONE);
    try {
      this.#call ??= this.#start();
      return this.#call.events.next().then(this.#tell);
    } catch (error) {
      this.#end();
      return Promise.reject(error);
    }
  }

  /** The caller stops listening. */
  return(): Promise<IteratorResult<ResolveEvent, undefined>> {
    this.#end();
    return Promise.resolve(DONE);
  }

  #start(): HttpCall {
    const { transport, limits, needsHistory } = this.#host;
    const { wire } = this.#prepared as PreparedHttpRequest; // let go of below
    const call = new HttpCall(this);
    call.start((sink) => transport.exchange(wire, sink));
    if (!this.keepText && !needsHistory) this.#prepared = null;
    limits.add(call);
    return call;
  }

  readonly #tell = (value: ResolveEvent): IteratorYieldResult<ResolveEvent> => {
    if (value.type !== "first-token") this.#end();
    return { done: false, value };
  };

  /** Cuts the request unless it has ended. */
  #end(): void {
    this.#isOver = true;
    if (this.#call === null) return;
    this.#host.limits.delete(this.#call);
    this.#call.cancel();
  }
}
