import { KindRegistry } from "@core/backend";
import * as v from "valibot";
import type { WireFormat } from "./wire-format.js";

/** The table of request formats. A format is named after its path, which is where it is sent unless a route says else. */
export const requestFormats: KindRegistry<WireFormat> = new KindRegistry({
  name: "request_format",
  label: "request format",
  option: "--backend request_format",
});

/** What a package says about a format of its own. */
export interface RequestFormatDefinition {
  /** Path on the server with its leading slash, for example `/v1/embeddings`. */
  readonly name: string;
  readonly packageName: string;
  readonly packageVersion: string;
  /** One line about it. */
  readonly summary: string;
  /** Null when the name is known and the format is not built yet. */
  readonly format: WireFormat | null;
}

/**
 * Adds a format, which is a choice of `request_format` and a key of `api_routes` from then on.
 *
 * @throws {RegistryError} CORE_REGISTRY_DUPLICATE_KIND when another package has registered the name.
 */
export function registerRequestFormat({ name, format, ...about }: RequestFormatDefinition): void {
  requestFormats.register({
    ...about,
    contract: 1,
    kind: name,
    argsSchema: v.strictObject({ kind: v.literal(name) }),
    available: format !== null,
    create: () => {
      if (format === null) throw new Error(`${name} is registered as not built, so the registry never calls this.`);
      return format;
    },
  });
}

/** The implementation of a format. @throws {RegistryError} CORE_REGISTRY_NOT_BUILT. */
export function formatOf(name: string): WireFormat {
  return requestFormats.create({ kind: name }, undefined);
}
