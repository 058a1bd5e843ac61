// What the package.json of a published package says.

/**
 * Rules that a manifest violates.
 * @param {Record<string, any>} manifest
 * @returns {Generator<[rule: string, message: string]>}
 */
export function* manifestProblems(manifest) {
  if (!manifest.description?.trim()) yield ["description", "description is missing"];
  if (manifest.license !== "Apache-2.0") yield ["license", `license is Apache-2.0, not ${manifest.license}`];
  if (manifest.type !== "module") yield ["type", `type is "module", not ${JSON.stringify(manifest.type)}`];
  if (manifest.engines?.node === undefined) yield ["engines", "engines.node is missing"];
  if (!Array.isArray(manifest.files) || manifest.files.length === 0) yield ["files", "files is missing or empty"];
  if (manifest.sideEffects === undefined) yield ["side-effects", "sideEffects is missing"];
  if (manifest.exports?.["."] === undefined) yield ["exports", 'exports has no "."'];
  if (manifest.exports?.["./package.json"] === undefined) yield ["exports", 'exports has no "./package.json"'];
  for (const [subpath, target] of Object.entries(manifest.exports ?? {})) {
    if (typeof target === "string") continue;
    const conditions = Object.keys(target);
    if (conditions[0] !== "types") yield ["exports", `the first condition of "${subpath}" is types`];
    if (conditions.at(-1) !== "default") yield ["exports", `the last condition of "${subpath}" is default`];
  }
}
