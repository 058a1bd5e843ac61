/** Conversations kept: the oldest go first. */
const MOST_RESPONSES = 100_000;

/** Remembers how long the conversation behind each response is, so that another request can go on with it. */
export class ResponseStore {
  readonly #tokens = new Map<string, number>();

  /** Tokens of prompt and reply; null when the response is not known. */
  tokensOf(responseId: string): number | null {
    return this.#tokens.get(responseId) ?? null;
  }

  /** Keeps the conversation behind a response. */
  keep(responseId: string, tokens: number): void {
    this.#tokens.set(responseId, tokens);
    if (this.#tokens.size <= MOST_RESPONSES) return;
    const [oldest] = this.#tokens.keys();
    if (oldest !== undefined) this.#tokens.delete(oldest);
  }

  /** Forgets all. */
  reset(): void {
    this.#tokens.clear();
  }
}
