/** One cell under its three headers: group, field, unit or statistic. */
export interface CsvCell {
  readonly group: string;
  readonly field: string;
  readonly third: string;
  readonly value: string;
}

/** Number text as GuideLLM writes it: whole floats end in `.0`, exponents have two digits; null is an empty cell. */
export function floatText(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return "";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) return exponentText(value);
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function exponentText(value: number): string {
  const [mantissa = "0", exponent = "0"] = value.toExponential().split("e");
  const digits = exponent.slice(1).padStart(2, "0");
  return `${mantissa}e${exponent.startsWith("-") ? "-" : "+"}${digits}`;
}

/** Local date and time, `N/A` for what is no time. */
export function timeText(epochSeconds: number | null): string {
  if (epochSeconds === null || !(epochSeconds >= 0) || epochSeconds > 2 ** 31) return "N/A";
  const at = new Date(epochSeconds * 1e3);
  const two = (part: number): string => String(part).padStart(2, "0");
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** One cell as it stands in the file: quoted only where needed. A leading formula character is defused. */
export function quoted(text: string): string {
  // Spreadsheets run cells that start so; texts of servers end up in cells. Numbers stay numbers.
  const isNumber = text !== "" && Number.isFinite(Number(text));
  const safe = /^[=+@\t\r-]/.test(text) && !isNumber ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
