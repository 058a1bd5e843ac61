/** A backend that comes with the distribution and is loaded only when it is used. */
export interface BuiltinPlugin {
  /** Kinds of backends it registers, aliases included. */
  readonly kinds: readonly string[];
  /** File URL of its module. */
  readonly url: string;
}

/** The built-in plugins that a kind needs; all of them when nobody knows it, so that the error can list every kind. */
export function pluginsForKind(kind: unknown, builtin: readonly BuiltinPlugin[]): readonly BuiltinPlugin[] {
  const wanted = typeof kind === "string" ? kind.toLowerCase() : "";
  const found = builtin.filter(({ kinds }) => kinds.includes(wanted));
  return found.length > 0 ? found : builtin;
}
