import type { GenerationResponse, PartialEvent, ResolveContext, ResolveEvent } from "@core/backend";
import type { ResponseReader } from "./api/response-reader.js";
import type { OpenAIHttpArgs } from "./args/openai-http-args.js";
import type { AfterReads } from "./call/after-reads.js";
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
  readonly afterReads: AfterReads;
  readonly templates: EventTemplates;
  readonly redact: (text: string) => string;
  readonly whenToolCallMissing: OpenAIHttpArgs["tool_call_missing_behavior"];
  /** Called when the response is whole, or cut. */
  toResponse(request: PreparedHttpRequest, context: ResolveContext, reader: ResponseReader): GenerationResponse;
}

const DONE: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

/**
 * The events of one request, which is sent when the first one is asked for. Perf: an async generator and the callbacks of
 * its call were a tenth of what a request in flight keeps in memory, and so of what the collector has to move.
 */
export class Resolution implements AsyncIterableIterator<ResolveEvent, undefined>, HttpCallOptions {
  readonly context: ResolveContext;
  readonly reader: ResponseReader;
  readonly #request: PreparedHttpRequest;
  readonly #host: ResolutionHost;
  #call: HttpCall | null = null;
  #isOver = false;

  constructor(request: PreparedHttpRequest, reader: ResponseReader, context: ResolveContext, host: ResolutionHost) {
    this.context = context;
    this.reader = reader;
    this.#request = request;
    this.#host = host;
  }

  get stream(): boolean {
    return this.#request.stream;
  }

  get afterReads(): AfterReads {
    return this.#host.afterReads;
  }

  get templates(): EventTemplates {
    return this.#host.templates;
  }

  get redact(): (text: string) => string {
    return this.#host.redact;
  }

  judge(reader: ResponseReader): Pick<PartialEvent, "reason" | "failure"> | null {
    return judgeResponse(reader, this.#request.request, this.#host.whenToolCallMissing);
  }

  toResponse(reader: ResponseReader): GenerationResponse {
    return this.#host.toResponse(this.#request, this.context, reader);
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
    const { transport, limits } = this.#host;
    const call = new HttpCall(this);
    call.start((sink) => transport.exchange(this.#request.wire, sink));
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
