import { isMapping } from "@core/backend";

const SHOWN_CHARACTERS = 500;

/**
 * What an `error` event says: `code: message`, or the one of both that is there, else its JSON. Servers put them into an
 * object `error`, beside the type, or the text into `error` and the code beside it.
 */
export function errorEventText(event: Readonly<Record<string, unknown>>): string {
  const given = "error" in event ? event["error"] : event;
  if (given === null || given === undefined || given === "") return "WebSocket error";
  const { code, message } = isMapping(given) ? given : { code: event["code"], message: given };
  const said = [code, message].filter((part) => (typeof part === "string" && part !== "") || typeof part === "number");
  return (said.length > 0 ? said.join(": ") : JSON.stringify(given)).slice(0, SHOWN_CHARACTERS);
}
