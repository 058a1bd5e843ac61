import { CoreError, type CoreErrorOptions } from "./core-error.js";

/** Error codes of this package and what each one means. */
export const REGISTRY_ERRORS = Object.freeze({
  CORE_REGISTRY_UNKNOWN_KIND: "The `kind` names nothing that is registered in this family.",
  CORE_REGISTRY_MISSING_KIND: "The value has no `kind`, or is not an object.",
  CORE_REGISTRY_INVALID_ARGS: "The fields of this kind do not validate; every issue is listed with its path.",
  CORE_REGISTRY_DUPLICATE_KIND: "Two packages registered the same kind.",
  CORE_REGISTRY_NOT_BUILT: "The kind is known and its fields validate, but this version cannot run it yet.",
  CORE_REGISTRY_BAD_DEFINITION: "A plugin registered a definition that this version cannot read.",
});

/** A code of {@link REGISTRY_ERRORS}. */
export type RegistryErrorCode = keyof typeof REGISTRY_ERRORS;

/** An error of registering, finding or validating a kind. */
export class RegistryError extends CoreError {
  constructor(message: string, options: CoreErrorOptions & { readonly code: RegistryErrorCode }) {
    super(message, options);
  }
}
