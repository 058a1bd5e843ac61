import type { SimpleText } from "../api/response-reader.js";
import { EventTemplate } from "./event-template.js";

/** Kinds of events that are told apart: texts and reasoning of some models, say. */
const MOST_TEMPLATES = 8;
/** Templates that may be made before any has been of use. */
const FREE_TEMPLATES = 16;
/** Events that each later one has to be paid with. */
const MATCHES_PER_TEMPLATE = 16;

/**
 * The templates that all responses of a backend share. Where events differ in more than what a template leaves open, no
 * more of them are made than have paid off.
 */
export class EventTemplates {
  /** The one used last comes first. */
  readonly #templates: EventTemplate[] = [];
  readonly #tally = { matches: 0 };
  #learned = 0;

  /** The one that is worth trying first; null before there is any. */
  get latest(): EventTemplate | null {
    return this.#templates[0] ?? null;
  }

  /** The template of an event, null when it has to be parsed. @param type - Value of its `event` line, empty without one. */
  find(bytes: Uint8Array, start: number, end: number, type: string): EventTemplate | null {
    const at = this.#templates.findIndex((one) => one.type === type && one.matches(bytes, start, end));
    return this.#used(at);
  }

  /** The same for an event in its frame. */
  findFrame(bytes: Uint8Array, start: number, end: number): EventTemplate | null {
    const at = this.#templates.findIndex((one) => one.matchesFrame(bytes, start, end));
    return this.#used(at);
  }

  /** Whether an event that had to be parsed may become a template. */
  get wantsEvent(): boolean {
    return this.#learned < FREE_TEMPLATES || this.#tally.matches > this.#learned * MATCHES_PER_TEMPLATE;
  }

  /** Makes a template of a parsed event, see {@link EventTemplate.of}; null when it cannot be one. */
  learn(event: Buffer, simple: SimpleText, type: string): EventTemplate | null {
    this.#learned += 1;
    const template = EventTemplate.of(event, simple, type, this.#tally);
    if (template !== null && this.#templates.unshift(template) > MOST_TEMPLATES) this.#templates.pop();
    return template;
  }

  #used(at: number): EventTemplate | null {
    const template = this.#templates[at];
    if (template === undefined) return null;
    if (at > 0) {
      this.#templates.splice(at, 1);
      this.#templates.unshift(template);
    }
    return template;
  }
}
