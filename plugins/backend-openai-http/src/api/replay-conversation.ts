import type { GenerationRequest, GenerationResponse, HistoryTurn } from "@core/backend";

/** How a format writes the two sides of a turn. */
export interface TurnWriter<Item> {
  /** What the client says; `previous` is the response before, null when there was none. */
  asked(request: GenerationRequest, previous: GenerationResponse | null): readonly Item[];
  /** What the model said. */
  answered(response: GenerationResponse, request: GenerationRequest): readonly Item[];
}

/** Items of a conversation: earlier turns replayed, then the current one. */
export function replayConversation<Item>(
  request: GenerationRequest,
  history: readonly HistoryTurn[] | null,
  writer: TurnWriter<Item>,
): readonly Item[] {
  const items: Item[] = [];
  let previous: GenerationResponse | null = null;
  for (const turn of history ?? []) {
    items.push(...writer.asked(turn.request, previous));
    if (turn.response !== null) items.push(...writer.answered(turn.response, turn.request));
    previous = turn.response;
  }
  items.push(...writer.asked(request, previous));
  return items;
}
