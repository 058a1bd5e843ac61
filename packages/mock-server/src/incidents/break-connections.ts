import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { ServerScope } from "../endpoint.js";
import { breakSocket } from "../failures/break-connection.js";
import type { Incident } from "./incident.js";

/**
 * Lets incidents break connections. A drop resets all that are open, and those that are opened while it lasts. A restart
 * does the same, forgets what a process that begins again has not, and refuses connections until it is over.
 *
 * @param listenAgain - Listens where the server did before.
 */
export function letIncidentsBreak(server: Server, scope: ServerScope, listenAgain: () => void): void {
  const { incidents, clock, schedule } = scope;
  if (!incidents.breakConnections) return;
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    if (incidents.dropsAt(clock.nowNs())) {
      breakSocket(socket, "reset");
      return;
    }
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  incidents.whenBreaking((incident) => {
    for (const record of [...scope.open]) record.breakBy(`incident:${incident.do}`);
    if (incident.do === "restart") stopFor(incident);
    for (const socket of sockets) breakSocket(socket, "reset");
  });

  function stopFor(incident: Incident): void {
    server.close();
    scope.responses.reset();
    scope.prefixCache?.reset();
    scope.counters.reset();
    schedule.at(clock.nowNs() + incident.for * 1e9, listenAgain);
  }
}
