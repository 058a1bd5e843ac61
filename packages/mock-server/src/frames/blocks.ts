import type { ReplyContent, Span } from "../reply-content.js";

/** One item of a reply whose parts are listed: its reasoning, its text or one call. */
export interface Block {
  readonly kind: Span["kind"];
  /** Which call; -1 for texts. */
  readonly call: number;
  /** All of its text, or of its arguments. */
  readonly text: string;
}

/** The blocks of a reply in the order in which they are written. */
export function blocksOf(content: ReplyContent): readonly Block[] {
  const { reasoning, reasoningTokens, text, hasText, calls } = content;
  return [
    ...(reasoningTokens > 0 ? [{ kind: "reasoning" as const, call: -1, text: reasoning }] : []),
    ...(hasText ? [{ kind: "text" as const, call: -1, text }] : []),
    ...calls.map(({ pieces }, call) => ({ kind: "call" as const, call, text: pieces.join("") })),
  ];
}

/** Walks through the blocks of a reply while its tokens are written. */
export class BlockCursor {
  readonly #blocks: readonly Block[];
  #index = -1;

  constructor(blocks: readonly Block[]) {
    this.#blocks = blocks;
  }

  /** Index of the block that is being written; -1 before the first. */
  get index(): number {
    return this.#index;
  }

  /** Whether this span begins another block, to which the cursor then moves. */
  moveTo(span: Span): boolean {
    const current = this.#blocks[this.#index];
    if (current?.kind === span.kind && current.call === span.call) return false;
    this.#index = this.#blocks.findIndex(({ kind, call }) => kind === span.kind && call === span.call);
    return true;
  }
}
