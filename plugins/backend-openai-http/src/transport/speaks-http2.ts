import { connect } from "node:tls";
import type { TransportOptions } from "./transport.js";

/** Longest wait for the handshake, whatever the limit for connections is. */
const LONGEST_WAIT_MS = 5_000;

/** Asks a server which protocol it chooses (ALPN). False when it cannot be reached: the requests will tell why. */
export function speaksHttp2({ origin, verify, connectTimeoutMs }: TransportOptions): Promise<boolean> {
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, "");
  const isAddress = /^[\d.]+$|:/.test(host);
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: port === "" ? 443 : Number(port),
      rejectUnauthorized: verify,
      ALPNProtocols: ["h2", "http/1.1"],
      timeout: Math.min(connectTimeoutMs || LONGEST_WAIT_MS, LONGEST_WAIT_MS),
      ...(isAddress ? {} : { servername: host }),
    });
    const settle = (isHttp2: boolean): void => {
      resolve(isHttp2);
      socket.destroy();
    };
    socket.once("secureConnect", () => settle(socket.alpnProtocol === "h2"));
    socket.once("timeout", () => settle(false));
    socket.on("error", () => settle(false));
  });
}
