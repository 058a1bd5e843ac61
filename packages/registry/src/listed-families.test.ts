import { expect, test } from "@jest/globals";
import { KindRegistry } from "./kind-registry.js";
import { listedFamilies, listFamily } from "./listed-families.js";

test("a family is listed once, with the words of the first", () => {
  const family = { name: "color", label: "color", option: "--paint color" };
  const first = new KindRegistry<string>(family);
  listFamily(first, "Colors of the paint.");
  listFamily(new KindRegistry<string>(family), "Again.");
  listFamily(new KindRegistry<string>({ ...family, name: "brush" }), "Brushes.");
  expect(listedFamilies().map(({ registry, description }) => [registry.family.name, description])).toEqual([
    ["color", "Colors of the paint."],
    ["brush", "Brushes."],
  ]);
});
