import { isMapping } from "@core/registry";
import { DataError } from "../errors.js";
import type { DataRow, DataSource, DataSourceDependencies } from "../source/data-source.js";
import { openTrace } from "./open-trace.js";
import { readSpan } from "./otel-span.js";
import { type OtelTurn, readOtelTurns } from "./otel-turns.js";
import { fromZero, readSession, trafficClassOf } from "./read-lines.js";
import type { OtelArgs } from "./trace-fields.js";

/**
 * Opens recorded spans of OpenTelemetry with the conventions for generative AI: a row for each conversation with a list of
 * spans, a row for each span, or OTLP's JSON (`resourceSpans`). Recorded messages are sent as they were.
 *
 * @throws {DataError} CORE_DATA_NO_COLUMNS, and those of {@link openTrace}.
 */
export function openOtel(args: OtelArgs, dependencies: DataSourceDependencies): Promise<DataSource> {
  return openTrace<OtelTurn>(args, dependencies, () => ({
    kind: args.kind,
    read: (source) =>
      fromZero(
        conversationsOf(source, args).map(({ where, spans, trafficClass }) =>
          readSession(where, () => {
            const read = spans.map((span) => readSpan(span, args));
            return { turns: readOtelTurns(read, args), trafficClass };
          }),
        ),
      ),
    write: (turns) => turns.map(({ node_id, agent_id, parents, columns }) => ({ node_id, agent_id, parents, columns })),
  }));
}

interface RawConversation {
  readonly where: string;
  readonly spans: readonly unknown[];
  readonly trafficClass: string | null;
}

/** The first row tells which shape the rows have. */
function conversationsOf(source: DataSource, args: OtelArgs): readonly RawConversation[] {
  const rows = Array.from({ length: source.rowCount ?? 0 }, (_, index) => source.row(index, 0));
  const first = rows[0] ?? {};
  if (listOf(first[args.spans_column]) !== null) {
    return rows.map((row, index) => ({
      where: `session ${index + 1} of the trace`,
      spans: listOf(row[args.spans_column]) ?? [],
      trafficClass: trafficClassOf(row),
    }));
  }
  const exported = listOf(first["resourceSpans"]) !== null;
  const spans = exported ? rows.flatMap((row) => exportedSpans(listOf(row["resourceSpans"]) ?? [])) : rows;
  if (!exported) assertSpans(source, args);
  return byTrace(spans, args);
}

/** Spans with the same trace are a conversation, wherever they stand; one without any is a conversation of its own. */
function byTrace(spans: readonly unknown[], args: OtelArgs): readonly RawConversation[] {
  const groups = new Map<string, DataRow[]>();
  for (const [index, span] of spans.entries()) {
    if (!isMapping(span)) continue;
    const id = span[args.trace_id_column] ?? span["traceId"] ?? span["span_id"] ?? span["spanId"] ?? `row ${index + 1}`;
    const group = groups.get(String(id)) ?? [];
    groups.set(String(id), group);
    group.push(span);
  }
  return [...groups].map(([id, group]) => ({
    where: `trace ${id}`,
    spans: group,
    trafficClass: trafficClassOf(group[0] ?? {}),
  }));
}

function exportedSpans(resources: readonly unknown[]): readonly unknown[] {
  const inner = (given: unknown, name: string): readonly unknown[] =>
    isMapping(given) ? (listOf(given[name]) ?? []) : [];
  return resources.flatMap((resource) => inner(resource, "scopeSpans")).flatMap((scope) => inner(scope, "spans"));
}

function listOf(cell: unknown): readonly unknown[] | null {
  if (Array.isArray(cell)) return cell;
  if (typeof cell !== "string" || !cell.trimStart().startsWith("[")) return null;
  try {
    return JSON.parse(cell) as readonly unknown[];
  } catch {
    return null; // text that only looks like a list
  }
}

function assertSpans(source: DataSource, args: OtelArgs): void {
  const starts = [args.span_timestamp_field, "start_time_unix_nano", "startTimeUnixNano"];
  const missing = [
    ...(starts.some((name) => source.columns.includes(name)) ? [] : [args.span_timestamp_field]),
    ...(source.columns.includes("attributes") ? [] : ["attributes"]),
  ];
  if (missing.length === 0) return;
  throw new DataError(`The trace in ${source.name} has no ${missing.join(", ")}, and no list ${args.spans_column}.`, {
    code: "CORE_DATA_NO_COLUMNS",
    hint: `It has ${source.columns.join(", ")}; name them with span_timestamp_field or spans_column.`,
  });
}
