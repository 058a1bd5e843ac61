// A peer that breaks the protocol in the way that its argument names. It stands where Python would.
import { Socket } from "node:net";
import { decode, encode } from "@msgpack/msgpack";

const [, , fault, version] = process.argv;
const socket = new Socket({ fd: 3 });
let rest = Buffer.alloc(0);

function send(op, body) {
  const payload = encode([op, body]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(payload.length);
  socket.write(Buffer.concat([length, payload]));
}

/** Records of a request that ends after two tokens. */
function answer(rid, tokens) {
  const usage = { prompt_tokens: 1, completion_tokens: tokens, cached_tokens: null, aborted: false };
  const delta = (text) => [2, rid, 0, 2, null, 1, text, null, null];
  return [
    [0, rid, 1, 1],
    [1, rid, 1, null],
    delta("a"),
    delta("b"),
    [3, rid, 0, "length", null],
    [4, rid, 3, usage, null],
  ];
}

const generate = {
  "wrong-sum": (rid) => send("out", [1, answer(rid, 3)]),
  "twice-ended": (rid) =>
    send("out", [1, [...answer(rid, 2), ...answer(rid, 2), [5, rid, 4, { code: "x", message: "late" }]]]),
  "foreign-number": (rid) => send("out", [1, [...answer(rid + 1000, 2), ...answer(rid, 2)]]),
  "unknown-record": (rid) => send("out", [1, [[9, rid, 1]]]),
  "broken-frame": () => socket.write(Buffer.from([0, 0, 0, 0])),
  "not-a-message": () => {
    const payload = encode({ op: "out" });
    socket.write(Buffer.concat([Buffer.from([payload.length, 0, 0, 0]), payload]));
  },
  "cut-by-engine": (rid) => {
    const usage = { prompt_tokens: 1, completion_tokens: 0, cached_tokens: null, aborted: true };
    send("out", [
      1,
      [
        [0, rid, 1, 1],
        [4, rid, 2, usage, null],
      ],
    ]);
  },
};

const handlers = {
  ping: ({ id, t }) => {
    const now = Number(process.hrtime.bigint());
    send("pong", { id, t, t_rx: now, t_tx: now, state: "fake" });
  },
  init: () => {
    send("x-note", { nothing: true });
    send("ready", { load_ms: 1, vllm: "0.99", new_field: [1] });
  },
  gen: ({ rid }) => generate[fault]?.(rid),
  req: ({ id }) => send("res", { id, ok: true, value: null }),
  shutdown: () => {
    send("bye", { code: 0, in_flight: 0 });
    socket.end(() => process.exit(0));
  },
};

socket.on("data", (chunk) => {
  rest = Buffer.concat([rest, chunk]);
  while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32LE(0)) {
    const size = rest.readUInt32LE(0);
    const [op, body] = decode(rest.subarray(4, 4 + size));
    rest = rest.subarray(4 + size);
    handlers[op]?.(body);
  }
});
socket.on("error", () => process.exit(1));
socket.on("end", () => process.exit(0));
if (fault === "exit-before-hello") process.exit(0);
send("hello", { proto: [1, 0], bridge: fault === "other-version" ? "9.9.9" : version, python: "3.11", vllm: "0.99" });
