import type { ServerResponse } from "node:http";
import { breakConnection } from "./failures/break-connection.js";
import type { Failure } from "./failures/failure.js";
import type { RequestRecord } from "./request-record.js";

/** A reply in one piece. */
export interface WholeReply {
  readonly response: ServerResponse;
  readonly record: RequestRecord;
  readonly failure: Failure | null;
  /** Runs `write` when it is due and `laterNs` have passed, unless the request has ended by then. */
  readonly whenDue: (laterNs: number, write: () => void) => void;
  /** Its JSON, made when it is due. */
  readonly body: () => string;
  /** Called when all of it was written. */
  readonly written: () => void;
}

const DRIP_MS = 10;
const ERROR_BODY = '{"error":{"message":"An error was injected.","type":"server_error","param":null,"code":500}}';

/** Writes a reply when it is due, with what goes wrong after its headers are. */
export function sendWhole(reply: WholeReply): void {
  const { failure, whenDue } = reply;
  whenDue(0, () => {
    if (failure === null || failure.at === "headers") writeAll(reply);
    else if (failure.at === "tokens") failInPlace(reply, failure);
    else failAtEnd(reply, failure);
  });
}

/** Nothing has been written; what follows stands in place of the reply. */
function failInPlace(reply: WholeReply, failure: Failure): void {
  const { record, response, whenDue } = reply;
  switch (failure.do) {
    case "reset":
    case "cut":
      record.end("cut", "error");
      breakConnection(response, failure.do);
      return;
    case "stall":
      if (failure.stall_ms !== null) whenDue(failure.stall_ms * 1e6, () => writeAll(reply));
      return;
    case "drip": {
      const body = Buffer.from(reply.body());
      writeHead(response, body.length);
      const stepNs = (failure.stall_ms ?? DRIP_MS) * 1e6;
      for (let at = 0; at < body.length; at += 1) {
        whenDue(at * stepNs, () => {
          response.write(body.subarray(at, at + 1));
          if (at === body.length - 1) end(reply);
        });
      }
      return;
    }
    default:
      writeWrong(reply, failure);
  }
}

/** Half of the reply is written; what follows stands in place of the other half. */
function failAtEnd(reply: WholeReply, failure: Failure): void {
  const { record, response, whenDue } = reply;
  if (failure.do === "error" || failure.do === "garbage" || failure.do === "finish") {
    writeWrong(reply, failure);
    return;
  }
  const body = Buffer.from(reply.body());
  const half = body.length >> 1;
  writeHead(response, body.length);
  response.write(body.subarray(0, half), () => {
    if (failure.do === "reset" || failure.do === "cut") {
      record.end("cut", "error");
      breakConnection(response, failure.do);
    } else if (failure.stall_ms !== null) {
      whenDue(failure.stall_ms * 1e6, () => {
        response.write(body.subarray(half));
        end(reply);
      });
    }
  });
}

/** A body of status 200 that is an error, or no JSON. */
function writeWrong({ record, response, body }: WholeReply, failure: Failure): void {
  const whole = body();
  const text = failure.do === "error" ? ERROR_BODY : whole.slice(0, whole.length >> 1);
  writeHead(response, Buffer.byteLength(text));
  response.end(text);
  record.end("error", "error");
}

function writeAll(reply: WholeReply): void {
  const body = reply.body();
  writeHead(reply.response, Buffer.byteLength(body));
  reply.response.end(body);
  reply.written();
}

function end({ response, written }: WholeReply): void {
  response.end();
  written();
}

function writeHead(response: ServerResponse, length: number): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": length });
}
