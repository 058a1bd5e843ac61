import * as v from "valibot";

const amount = v.pipe(v.number(), v.minValue(0));

const LadderSchema = v.strictObject({
  /** Highest step at which the known times came out right; 0 when not even the lowest did. */
  ceiling: amount,
  /** What was wrong with the next step; null when there was none. */
  limited_by: v.nullable(v.string()),
});

/** What one host was found able to do. */
export const CalibrationSchema = v.strictObject({
  measured_at: v.string(),
  goodput_version: v.string(),
  node_version: v.string(),
  cpu_model: v.nullable(v.string()),
  /** Cores that this process may use. */
  cpu_count: amount,
  workers: amount,
  /** Streams at once, a token every 20 ms in each. */
  streams: v.strictObject({ ...LadderSchema.entries, output_tokens_per_second: amount }),
  /** Short requests per second. */
  rate: LadderSchema,
});

/** One of the entries of the calibration file. */
export type Calibration = v.InferOutput<typeof CalibrationSchema>;

/** The calibration file: one entry for each sort of processor and number of cores. */
export const CalibrationFileSchema = v.strictObject({ version: v.literal(1), entries: v.array(CalibrationSchema) });

/** Facts by which an entry is found again. */
export type HostFacts = Pick<Calibration, "cpu_model" | "cpu_count">;

/** Whether an entry is of this host, pinned as it is now. */
export function isOf(entry: Calibration, host: HostFacts): boolean {
  return entry.cpu_model === host.cpu_model && entry.cpu_count === host.cpu_count;
}
