import { DirectTransport } from "./direct/direct-transport.js";
import { speaksHttp2 } from "./speaks-http2.js";
import type { Transport, TransportOptions } from "./transport.js";

/** How requests are carried. */
export type TransportChoice = "auto" | "direct" | "undici";

/**
 * Makes the transport for one origin. `auto` is `direct`, except where that cannot go: through a proxy, and to a server
 * that takes an offer of HTTP/2, which is asked once.
 */
export async function createTransport(choice: TransportChoice, options: TransportOptions): Promise<Transport> {
  if (choice === "direct" || (choice === "auto" && !(await needsUndici(options)))) return new DirectTransport(options);
  const { UndiciTransport } = await import("./undici/undici-transport.js"); // 60 ms that most runs do not need
  return new UndiciTransport(options);
}

async function needsUndici(options: TransportOptions): Promise<boolean> {
  if (options.useProxyEnvironment) return true;
  return options.http2 && options.origin.startsWith("https:") && (await speaksHttp2(options));
}
