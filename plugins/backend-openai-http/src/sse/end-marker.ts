/** Whether the data of an event say that it was the last one, in all spellings: with or without a space, in a quoted form some gateways use, with blanks around. */
export function isEndMarker(data: string): boolean {
  return data.length <= 16 && /^\s*\[DONE\]\s*$/.test(data);
}
