import { readFileSync } from "node:fs";

/** Bytes of a recorded file. */
export function readFixture(name: string): Buffer {
  return readFileSync(new URL(`../../src/__fixtures__/${name}`, import.meta.url));
}

/** Body of a recorded `*.http` file, chunked framing removed. */
export function readHttpFixtureBody(name: string): Buffer {
  const bytes = readFixture(name);
  let at = bytes.indexOf("\r\n\r\n") + 4;
  const pieces: Buffer[] = [];
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (!(size > 0)) return Buffer.concat(pieces);
    pieces.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
