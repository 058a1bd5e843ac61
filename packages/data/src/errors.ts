import { CoreError, type CoreErrorOptions } from "@core/registry";

/** Error codes of this package and what each one means. */
export const DATA_ERRORS = Object.freeze({
  CORE_DATA_FILE_NOT_FOUND: "A data file does not exist, is not a file, or has a suffix that its kind does not read.",
  CORE_DATA_FILE_INVALID: "A data file could not be parsed.",
  CORE_DATA_EMPTY: "The data gave no request at all.",
  CORE_DATA_NO_COLUMNS: "No column of the data matches a name that the column mapper knows.",
  CORE_DATA_TOO_FEW: "The data holds fewer conversations than the loader was asked for.",
  CORE_DATA_BAD_ROW: "A row could not be turned into requests.",
  CORE_DATA_TOO_MANY_BAD_ROWS: "Too many rows in a row could not be turned into requests.",
  CORE_DATA_NOT_BUILT: "The data needs a feature that this version does not have yet.",
  CORE_DATA_WORKER_DIED: "The thread that produces the data ended unexpectedly.",
});

/** A code of {@link DATA_ERRORS}. */
export type DataErrorCode = keyof typeof DATA_ERRORS;

/** An error of opening or producing data. */
export class DataError extends CoreError {
  constructor(message: string, options: CoreErrorOptions & { readonly code: DataErrorCode }) {
    super(message, options);
  }
}
