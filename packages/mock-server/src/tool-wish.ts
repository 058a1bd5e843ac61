import * as v from "valibot";

/** A tool that a request offers. */
export interface OfferedTool {
  readonly name: string;
  /** JSON Schema of its arguments, as it was sent. */
  readonly schema: unknown;
}

/** What a request says about tools. */
export interface ToolWish {
  readonly tools: readonly OfferedTool[];
  /** Whether a tool is to be called; a text is the name of the one. */
  readonly choice: "none" | "auto" | "required" | { readonly name: string };
}

/** Nothing offered. */
export const NO_TOOLS: ToolWish = { tools: [], choice: "none" };

const named = v.looseObject({ name: v.pipe(v.string(), v.minLength(1)) });
const schema = v.optional(v.unknown());

/** Tools of a chat. */
export const chatTools = {
  tools: v.nullish(
    v.array(
      v.looseObject({ type: v.literal("function"), function: v.looseObject({ ...named.entries, parameters: schema }) }),
    ),
  ),
  tool_choice: v.nullish(
    v.union([
      v.picklist(["none", "auto", "required"]),
      v.looseObject({ type: v.literal("function"), function: named }),
    ]),
  ),
};

/** Tools of the responses API; those that the server runs itself are left out. */
export const responsesTools = {
  tools: v.nullish(v.array(v.looseObject({ type: v.string(), name: v.optional(v.string()), parameters: schema }))),
  tool_choice: v.nullish(
    v.union([
      v.picklist(["none", "auto", "required"]),
      v.looseObject({ type: v.literal("function"), ...named.entries }),
    ]),
  ),
};

/** Tools of the messages API; those that the server runs itself are left out. */
export const messagesTools = {
  tools: v.nullish(v.array(v.looseObject({ name: v.string(), input_schema: schema }))),
  tool_choice: v.nullish(
    v.union([
      v.looseObject({ type: v.picklist(["auto", "any", "none"]) }),
      v.looseObject({ type: v.literal("tool"), ...named.entries }),
    ]),
  ),
};

/** What a chat says about tools. */
export function chatToolWish(request: v.InferOutput<v.ObjectSchema<typeof chatTools, undefined>>): ToolWish {
  const tools = (request.tools ?? []).map((tool) => ({ name: tool.function.name, schema: tool.function.parameters }));
  const choice = request.tool_choice ?? "auto";
  return wish(tools, typeof choice === "string" ? choice : { name: choice.function.name });
}

/** What a request of the responses API says about tools. */
export function responsesToolWish(request: v.InferOutput<v.ObjectSchema<typeof responsesTools, undefined>>): ToolWish {
  const tools = (request.tools ?? []).flatMap(({ type, name, parameters }) =>
    type === "function" && name !== undefined ? [{ name, schema: parameters }] : [],
  );
  const choice = request.tool_choice ?? "auto";
  return wish(tools, typeof choice === "string" ? choice : { name: choice.name });
}

/** What a request of the messages API says about tools. */
export function messagesToolWish(request: v.InferOutput<v.ObjectSchema<typeof messagesTools, undefined>>): ToolWish {
  const tools = (request.tools ?? []).flatMap(({ name, input_schema }) =>
    input_schema === undefined ? [] : [{ name, schema: input_schema }],
  );
  const choice = request.tool_choice ?? { type: "auto" as const };
  if (choice.type === "tool") return wish(tools, { name: choice.name });
  return wish(tools, choice.type === "any" ? "required" : choice.type);
}

function wish(tools: readonly OfferedTool[], choice: ToolWish["choice"]): ToolWish {
  return tools.length === 0 ? NO_TOOLS : { tools, choice };
}
