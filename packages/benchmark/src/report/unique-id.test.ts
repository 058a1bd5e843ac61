import { describe, expect, it } from "@jest/globals";
import { uniqueId } from "./unique-id.js";

describe("uniqueId", () => {
  it("makes UUIDs of version 4 of which no two are the same", () => {
    const ids = Array.from({ length: 1000 }, uniqueId);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
