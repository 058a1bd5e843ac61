/** Numbers of the turns that `given` means: a count from the first, -1 for all, or a list; ascending. */
export function toolTurnNumbers(given: readonly number[] | number, turns: number): readonly number[] {
  const list = typeof given === "number" ? [given] : given;
  if (list.length === 1 && list[0] === -1) return Array.from({ length: turns }, (_, turn) => turn);
  if (typeof given === "number") return Array.from({ length: given }, (_, turn) => turn);
  return [...given].sort((left, right) => left - right);
}

/** What is wrong with the turns that call tools in a conversation of so many turns, or null. */
export function toolTurnsProblem(
  { client, server }: { readonly client: readonly number[]; readonly server: readonly number[] },
  turns: number,
): string | null {
  for (const [name, numbers] of [
    ["tool_call_turns", client],
    ["server_tool_call_turns", server],
  ] as const) {
    const wrong = numbers.find((turn) => turn < 0 || turn >= turns);
    if (wrong !== undefined) return `${name}: ${wrong} is no turn of a conversation of ${turns}, counted from 0`;
  }
  const both = client.find((turn) => server.includes(turn));
  return both === undefined ? null : `turn ${both} is in tool_call_turns and in server_tool_call_turns`;
}
