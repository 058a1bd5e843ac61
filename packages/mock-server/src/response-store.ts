import type { PromptPiece } from "./engine/prefix-cache.js";

/** The conversation behind a response: its prompt and its reply. */
export interface StoredConversation {
  readonly tokens: number;
  readonly pieces: readonly PromptPiece[];
}

/** Conversations kept: the oldest go first. */
const MOST_RESPONSES = 100_000;

/** Remembers the conversation behind each response, so that another request can go on with it. */
export class ResponseStore {
  readonly #conversations = new Map<string, StoredConversation>();

  /** Null when the response is not known. */
  find(responseId: string): StoredConversation | null {
    return this.#conversations.get(responseId) ?? null;
  }

  /** Keeps the conversation behind a response. */
  keep(responseId: string, conversation: StoredConversation): void {
    this.#conversations.set(responseId, conversation);
    if (this.#conversations.size <= MOST_RESPONSES) return;
    const [oldest] = this.#conversations.keys();
    if (oldest !== undefined) this.#conversations.delete(oldest);
  }

  /** Forgets all. */
  reset(): void {
    this.#conversations.clear();
  }
}
