import { describe, expect, test } from "@jest/globals";
import type { MockServer, MockServerOptionsInput } from "../src/index.js";
import { completion, post, until } from "./support/server-test.js";
import { serveVirtually, type VirtualServer } from "./support/virtual-server.js";

const COMPLETIONS = "/v1/completions";

/** A client's view of a stream. */
interface SeenStream {
  /** When each token came, ms of the server's clock. */
  readonly tokensMs: number[];
  /** Null while it goes on. */
  end: "done" | "broken" | null;
}

async function begin(options: MockServerOptionsInput) {
  const virtual = await serveVirtually({ ttft_ms: 50, itl_ms: 100, output_tokens: 8, ...options });
  const { server } = virtual;
  const streams: SeenStream[] = [];
  const written = () => server.truthLog().reduce((sum, { tokenWritesNs }) => sum + tokenWritesNs.length, 0);
  const received = () => streams.reduce((sum, { tokensMs }) => sum + tokensMs.length, 0);
  const settled = () => until(() => received() === written());
  return {
    ...virtual,
    streams,
    /** Goes on; what is written has come before time does. */
    go: (seconds: number) => virtual.goTo(seconds * 1000, settled),
    async send(headers = {}): Promise<SeenStream> {
      const before = server.truthLog().length;
      const stream: SeenStream = { tokensMs: [], end: null };
      streams.push(stream);
      void follow(virtual, stream, headers);
      await until(() => server.truthLog().length > before);
      return stream;
    },
  };
}

async function follow({ server, nowMs }: VirtualServer, stream: SeenStream, headers: object): Promise<void> {
  try {
    const response = await post(server, COMPLETIONS, completion({ stream: true }), headers);
    for await (const piece of response.body ?? []) {
      for (const event of new TextDecoder().decode(piece).split("\n\n")) {
        if (event.includes('"text"')) stream.tokensMs.push(Math.round(nowMs()));
      }
    }
    stream.end = "done";
  } catch {
    stream.end = "broken";
  }
}

const statusOf = async (server: MockServer, headers = {}): Promise<number> => {
  const response = await post(server, COMPLETIONS, completion(), headers);
  await response.text();
  return response.status;
};

const listens = (server: MockServer): Promise<boolean> =>
  fetch(`${server.url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );

const after = (arrival: number, ...gaps: readonly number[]) => {
  let at = arrival;
  return gaps.map((gap) => (at += gap));
};
const PLAIN = [50, 100, 100, 100, 100, 100, 100, 100];

describe("stall", () => {
  test("a client sees it in the streams that run while it lasts, and in no other", async () => {
    const { send, go } = await begin({ incidents: "at=1,for=2,do=stall" });
    const before = await send();
    await go(0.6);
    const within = await send();
    await go(2);
    const during = await send();
    await go(4);
    const later = await send();
    await go(6);
    expect(before.tokensMs).toEqual(after(0, ...PLAIN));
    expect(within.tokensMs).toEqual(after(600, 50, 100, 100, 100, 2100, 100, 100, 100));
    expect(during.tokensMs).toEqual(after(2000, 1050, 100, 100, 100, 100, 100, 100, 100));
    expect(later.tokensMs).toEqual(after(4000, ...PLAIN));
  });

  test("seconds count from the first request, and again after a reset", async () => {
    const { server, send, go, goTo } = await begin({ incidents: "at=0.2,for=1,do=stall" });
    await goTo(5000);
    const first = await send();
    await go(8);
    expect(first.tokensMs).toEqual(after(5000, 50, 100, 1100, 100, 100, 100, 100, 100));
    const second = await send();
    await go(10);
    expect(second.tokensMs).toEqual(after(8000, ...PLAIN));
    server.resetTruth();
    const third = await post(server, COMPLETIONS, completion({ max_tokens: 3, stream: true }));
    const text = third.text();
    await goTo(13_000);
    await text;
    expect(server.truthLog()[0]?.tokenWritesNs.map((ns) => Math.round(ns / 1e6))).toEqual(after(10_000, 50, 100, 1100));
  });
});

test("slow: everything takes longer by its factor", async () => {
  const { send, go } = await begin({ incidents: "at=0.25,for=0.6,do=slow,factor=3" });
  const stream = await send();
  await go(2);
  expect(stream.tokensMs).toEqual(after(0, 50, 100, 100, 300, 300, 100, 100, 100));
});

test("status: requests that arrive while it lasts are answered with it, unless their header says otherwise", async () => {
  const { server, send, go, goTo } = await begin({ incidents: "at=1,for=1,do=status,status=429,retry_after=3" });
  const running = await send();
  await go(0.999);
  const stillRunning = await send();
  await go(1);
  const refused = await post(server, COMPLETIONS, completion());
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "3"]);
  const passing = statusOf(server, { "x-mock-failure": "none" });
  await until(() => server.truthLog().length === 4);
  await goTo(2000);
  expect(await passing).toBe(200);
  const last = await send();
  await goTo(3000);
  expect([running, stillRunning, last].map(({ tokensMs }) => tokensMs.length)).toEqual([8, 8, 8]);
  expect(server.truthLog().map(({ failure }) => failure)).toEqual([null, null, "headers:status", null, null]);
});

test("drop: open connections are reset, those that are opened while it lasts too, then all is as before", async () => {
  const { server, send, go, goTo } = await begin({ incidents: "at=0.3,for=1,do=drop" });
  const cut = await send();
  await go(0.29);
  await goTo(300);
  await until(() => cut.end !== null);
  expect(cut).toEqual({ tokensMs: [50, 150, 250], end: "broken" });
  expect(server.truthLog()).toMatchObject([{ outcome: "cut", failure: "incident:drop", outputTokens: 3 }]);
  await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  await goTo(1300);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  const whole = await send();
  await goTo(3000);
  await until(() => whole.end !== null);
  expect([whole.end, whole.tokensMs.length]).toEqual(["done", 8]);
});

test("restart: nobody listens while it lasts, and what the process knew is gone", async () => {
  const options = { incidents: "at=1,for=5,do=restart", prefix_cache_tokens: 100, prefix_block_tokens: 2 } as const;
  const { server, send, go, goTo } = await begin(options);
  await send();
  await go(0.9);
  const cut = await send();
  expect(server.truthLog().at(-1)?.cachedTokens).toBe(2);
  await go(0.99);
  await goTo(1000);
  await until(() => cut.end !== null);
  expect([cut.end, server.truthLog().at(-1)?.failure]).toEqual(["broken", "incident:restart"]);
  const refused = await fetch(`${server.url}/health`).catch((error: Error) => error.cause);
  expect(refused).toMatchObject({ code: "ECONNREFUSED" });
  await goTo(6000);
  while (!(await listens(server)));
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toMatch(/^vllm:generation_tokens_total\{.*\} 0\.0$/m);
  expect(metrics).toMatch(/^vllm:num_requests_running\{.*\} 0\.0$/m);
  await send();
  expect(server.truthLog().at(-1)).toMatchObject({ ordinal: 2, cachedTokens: 0 });
});

test("a batch stalls as a whole", async () => {
  const { send, go } = await begin({ engine: "batch", ttft_ms: 0, incidents: "at=0.25,for=1,do=stall" });
  const streams = [await send(), await send()];
  await go(3);
  for (const { tokensMs } of streams) expect(tokensMs).toEqual(after(0, 100, 100, 1100, 100, 100, 100, 100, 100));
});

test.each([
  ["at=1,do=stall", "incidents: item 0: incident.for"],
  ["at=1,for=0,do=stall", "incident.for: must be > 0"],
  ["at=1,for=2,do=explode", "incident.do: must be one of stall, slow, status, drop, restart"],
  ['[{"at":1,"for":2,"do":"slow","factor":0.5}]', "incident.factor: must be >= 1"],
  ["stall", "must be a mapping such as at=30,for=5,do=stall"],
])("%s is refused", async (incidents, message) => {
  await expect(serveVirtually({ incidents })).rejects.toThrow(message);
});
