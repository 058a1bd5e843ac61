/** The tool that stands in where data asks for a tool call and defines none (name and parameter of GuideLLM). */
export const PLACEHOLDER_TOOLS: readonly Readonly<Record<string, unknown>>[] = Object.freeze([
  {
    type: "function",
    function: {
      name: "get_data",
      description: "Looks up data for a query.",
      parameters: {
        type: "object",
        properties: { query: { type: "string", description: "What to look up." } },
        required: ["query"],
      },
    },
  },
]);

/** The result that stands in where data gives none. */
export const PLACEHOLDER_RESPONSE = '{"status": "ok"}';

/** Text of a tool's result as generated data has it. */
export function toolResult(text: string): string {
  return JSON.stringify({ result: text });
}
