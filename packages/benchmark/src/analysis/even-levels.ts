/** Whole numbers of even spacing from `lowest` to `highest` inclusive, rounded half up. */
export function evenLevels(lowest: number, highest: number, count: number): readonly number[] {
  const intervals = count - 1;
  return Array.from(
    { length: count },
    (_, at) => lowest + Math.floor((at * (highest - lowest) + Math.floor(intervals / 2)) / intervals),
  );
}
