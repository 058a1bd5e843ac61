import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { TokenizerError } from "../errors.js";
import { Tokenizer } from "../tokenizer.js";

interface HuggingFaceEngine {
  encode(text: string, options: { readonly add_special_tokens: boolean }): { readonly ids: readonly number[] };
  decode(ids: number[], options: { readonly skip_special_tokens: boolean }): string;
}

/** Tokenizer from the files of a model folder (`tokenizer.json`, and `tokenizer_config.json` when there is one). */
export class HuggingFaceTokenizer extends Tokenizer {
  readonly #engine: HuggingFaceEngine;

  private constructor(engine: HuggingFaceEngine) {
    super();
    this.#engine = engine;
  }

  /**
   * Loads a tokenizer.
   *
   * @param folder - Local folder of the model.
   * @throws {TokenizerError} CORE_TOKENIZER_NOT_FOUND or CORE_TOKENIZER_INVALID.
   */
  static async load(folder: string): Promise<HuggingFaceTokenizer> {
    const model = await readJson(folder, "tokenizer.json", true);
    const config = await readJson(folder, "tokenizer_config.json", false);
    const { Tokenizer: Engine } = await import("@huggingface/tokenizers");
    try {
      return new HuggingFaceTokenizer(new Engine(model, config) as unknown as HuggingFaceEngine);
    } catch (cause) {
      throw invalid(join(folder, "tokenizer.json"), cause);
    }
  }

  override encode(text: string): number[] {
    return [...this.#engine.encode(text, { add_special_tokens: false }).ids];
  }

  override decode(ids: readonly number[]): string {
    return this.#engine.decode([...ids], { skip_special_tokens: true });
  }
}

async function readJson(folder: string, name: string, required: boolean): Promise<object> {
  const path = join(folder, name);
  const found = await stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
  if (!found && !required) return {};
  if (!found) {
    throw new TokenizerError(`The tokenizer model "${folder}" is not a local folder with a tokenizer.json.`, {
      code: "CORE_TOKENIZER_NOT_FOUND",
      hint: "Download the model's tokenizer files and name their folder, or use --tokenizer kind=builtin.",
    });
  }
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw invalid(path, cause);
  }
}

function invalid(path: string, cause: unknown): TokenizerError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TokenizerError(`The tokenizer file ${path} could not be read: ${reason}`, {
    code: "CORE_TOKENIZER_INVALID",
    cause,
  });
}
