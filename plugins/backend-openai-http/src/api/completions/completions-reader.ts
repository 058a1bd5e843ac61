import type { ToolCall } from "@core/backend";
import type { TextSpan } from "../arriving-text.js";
import { type ChoiceContent, GenerationReader } from "../generation-reader.js";
import type { JsonObject } from "../json-object.js";
import type { EventContent, SimpleText } from "../response-reader.js";

/** Reads responses of `/v1/completions`: every token is output. */
export class CompletionsReader extends GenerationReader {
  protected override readChoice(choice: JsonObject, isFirst: boolean): ChoiceContent {
    const text = choice["text"];
    if (typeof text !== "string") return "nothing";
    if (isFirst) this.text.add(text);
    return text === "" ? "empty" : "output";
  }

  protected override simpleChoice({ text }: JsonObject): SimpleText | null {
    return typeof text === "string" && text !== "" ? { key: "text", text } : null;
  }

  protected override addText(_key: string, text: TextSpan): EventContent {
    this.text.addSpan(text);
    return "output";
  }

  protected override readWhole(choice: JsonObject): void {
    if (typeof choice["text"] === "string") this.text.add(choice["text"]);
  }

  protected override toolCalls(): readonly ToolCall[] | null {
    return null;
  }
}
