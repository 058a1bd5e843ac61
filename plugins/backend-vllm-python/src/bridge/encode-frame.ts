import { encode } from "@msgpack/msgpack";

/** One message as a frame: length, then MessagePack of `[op, body]`. */
export function encodeFrame(op: string, body: unknown): Buffer {
  const payload = encode([op, body]);
  const frame = Buffer.allocUnsafe(4 + payload.length);
  frame.writeUInt32LE(payload.length, 0);
  frame.set(payload, 4);
  return frame;
}
