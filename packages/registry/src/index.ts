export { CoreError, type CoreErrorOptions } from "./core-error.js";
export { describeFields, type FieldDescription } from "./describe-fields.js";
export { REGISTRY_ERRORS, RegistryError, type RegistryErrorCode } from "./errors.js";
export { defineField, type Field, type FieldMetadata, nullable, type Reading, show, withDefault } from "./field.js";
export { formatIssues } from "./format-issues.js";
export { toJsonSchema } from "./json-schema.js";
export type { AnyKindDefinition, KindDefinition } from "./kind-definition.js";
export { type KindFamily, KindRegistry } from "./kind-registry.js";
export { type ListedFamily, listedFamilies, listFamily } from "./listed-families.js";
export { isCredentialHeader, maskHeaders } from "./mask-headers.js";
export { nearestName } from "./nearest-name.js";
export {
  booleanField,
  choiceField,
  integerField,
  type NumberBounds,
  numberField,
  readInteger,
  readNumber,
  textField,
} from "./scalar-fields.js";
export { revealArgs, SECRET_MASK, Secret, type SecretReference } from "./secret.js";
export { headersField, secretField } from "./secret-field.js";
export { isMapping, listField, mappingField, numberListField } from "./structured-fields.js";
