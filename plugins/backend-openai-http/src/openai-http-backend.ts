import {
  Backend,
  BackendError,
  type GenerationRequest,
  type GenerationResponse,
  type HistoryTurn,
  type Logger,
  type PreparedRequest,
  type ResolveContext,
  type ResolveEvent,
} from "@core/backend";
import { formatOf } from "./api/formats.js";
import { withoutNulls } from "./api/merge-json.js";
import type { ResponseReader } from "./api/response-reader.js";
import { ServerHistory } from "./api/responses/server-history.js";
import { SERVER_DIALECTS, type ServerName } from "./api/server-dialect.js";
import type { BodyInput, WireFormat } from "./api/wire-format.js";
import type { OpenAIHttpArgs } from "./args/openai-http-args.js";
import { routeUrl } from "./args/route-url.js";
import { CallLimits } from "./call/call-limits.js";
import { encodeForm } from "./call/encode-form.js";
import { EventTemplates } from "./call/event-templates.js";
import type { PreparedHttpRequest } from "./call/prepared-http-request.js";
import { rehearse } from "./call/rehearse.js";
import { requestArgsText } from "./call/request-args-text.js";
import { ControlClient } from "./control/control-client.js";
import { detectServer } from "./control/detect-server.js";
import { type ListedModel, listModels } from "./control/list-models.js";
import { tryRequest } from "./control/try-request.js";
import { validateServer } from "./control/validate-server.js";
import { type RequestHeaders, requestHeaders } from "./request-headers.js";
import { Resolution, type ResolutionHost, type SentRequest } from "./resolution.js";
import { createTransport } from "./transport/create-transport.js";
import { usesProxy } from "./transport/proxy-environment.js";
import type { Transport, TransportOptions, TransportStats } from "./transport/transport.js";

/** What exists between startup and shutdown. */
interface Session {
  readonly transport: Transport;
  readonly control: ControlClient;
  readonly format: WireFormat;
  readonly headers: RequestHeaders;
  readonly url: URL;
  readonly rehearse: () => Promise<void>;
  readonly resolutions: ResolutionHost;
}

/** Backend for servers that speak the OpenAI HTTP API. */
export class OpenAIHttpBackend extends Backend<OpenAIHttpArgs> {
  readonly #logger: Logger;
  readonly #templates = new EventTemplates();
  readonly #limits: CallLimits;
  #session: Session | null = null;
  #model: string;
  #listed: readonly ListedModel[] | null = null;
  #server: ServerName | null = null;
  #rehearsal: Promise<void> | null = null;
  readonly #serverHistory = new ServerHistory();

  constructor(args: OpenAIHttpArgs, logger: Logger) {
    super(args);
    this.#logger = logger;
    this.#limits = new CallLimits(args);
    this.#model = args.model;
  }

  /** Counters of the connections since startup. @throws {BackendError} CORE_BACKEND_NOT_STARTED. */
  get transportStats(): Readonly<TransportStats> {
    return this.#started("transportStats").transport.stats;
  }

  /** @throws {BackendError} CORE_BACKEND_NOT_STARTED, CORE_BACKEND_UNREACHABLE, CORE_BACKEND_NO_MODEL. */
  override async validate(): Promise<void> {
    const { control, format } = this.#started("validate");
    if (!this.args.validate_backend) return;
    await validateServer({
      client: control,
      healthUrl: routeUrl("/health", this.#routing()),
      modelsUrl: routeUrl("/v1/models", this.#routing()),
      model: this.args.model,
      tries: this.args.validate_request,
      tryRequest: (models) => {
        this.#note(models);
        if (this.#model === "") this.#model = models?.[0]?.id ?? "";
        return format.trial === undefined || this.#model === "" ? null : tryRequest(this, format.trial);
      },
    }).then((models) => this.#note(models));
  }

  /** @throws {BackendError} CORE_BACKEND_NOT_STARTED, CORE_BACKEND_UNREACHABLE. */
  override async models(): Promise<readonly string[]> {
    return (await this.#list("models")).map(({ id }) => id);
  }

  /** @throws {BackendError} CORE_BACKEND_NOT_STARTED, CORE_BACKEND_UNREACHABLE, CORE_BACKEND_NO_MODEL. */
  override async defaultModel(): Promise<string> {
    if (this.#model !== "") return this.#model;
    const [first] = this.#listed ?? (await this.#list("defaultModel"));
    if (first === undefined) {
      throw new BackendError("No model is configured and the server lists none.", {
        code: "CORE_BACKEND_NO_MODEL",
        hint: "Name the model with model=….",
      });
    }
    this.#model = first.id;
    return first.id;
  }

  /** With the server that was recognised, so that every worker takes it for the same. */
  override get resolvedArgs(): OpenAIHttpArgs {
    return { ...this.args, server: this.#serverName() ?? "auto" };
  }

  override async warm(connections: number): Promise<void> {
    const { transport, rehearse } = this.#started("warm");
    this.#rehearsal ??= rehearse();
    await Promise.all([transport.warm(connections), this.#rehearsal]);
  }

  /** @throws {BackendError} CORE_BACKEND_NOT_STARTED, CORE_BACKEND_NO_MODEL, CORE_BACKEND_UNUSABLE_REQUEST. */
  override prepare(request: GenerationRequest, history: readonly HistoryTurn[] | null): PreparedHttpRequest {
    const { transport, format, headers, url } = this.#started("prepare");
    const input = this.#bodyInput(history);
    const body = withoutNulls(format.buildBody(request, history, input));
    const files = format.buildFiles?.(request) ?? null;
    return {
      request,
      history,
      body,
      files,
      stream: input.stream,
      wire: transport.ready({
        method: this.args.extras?.method ?? "POST",
        path: `${url.pathname}${url.search}`,
        headers: files === null ? headers.wire : headers.form,
        body: files === null ? JSON.stringify(body) : encodeForm(body, files),
      }),
    };
  }

  /** Nothing is sent before the first event is asked for. @throws {BackendError} CORE_BACKEND_NOT_STARTED. */
  override resolve(prepared: PreparedRequest, context: ResolveContext): AsyncIterableIterator<ResolveEvent, undefined> {
    const { format, resolutions } = this.#started("resolve");
    const request = prepared as PreparedHttpRequest; // made by prepare
    return new Resolution(request, format.createReader(request.body, context.keepText), context, resolutions);
  }

  protected override async start(): Promise<void> {
    const format = formatOf(this.args.request_format);
    const headers = requestHeaders(this.args, (key) => format.headers?.(key) ?? {});
    const url = routeUrl(this.args.request_format, this.#routing());
    const options = this.#transportOptions(url, headers);
    if (options.useProxyEnvironment) {
      this.#logger.info(
        "Requests go through the proxy of the environment (HTTP_PROXY, HTTPS_PROXY); NO_PROXY excludes hosts.",
      );
    }
    const control = new ControlClient(this.args.transport, options, headers);
    const wire = { method: "POST", path: url.pathname, headers: headers.wire };
    const transport = await createTransport(this.args.transport, options);
    this.#session = {
      transport,
      control,
      format,
      headers,
      url,
      rehearse: () => rehearse(format, options, wire),
      resolutions: {
        transport,
        limits: this.#limits,
        templates: this.#templates,
        redact: headers.redact,
        whenToolCallMissing: this.args.tool_call_missing_behavior,
        needsHistory: this.args.server_history,
        toResponse: (sent, reader) => this.#response(sent, reader),
      },
    };
  }

  protected override async stop(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await Promise.all([session?.transport.close(), session?.control.close()]);
  }

  #started(caller: string): Session {
    this.assertStarted(caller);
    return this.#session as Session; // set by start
  }

  #routing() {
    return { target: this.args.target, api_routes: this.args.api_routes, params: this.args.extras?.params ?? null };
  }

  #transportOptions(url: URL, headers: RequestHeaders): TransportOptions {
    return {
      origin: url.origin,
      connectTimeoutMs: toMilliseconds(this.args.timeout_connect),
      readTimeoutMs: toMilliseconds(this.args.timeout),
      http2: this.args.http2,
      keepAlive: this.args.keep_alive,
      followRedirects: this.args.follow_redirects,
      verify: this.args.verify,
      credentialHeaders: headers.credentials,
      useProxyEnvironment: usesProxy(url, process.env),
    };
  }

  #bodyInput(history: readonly HistoryTurn[] | null): BodyInput {
    const { extras } = this.args;
    if (this.#model === "" && typeof extras?.body?.["model"] !== "string") {
      throw new BackendError("The model is not known yet: call defaultModel first, or configure model=….", {
        code: "CORE_BACKEND_NO_MODEL",
      });
    }
    return {
      model: this.#model,
      stream: this.#isStreaming(),
      maxTokens: this.args.max_tokens,
      extraBody: extras?.body ?? {},
      extraContent: extras?.content ?? {},
      multiturnReasoning: this.args.multiturn_reasoning,
      serverHistory: this.args.server_history && this.#serverHistory.covers(history),
      dialect: SERVER_DIALECTS[this.#serverName() ?? "vllm"],
    };
  }

  /** The server that was chosen or recognised; null when neither. */
  #serverName(): ServerName | null {
    return this.args.server === "auto" ? this.#server : this.args.server;
  }

  async #list(caller: string): Promise<readonly ListedModel[]> {
    const { control } = this.#started(caller);
    const models = await listModels(control, routeUrl("/v1/models", this.#routing()));
    this.#note(models);
    return models;
  }

  /** Remembers the models that the server lists, and what they tell about it. */
  #note(models: readonly ListedModel[] | null): void {
    this.#listed = models;
    const server = detectServer(new URL(this.args.target), models ?? []);
    if (server === null || server === this.#server) return;
    this.#server = server;
    if (this.args.server === "auto") this.#logger.info(`The server is taken for ${server}; server=… says otherwise.`);
  }

  /** One switch, whichever place sets it: the body says it last. */
  #isStreaming(): boolean {
    const { extras, stream } = this.args;
    if (this.#session?.format.neverStreams === true) return false;
    const inBody = extras?.body?.["stream"];
    if (typeof inBody === "boolean") return inBody;
    return inBody === null ? false : (extras?.stream ?? stream);
  }

  #response(sent: SentRequest, reader: ResponseReader): GenerationResponse {
    const response = this.#whatCame(sent, reader);
    if (this.args.server_history) this.#serverHistory.note(response, sent.prepared?.history ?? null);
    return response;
  }

  #whatCame({ requestId, turnType, prepared, keepText }: SentRequest, reader: ResponseReader): GenerationResponse {
    const parts = reader.parts();
    // a turn that must call a tool and did not shows as zero calls, not as unknown
    const calls = turnType === "client_tool_call" ? (parts.outputMetrics.tool_call_count ?? 0) : null;
    const outputMetrics = calls === null ? parts.outputMetrics : { ...parts.outputMetrics, tool_call_count: calls };
    if (!keepText || prepared === null) {
      return { ...parts, outputMetrics, requestId, requestArgs: null, text: null, reasoningText: null };
    }
    return { ...parts, outputMetrics, requestId, requestArgs: this.#requestArgs(prepared) };
  }

  #requestArgs(prepared: PreparedHttpRequest): string {
    return requestArgsText({
      method: prepared.wire.method,
      stream: prepared.stream,
      headers: this.#session?.headers.shown ?? null,
      params: this.args.extras?.params ?? null,
      body: prepared.body,
      files: prepared.files,
    });
  }
}

function toMilliseconds(seconds: number | null): number {
  return seconds === null ? 0 : Math.max(1, Math.round(seconds * 1000));
}
