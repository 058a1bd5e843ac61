import type { ToolCall } from "@core/backend";
import { type ChoiceContent, GenerationReader } from "../generation-reader.js";
import type { JsonObject } from "../json-object.js";

/** Reads responses of `/v1/completions`: every token is output. */
export class CompletionsReader extends GenerationReader {
  protected override readChoice(choice: JsonObject, isFirst: boolean): ChoiceContent {
    const text = choice["text"];
    if (typeof text !== "string") return "nothing";
    if (isFirst) this.text.add(text);
    return text === "" ? "empty" : "output";
  }

  protected override simpleChoice({ text }: JsonObject) {
    return typeof text === "string" && text !== "" ? { key: "text", text, content: "output" as const } : null;
  }

  protected override readWhole(choice: JsonObject): void {
    if (typeof choice["text"] === "string") this.text.add(choice["text"]);
  }

  protected override toolCalls(): readonly ToolCall[] | null {
    return null;
  }
}
