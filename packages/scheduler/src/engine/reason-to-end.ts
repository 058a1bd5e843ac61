import type { SendingEnd, SendLoopContext } from "./send-loop.js";

/** Why nothing more may be sent now; null while more may be. */
export function reasonToEnd(context: SendLoopContext, sendUntilNs: number): SendingEnd | null {
  const { clock, control } = context;
  if (control.stopRequested) return reasonToStop(context);
  return clock.nowNs() >= sendUntilNs ? "duration" : null;
}

/** Why a loop that was told to stop ends: the limit of requests, or somebody's wish. */
export function reasonToStop({ control, limits }: SendLoopContext): SendingEnd {
  return control.claimed >= limits.issuedRequests ? "limit" : "stop";
}
