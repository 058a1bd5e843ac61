import { defineField, type Field, type Reading } from "@core/backend";

/** Base URL of the server; trailing slashes, then one `/v1`, are removed. */
export function targetField(description: string): Field<string> {
  const metadata = { typeText: "URL", jsonSchema: { type: "string", format: "uri", pattern: "^https?://" } };
  return defineField<string>(description, metadata, readTarget);
}

/** Takes `http://h:8000/`, `http://h:8000/v1` and `http://h:8000/v1/` all to `http://h:8000`. */
export function normalizeTarget(target: string): string {
  return target.trim().replace(/\/+$/, "").replace(/\/v1$/, "");
}

function readTarget(input: unknown): Reading<string> {
  if (typeof input !== "string" || input.trim() === "")
    return { problem: "must be a URL such as http://localhost:8000" };
  const target = input.trim();
  const isSecret = target.includes("@"); // may hold a password
  if (!/^https?:\/\//i.test(target)) {
    const repaired = `http://${target.replace(/^\/+/, "")}`;
    const hint = target.includes("://") || isSecret || !URL.canParse(repaired) ? "" : ` (did you mean "${repaired}"?)`;
    return { problem: `must begin with http:// or https://${hint}`, isSecret };
  }
  if (!URL.canParse(target)) return { problem: "must be a valid URL", isSecret };
  const url = new URL(target);
  if (url.username !== "" || url.password !== "") {
    return { problem: "must not hold a user name or password: use api_key or extras.headers", isSecret: true };
  }
  if (url.search !== "" || url.hash !== "") {
    return { problem: "must not hold a query or fragment: use extras.params", isSecret: true };
  }
  return { value: normalizeTarget(target) };
}
