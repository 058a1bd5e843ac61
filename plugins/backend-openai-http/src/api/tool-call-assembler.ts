import { isMapping, type ToolCall } from "@core/backend";
import { isWritable } from "./json-object.js";

interface Draft {
  id: string;
  name: string;
  arguments: string;
}

/** Puts tool calls together from the fragments of a stream, which may be interleaved by index. */
export class ToolCallAssembler {
  readonly #drafts = new Map<number, Draft>();

  /** Takes the `tool_calls` of a delta or message; true when there was at least one. */
  add(fragments: unknown): boolean {
    if (!Array.isArray(fragments)) return false;
    let found = false;
    for (const [position, fragment] of (fragments as readonly unknown[]).entries()) {
      if (!isMapping(fragment)) continue;
      found = true;
      this.#addOne(fragment, typeof fragment["index"] === "number" ? fragment["index"] : position);
    }
    return found;
  }

  /**
   * Takes a piece of the arguments of a call that is known already. The model writes the arguments of tools that the server
   * runs, too: they belong to no call of the client.
   *
   * @returns True when the piece holds tokens, whoever runs the tool.
   */
  addArguments(index: unknown, piece: unknown): boolean {
    if (typeof piece !== "string" || piece === "") return false;
    const draft = typeof index === "number" ? this.#drafts.get(index) : undefined;
    if (draft !== undefined) draft.arguments += piece;
    return true;
  }

  /** Arguments of a call so far; null when there is no such call. */
  argumentsOf(index: number): string | null {
    return this.#drafts.get(index)?.arguments ?? null;
  }

  /** Calls in order of their index; null when there are none. */
  calls(): readonly ToolCall[] | null {
    if (this.#drafts.size === 0) return null;
    return [...this.#drafts.entries()]
      .sort(([left], [right]) => left - right)
      .map(([, draft]) => ({
        id: draft.id,
        type: "function",
        function: { name: draft.name, arguments: draft.arguments },
      }));
  }

  #addOne(fragment: Readonly<Record<string, unknown>>, index: number): void {
    let draft = this.#drafts.get(index);
    if (draft === undefined) {
      draft = { id: "", name: "", arguments: "" };
      this.#drafts.set(index, draft);
    }
    if (typeof fragment["id"] === "string" && fragment["id"] !== "") draft.id = fragment["id"];
    const definition = fragment["function"];
    if (!isMapping(definition)) return;
    if (typeof definition["name"] === "string") draft.name += definition["name"];
    const given = definition["arguments"];
    if (typeof given === "string") draft.arguments += given;
    else if (isMapping(given) && isWritable(given)) draft.arguments += JSON.stringify(given); // some servers send one
  }
}
