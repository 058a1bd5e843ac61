/** A piece of a message. Media stand in their place; their bytes are in {@link Prompt.media}, in the same order. */
export type Block =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image" }
  | { readonly type: "audio" };

/** One message of a conversation. */
export interface Message {
  readonly role: "system" | "user" | "assistant";
  readonly content: readonly Block[];
}

/** Encoded media: PNG, JPEG, WAV, … */
export interface Media {
  readonly kind: "image" | "audio";
  readonly data: Uint8Array;
}

/** What the bridge turns into a prompt of the engine. */
export interface Prompt {
  readonly messages: readonly Message[];
  readonly media: readonly Media[];
}
