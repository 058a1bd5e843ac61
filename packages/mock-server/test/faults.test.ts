import { describe, expect, test } from "@jest/globals";
import { chat, completion, post, sendRaw, serve, until } from "./support/server-test.js";

const CHAT = "/v1/chat/completions";
const COMPLETIONS = "/v1/completions";

describe("faults", () => {
  test("error_rate: 500 with an error object, streaming or not", async () => {
    const server = await serve({ error_rate: 1 });
    for (const stream of [true, false]) {
      const response = await post(server, CHAT, chat({ stream }));
      expect(response.status).toBe(500);
      expect(await response.json()).toEqual({
        error: { message: "An error was injected.", type: "server_error", param: null, code: "injected_error" },
      });
    }
    expect(server.truthLog()).toMatchObject([
      { outcome: "error", completed: false, outputTokens: 0, tokenWritesNs: [] },
      {},
    ]);
    expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/finished_reason="error",.*\} 2\.0$/m);
  });

  test("a rate between 0 and 1 hits the same requests of every run", async () => {
    const server = await serve({ error_rate: 0.5 });
    const run = async () => {
      const statuses: number[] = [];
      for (let count = 0; count < 20; count += 1) {
        const response = await post(server, COMPLETIONS, completion());
        await response.text();
        statuses.push(response.status);
      }
      return statuses;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    server.resetTruth();
    expect(await run()).toEqual(first);
  });

  test("cut_rate: a stream breaks after some of its tokens, and the log knows how many", async () => {
    const server = await serve({ cut_rate: 1, output_tokens: 10 });
    for (let count = 0; count < 10; count += 1) {
      const { socket, received } = sendRaw(server, [{ path: COMPLETIONS, body: completion({ stream: true }) }]);
      await until(() => socket.closed);
      const tokens = received().split('"text":').length - 1;
      expect(tokens).toBeGreaterThanOrEqual(1);
      expect(tokens).toBeLessThan(10);
      expect(received()).not.toContain("[DONE]");
      const entry = server.truthLog().at(-1);
      expect(entry).toMatchObject({ outcome: "cut", completed: false, outputTokens: tokens });
      expect(entry?.tokenWritesNs).toHaveLength(tokens);
    }
  });

  test("cut_rate: a fetch of a stream or of a whole reply fails", async () => {
    const server = await serve({ cut_rate: 1 });
    const response = await post(server, CHAT, chat({ stream: true }));
    await expect(response.text()).rejects.toThrow();
    await expect(post(server, CHAT, chat())).rejects.toThrow();
    expect(server.truthLog().map(({ outcome }) => outcome)).toEqual(["cut", "cut"]);
  });

  test("hang_rate: not a byte until the client gives up", async () => {
    const server = await serve({ hang_rate: 1 });
    const { socket, received } = sendRaw(server, [{ path: CHAT, body: chat({ stream: true }) }]);
    await until(() => server.truthLog().length === 1);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    expect(server.truthLog()).toMatchObject([{ outcome: "running", endNs: null }]);
    expect(received()).toBe("");
    socket.destroy();
    await until(() => server.truthLog()[0]?.outcome === "client_left");
    expect(server.truthLog()[0]?.endNs).toBeGreaterThan(server.truthLog()[0]?.arrivalNs ?? Number.POSITIVE_INFINITY);
  });
});
