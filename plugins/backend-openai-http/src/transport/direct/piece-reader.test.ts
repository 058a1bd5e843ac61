import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { createFakeClock } from "@core/backend";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { EventLane } from "../transport.js";
import { EACH_PIECE } from "./canned-socket.js";
import { PieceReader } from "./piece-reader.js";

const CLOCK = createFakeClock(5);

/** A lane that takes the data of chunks until one begins with `!`. */
function lane(taken: string[]): EventLane {
  return {
    clock: CLOCK,
    eventLike(bytes, start, end, atNs) {
      const text = bytes.toString("latin1", start, end);
      if (text.startsWith("!")) return false;
      taken.push(`${text}@${atNs}`);
      return true;
    },
  };
}

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

describe("PieceReader", () => {
  test.each<[string, string, readonly string[], string | null]>([
    ["whole chunks", chunk("a") + chunk("bc"), ["a@5", "bc@5"], null],
    ["a chunk that the lane refuses", chunk("a") + chunk("!") + chunk("b"), ["a@5"], chunk("!") + chunk("b")],
    ["a chunk that is cut", `${chunk("a")}4\r\nab`, ["a@5"], "4\r\nab"],
    ["a chunk with an extension", "1;x\r\na\r\n", [], "1;x\r\na\r\n"],
    ["the last chunk", `${chunk("a")}0\r\n\r\n`, ["a@5"], "0\r\n\r\n"],
  ])("gives %s to the lane, and the rest to the receiver", (_name, piece, expected, rest) => {
    const buffer = Buffer.alloc(100);
    const taken: string[] = [];
    const received: string[] = [];
    const reader = new PieceReader(
      { buffer, arrivals: EACH_PIECE },
      {
        received: (bytes, from, length) => {
          received.push(bytes.toString("latin1", from, length));
          return received.length === 1 ? lane(taken) : null;
        },
      },
    );
    const read = (text: string): void => reader.read(buffer.write(text, "latin1"));
    read("first");
    read(piece);
    expect(taken).toEqual(expected);
    expect(received).toEqual(["first", ...(rest === null ? [] : [rest])]);
    if (rest === null) return;
    read(chunk("c")); // the receiver has offered no lane since
    expect(received.at(-1)).toBe(chunk("c"));
  });
});

describe("reads from the handle of a socket", () => {
  const open: (Server | Socket)[] = [];

  afterEach(() => {
    for (const one of open.splice(0)) "close" in one ? one.close() : one.destroy();
  });

  /** A socket that a server has answered with `bytes` and then closed, read from its handle or as Node reads it. */
  async function readAll(
    bytes: Buffer,
    fromHandle: boolean,
  ): Promise<{ received: Buffer; byNode: number; events: string[] }> {
    const server = createServer((peer) => peer.end(bytes)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const buffer = Buffer.alloc(1024);
    const pieces: Buffer[] = [];
    const events: string[] = [];
    let byNode = 0;
    const reader = new PieceReader(
      { buffer, arrivals: EACH_PIECE },
      {
        received: (memory, from, length) => {
          pieces.push(Buffer.from(memory.subarray(from, length)));
          return null;
        },
      },
    );
    const callback = (length: number): boolean => {
      byNode += 1;
      reader.read(length);
      return true;
    };
    const { port } = server.address() as AddressInfo;
    const socket = connect({ host: "127.0.0.1", port, onread: { buffer, callback } });
    open.push(server);
    await once(socket, "connect");
    if (fromHandle) expect(reader.takeReads(socket)).toBe(true);
    for (const event of ["end", "close"]) socket.on(event, () => events.push(event));
    await once(socket, "close");
    return { received: Buffer.concat(pieces), byNode, events };
  }

  test("are the bytes that Node would have handed over, and the end is Node's", async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
    const direct = await readAll(bytes, true);
    const plain = await readAll(bytes, false);
    expect(direct.received.equals(bytes)).toBe(true);
    expect(plain.received.equals(bytes)).toBe(true);
    expect([direct.byNode, direct.events]).toEqual([0, plain.events]);
    expect(plain.byNode).toBeGreaterThan(0);
  });

  test("are left to Node where a socket has no such handle", () => {
    const reader = new PieceReader({ buffer: Buffer.alloc(1), arrivals: EACH_PIECE }, { received: () => null });
    expect(reader.takeReads({ _handle: { onread: null } } as unknown as Socket)).toBe(false);
    expect(reader.takeReads({} as unknown as Socket)).toBe(false);
  });
});
