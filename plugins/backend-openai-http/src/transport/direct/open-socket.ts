import { connect as connectTcp, type Socket } from "node:net";
import type { Arrivals } from "@core/backend";
import type { EventLane } from "../transport.js";
import { PieceReader, type PieceSource } from "./piece-reader.js";

/** Where to connect, and how. */
export interface SocketOptions extends PieceSource {
  readonly origin: URL;
  /** Milliseconds; 0 is no limit. */
  readonly connectTimeoutMs: number;
  /** Check TLS certificates. */
  readonly verify: boolean;
}

/** The part of a socket that carries requests. */
export interface SocketPort {
  on(event: "end" | "close", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  write(bytes: Uint8Array): unknown;
  /** Bytes written that the kernel has not taken yet. */
  readonly writableLength: number;
  destroy(): unknown;
}

/** Makes a connected socket. @returns A function that gives the attempt up. */
export type SocketOpener = (options: SocketOptions, listener: SocketListener) => () => void;

/** Where connections come from. */
export interface Sockets {
  readonly openSocket: SocketOpener;
  /** Stamps what they deliver. */
  readonly arrivals: Arrivals;
}

/** Receives what becomes of an attempt to connect: exactly one of both. */
export interface SocketListener {
  /** @returns Who takes what the socket delivers from now on. */
  opened(socket: SocketPort): SocketReceiver;
  failed(error: Error): void;
}

/** Receives what a socket delivers. */
export interface SocketReceiver {
  /**
   * Takes `bytes[from, length)`, valid during the call.
   *
   * @returns Where whole chunks may go from now on, as long as they are taken there.
   */
  received(bytes: Buffer, from: number, length: number): EventLane | null;
}

/** Opens a socket over TCP, for `https` with TLS. */
export const openSocket: SocketOpener = (options, listener) => {
  const { origin, connectTimeoutMs } = options;
  const isTls = origin.protocol === "https:";
  let reader: PieceReader | null = null;
  const callback = (length: number): boolean => {
    reader?.read(length);
    return true;
  };
  const socket = isTls ? openTls(options, callback) : connectTcp(socketOptions(options, callback));
  const timer =
    connectTimeoutMs > 0 ? setTimeout(() => fail(new ConnectTimeoutError(connectTimeoutMs)), connectTimeoutMs) : null;
  const settle = (): void => {
    if (timer !== null) clearTimeout(timer);
    socket.removeListener("error", fail);
    socket.removeListener("close", closed);
  };
  function fail(error: Error): void {
    settle();
    socket.on("error", ignore); // an error after this one has nobody left to tell
    socket.destroy();
    listener.failed(error);
  }
  function closed(): void {
    fail(Object.assign(new Error("The connection was closed while it was being opened"), { code: "ECONNRESET" }));
  }
  socket.on("error", fail);
  socket.on("close", closed);
  socket.once(isTls ? "secureConnect" : "connect", () => {
    settle();
    reader = new PieceReader(options, listener.opened(socket));
    reader.takeReads(socket);
  });
  return () => {
    settle();
    socket.on("error", ignore);
    socket.destroy();
  };
};

function ignore(): void {}

function socketOptions({ origin, buffer }: SocketOptions, callback: (length: number) => boolean) {
  return {
    host: hostOf(origin),
    port: portOf(origin),
    noDelay: true,
    onread: { buffer, callback },
  };
}

/** The module for TLS, which takes 17 ms to load: called early where there will be TLS, so that no connection waits for it. */
export function loadTls(): typeof import("node:tls") {
  return process.getBuiltinModule("node:tls");
}

function openTls(options: SocketOptions, callback: (length: number) => boolean): Socket {
  const host = hostOf(options.origin);
  return loadTls().connect({
    ...socketOptions(options, callback),
    rejectUnauthorized: options.verify,
    ALPNProtocols: ["http/1.1"],
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
  });
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "");
}

function portOf({ port, protocol }: URL): number {
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

/** No connection was ready in time. */
export class ConnectTimeoutError extends Error {
  override name = "ConnectTimeoutError";
  readonly code = "CONNECT_TIMEOUT";

  constructor(limitMs: number) {
    super(`No connection was ready within ${limitMs} ms`);
  }
}
