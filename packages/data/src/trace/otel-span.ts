import { isMapping, show } from "@core/registry";
import { badRow, isEmptyCell, readSeconds } from "../finalizer/read-cells.js";
import type { DataRow } from "../source/data-source.js";
import type { OtelArgs } from "./trace-fields.js";

/** A span of OpenTelemetry, as far as replaying needs it. */
export interface OtelSpan {
  readonly id: string | null;
  readonly parentId: string | null;
  readonly traceId: string | null;
  /** Seconds since 1970. */
  readonly start: number;
  readonly duration: number | null;
  readonly hasFailed: boolean;
  readonly attributes: DataRow;
}

/**
 * Reads a span in the names of exporters (`span_id`, `start_time`, attributes as a mapping) or in those of OTLP (`spanId`,
 * `startTimeUnixNano`, attributes as a list of keys and values).
 *
 * @throws {DataError} CORE_DATA_BAD_ROW for a span without a start, or one that cannot be read.
 */
export function readSpan(span: unknown, args: OtelArgs): OtelSpan {
  if (!isMapping(span)) throw badRow(`a span must be a mapping, got ${show(span)}`);
  const start = startOf(span, args);
  return {
    id: textAt(span, "span_id", "spanId"),
    parentId: textAt(span, "parent_span_id", "parentSpanId"),
    traceId: textAt(span, args.trace_id_column, "traceId"),
    start,
    duration: durationOf(span, start, args),
    hasFailed: FAILED.includes(isMapping(span["status"]) ? span["status"]["code"] : null),
    attributes: attributesOf(span["attributes"]),
  };
}

const FAILED: readonly unknown[] = [2, "2", "ERROR", "STATUS_CODE_ERROR"];

function startOf(span: DataRow, args: OtelArgs): number {
  const given = span[args.span_timestamp_field];
  if (!isEmptyCell(given)) return readInstant(given, args.span_timestamp_field);
  const nanoseconds = readNanoseconds(span, "start_time_unix_nano", "startTimeUnixNano");
  if (nanoseconds === null) throw badRow(`a span has no ${args.span_timestamp_field}`);
  return nanoseconds;
}

function durationOf(span: DataRow, start: number, args: OtelArgs): number | null {
  const given = readSeconds(span[args.duration_column], args.duration_column);
  if (given !== null) return given;
  const named = isEmptyCell(span["end_time"]) ? null : readInstant(span["end_time"], "end_time");
  const end = named ?? readNanoseconds(span, "end_time_unix_nano", "endTimeUnixNano");
  return end === null || end < start ? null : end - start;
}

const INSTANT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d(?:[.,]\d+)?))?\s*(Z|[+-]\d\d:?\d\d)?$/i;

/** Seconds since 1970 of an ISO 8601 date and time; without a zone it is in UTC. */
function readInstant(value: unknown, name: string): number {
  const match = typeof value === "string" ? INSTANT.exec(value.trim()) : null;
  const [, date, minutes, seconds = "0", zone = "Z"] = match ?? [];
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  const base = Date.parse(`${date}T${minutes}:00${offset}`);
  // Not Date.parse for all of it, which cuts what is finer than a millisecond.
  if (match !== null && !Number.isNaN(base)) return base / 1000 + Number(seconds.replace(",", "."));
  throw badRow(`${name} must be an ISO 8601 date and time, got ${show(value)}`);
}

function readNanoseconds(span: DataRow, ...names: readonly string[]): number | null {
  for (const name of names) {
    const value = span[name];
    if (isEmptyCell(value)) continue;
    const number = typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
    if (Number.isFinite(number) && number >= 0) return number / 1e9;
    throw badRow(`${name} must be nanoseconds since 1970, got ${show(value)}`);
  }
  return null;
}

function textAt(span: DataRow, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = span[name];
    if (typeof value === "string" && value !== "") return value;
  }
  return null;
}

/** Attributes without those that are null, as tables write what is missing. */
function attributesOf(given: unknown): DataRow {
  if (Array.isArray(given)) {
    const pairs = given.filter(isMapping).map(({ key, value }) => [String(key), otlpValue(value)] as const);
    return Object.fromEntries(pairs.filter(([, value]) => value !== null));
  }
  return isMapping(given) ? Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) : {};
}

/** A value of OTLP's JSON: `{stringValue}`, `{intValue}`, `{arrayValue: {values}}` and the like. */
function otlpValue(value: unknown): unknown {
  if (!isMapping(value)) return value ?? null;
  const [kind, content] = Object.entries(value)[0] ?? [];
  if (kind === "intValue") return Number(content);
  if (kind === "arrayValue" && isMapping(content) && Array.isArray(content["values"])) {
    return content["values"].map(otlpValue);
  }
  if (kind === "kvlistValue" && isMapping(content)) return attributesOf(content["values"]);
  return content ?? null;
}
