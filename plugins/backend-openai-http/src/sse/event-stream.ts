/**
 * Whether the body of a response is a stream of events. The content type decides; when it says neither, what was asked for.
 *
 * @param contentType - Lower case, without parameters.
 */
export function isEventStream(contentType: string, asked: boolean): boolean {
  if (contentType === "text/event-stream") return true;
  return asked && !/json$|^text\/html$/.test(contentType);
}
