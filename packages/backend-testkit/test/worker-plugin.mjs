// A backend for the cases of worker threads, which import modules as they are: registers the kind `threaded`.
import { isMainThread } from "node:worker_threads";
import { Backend, measureText, registerBackend, secretField, textField, UNKNOWN_USAGE } from "@core/backend";
import * as v from "valibot";

class ThreadedBackend extends Backend {
  get info() {
    return this.args.flaw === "other-info" ? { kind: this.kind, isMainThread } : super.info;
  }
  async validate() {}
  async models() {
    return ["threaded"];
  }
  async defaultModel() {
    return "threaded";
  }
  prepare(request, history) {
    return { request, history };
  }
  async *resolve({ request }, { timings, clock }) {
    if (this.args.flaw === "fails-in-threads" && !isMainThread) throw new Error("no threads here");
    const now = () => (this.args.flaw === "own-clock" ? Date.now() * 1e6 : clock.nowNs());
    timings.sendNs = now();
    const text = this.args.flaw === "secret-in-threads" ? this.args.api_key.reveal() : "hello";
    timings.endNs = now();
    const response = {
      ...{
        requestId: request.requestId,
        responseId: null,
        requestArgs: null,
        text,
        reasoningText: null,
        toolCalls: null,
      },
      ...{ finishReason: null, responseMetrics: null, inputMetrics: UNKNOWN_USAGE },
      outputMetrics: { ...UNKNOWN_USAGE, ...measureText(text) },
    };
    yield { type: "final", response };
  }
  async start() {}
  async stop() {}
}

registerBackend({
  contract: 1,
  kind: "threaded",
  packageName: "threaded",
  packageVersion: "1.0.0",
  summary: "A backend that runs in worker threads.",
  argsSchema: v.strictObject({
    kind: v.literal("threaded"),
    flaw: textField("What is wrong there."),
    api_key: secretField("A key."),
  }),
  create: (args) => new ThreadedBackend(args),
});
