export { ReportSchema } from "./report-schema/report.js";
export { reportJsonSchema } from "./report-schema/report-json-schema.js";
