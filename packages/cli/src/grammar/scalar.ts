const INTEGER = /^[-+]?\d+$/;
const HEXADECIMAL = /^0x[0-9a-fA-F]+$/;
const OCTAL = /^0o[0-7]+$/;
const FLOAT = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;

/**
 * Reads an unquoted value by the core schema of YAML 1.2: null, true, false, numbers, else text. Unlike YAML 1.1, `010`
 * is ten, `10:30` is text, and yes, no, on and off are text, which fields of type bool accept.
 */
export function readScalar(text: string): unknown {
  if (/^(null|Null|NULL|~|)$/.test(text)) return null;
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  if (HEXADECIMAL.test(text) || OCTAL.test(text)) return Number(text);
  if (INTEGER.test(text) || FLOAT.test(text)) return safeNumber(text);
  if (/^[-+]?\.(inf|Inf|INF)$/.test(text))
    return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^\.(nan|NaN|NAN)$/.test(text)) return Number.NaN;
  return text;
}

/** Whole numbers too large to be exact stay text. */
function safeNumber(text: string): number | string {
  const value = Number(text);
  return INTEGER.test(text) && !Number.isSafeInteger(value) ? text : value;
}
