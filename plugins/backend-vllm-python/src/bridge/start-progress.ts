/** Part of a line of vLLM's log: what it means to a person who waits. */
const STEPS: readonly (readonly [RegExp, string])[] = [
  [/Resolved architecture: (\w+)/, "architecture $1"],
  [/Starting to load model/, "loading the model"],
  [/Loading weights took ([\d.]+) seconds/, "weights loaded in $1 s"],
  [/Model loading took ([\d.]+ \w+)/, "model loaded, $1"],
  [/KV cache size: ([\d,]+ tokens)/, "KV cache of $1"],
  [/Warming up/, "warming up"],
  [/Graph capturing finished in ([\d.]+)/, "graphs captured in $1 s"],
  [/init engine .*took ([\d.]+)/, "engine initialised in $1 s"],
];

/** What a line of the log says about the progress of the start, null for most lines. */
export function startProgress(line: string): string | null {
  for (const [pattern, text] of STEPS) {
    const match = pattern.exec(line);
    if (match !== null) return text.replace("$1", match[1] ?? "");
  }
  return null;
}
