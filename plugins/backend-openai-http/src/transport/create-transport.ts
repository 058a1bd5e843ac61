import { DirectTransport } from "./direct/direct-transport.js";
import { loadTls } from "./direct/open-socket.js";
import type { Transport, TransportOptions } from "./transport.js";

/** How requests are carried. */
export type TransportChoice = "auto" | "direct" | "undici";

/**
 * Makes the transport for one origin. `auto` is `direct`, except where that cannot go: through a proxy, and to a server
 * that takes an offer of HTTP/2, which is asked once.
 */
export async function createTransport(choice: TransportChoice, options: TransportOptions): Promise<Transport> {
  if (choice === "direct" || (choice === "auto" && !(await needsUndici(options)))) {
    if (isTls(options)) loadTls();
    return new DirectTransport(options);
  }
  const { UndiciTransport } = await import("./undici/undici-transport.js"); // 60 ms that most runs do not need
  return new UndiciTransport(options);
}

async function needsUndici(options: TransportOptions): Promise<boolean> {
  if (options.useProxyEnvironment) return true;
  if (!options.http2 || !isTls(options)) return false;
  const { speaksHttp2 } = await import("./speaks-http2.js");
  return speaksHttp2(options);
}

function isTls({ origin }: TransportOptions): boolean {
  return origin.startsWith("https:");
}
