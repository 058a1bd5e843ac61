/** Percent with as many decimals, up to 4, as keep a value that is not 0 from showing as 0. */
export function percentWords(share: number): string {
  return `${decimals(share * 100, 0, 4)}%`;
}

/** A number with its unit: 3 decimals, up to 9 where it would show as 0. */
export function valueWords(value: number, unit: string): string {
  return `${decimals(value, 3, 9)}${unit === "seconds" ? "s" : unit === "" ? "" : ` ${unit}`}`;
}

function decimals(value: number, least: number, most: number): string {
  for (let digits = least; digits < most; digits += 1) {
    const text = value.toFixed(digits);
    if (value === 0 || Number(text) !== 0) return text;
  }
  return value.toFixed(most);
}
