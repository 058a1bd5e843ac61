import type { TransportStats } from "./transport.js";

/** Counters at zero. */
export function createStats(): TransportStats {
  return {
    connectionsOpened: 0,
    connectionsFailed: 0,
    requestsSent: 0,
    requestsOnReusedConnections: 0,
    requestsRetried: 0,
    requestsInFlight: 0,
    protocol: "",
  };
}
