import type { IncomingMessage } from "node:http";
import { RequestRefusal } from "./request-refusal.js";

/** Largest body that is read. */
export const MOST_BODY_BYTES = 32 * 1024 * 1024;

/** Text of the whole body, see {@link readBytes}. @throws {RequestRefusal} 413 when it is too large. */
export async function readBody(request: IncomingMessage): Promise<string> {
  return (await readBytes(request)).toString("utf8");
}

/**
 * Reads the whole body; never settles when the client leaves before its end.
 *
 * @throws {RequestRefusal} 413 when it is too large.
 */
export function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const refuse = () => {
      request.removeAllListeners("data");
      request.resume(); // what still comes is thrown away
      const message = `The body is larger than ${MOST_BODY_BYTES} bytes.`;
      reject(new RequestRefusal(413, message, { code: "body_too_large", headers: { connection: "close" } }));
    };
    if (Number(request.headers["content-length"] ?? 0) > MOST_BODY_BYTES) return refuse();
    request.on("data", (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > MOST_BODY_BYTES) refuse();
      else pieces.push(piece);
    });
    request.once("end", () => resolve(Buffer.concat(pieces)));
  });
}
