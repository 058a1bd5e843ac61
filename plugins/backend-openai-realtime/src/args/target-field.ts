import { defineField, type Field, type Reading } from "@core/backend";

const SCHEMES = new Set(["http:", "https:", "ws:", "wss:"]);

/** Base URL of the server; without a scheme it is taken for http. Trailing slashes, then one `/v1`, are removed. */
export function targetField(description: string): Field<string> {
  return defineField<string>(description, { typeText: "URL", jsonSchema: { type: "string" } }, readTarget);
}

function readTarget(input: unknown): Reading<string> {
  if (typeof input !== "string" || input.trim() === "") {
    return { problem: "must be a URL such as http://localhost:8000 or ws://localhost:8000" };
  }
  const given = input.trim();
  const isSecret = given.includes("@"); // may hold a password
  const target = given.includes("://") ? given : `http://${given}`;
  if (!/^\w+:\/\/[^/]/.test(target) || !URL.canParse(target)) return { problem: "must be a URL with a host", isSecret };
  const url = new URL(target);
  if (!SCHEMES.has(url.protocol)) return { problem: "must begin with http://, https://, ws:// or wss://", isSecret };
  if (url.username !== "" || url.password !== "") {
    return { problem: "must not hold a user name or password: use api_key", isSecret: true };
  }
  if (url.search !== "" || url.hash !== "") return { problem: "must not hold a query or fragment", isSecret: true };
  return { value: target.replace(/\/+$/, "").replace(/\/v1$/, "") };
}
