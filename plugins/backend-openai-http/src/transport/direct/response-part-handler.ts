import type { ParsedHead } from "./parsed-head.js";

/** Receives the parts of a response while a parser takes a piece. */
export interface ResponsePartHandler {
  /** A final head, status 200 or more. */
  onHead(head: ParsedHead): void;
  /** A part of the body: `bytes[start, end)`, valid during the call. */
  onBody(bytes: Buffer, start: number, end: number): void;
  /**
   * The response is complete.
   *
   * @param reusable - The connection may carry another request.
   */
  onEnd(reusable: boolean): void;
}
