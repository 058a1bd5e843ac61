import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseArgsText, parsePairs } from "./parse-args-text.js";

describe("parseArgsText", () => {
  test.each([
    ["prompt_tokens=10,output_tokens=30", { prompt_tokens: 10, output_tokens: 30 }],
    [" key1 = value1 , key2 = value2 ", { key1: "value1", key2: "value2" }],
    ["a=True,b=FALSE,c=true", { a: true, b: false, c: true }],
    ["equation=a=b+c", { equation: "a=b+c" }],
    ["key=", { key: null }],
    ["fruit[0]=apple,fruit[3]=orange", { fruit: ["apple", null, null, "orange"] }],
    [
      "config.server[0].host=h,config.server[0].port=80,config.server[1].host=r",
      { config: { server: [{ host: "h", port: 80 }, { host: "r" }] } },
    ],
    ["items[2].field=v", { items: [null, null, { field: "v" }] }],
    ["{kind: sweep, sweep_size: 3}", { kind: "sweep", sweep_size: 3 }],
    ['{"kind":"concurrent","streams":[16,32]}', { kind: "concurrent", streams: [16, 32] }],
    [
      "kind=huggingface,source=org/ds,load_kwargs.split=train",
      { kind: "huggingface", source: "org/ds", load_kwargs: { split: "train" } },
    ],
    ['kind=pad,prompt_tokens=5,output_tokens=2,pad=" "', { kind: "pad", prompt_tokens: 5, output_tokens: 2, pad: " " }],
    ["kind=concurrent,streams=[10,20]", { kind: "concurrent", streams: [10, 20] }],
    ['a="b,c",d=1', { a: "b,c", d: 1 }],
    ["a='it''s, so',b=2", { a: "it's, so", b: 2 }],
    ["kind=x,a={b: 1}", { kind: "x", a: { b: 1 } }],
    ["a=c #d", { a: "c #d" }],
    ["target=http://[::1]:8000/v1?x=1&y=2", { target: "http://[::1]:8000/v1?x=1&y=2" }],
    ["a=010,b=10:30,c=0x1F,d=1e3,e=yes,f=~", { a: 10, b: "10:30", c: 31, d: 1000, e: "yes", f: null }],
    ["a[1]=x,a[0].b=1", { a: [{ b: 1 }, "x"] }],
    ["kind: sweep\nsweep_size: 3", { kind: "sweep", sweep_size: 3 }],
  ])("%s", (text, value) => {
    expect(parseArgsText(text)).toEqual({ value });
  });

  test.each([
    ["", "is empty"],
    ["sweep", "write kind=sweep"],
    ["kind=x,", "key=value is missing after the comma (at character 8)"],
    ["kind=x,kind=y", "the key kind is given twice (at character 8)"],
    ["items[0]=null,items[0]=x", "the key items[0] is given twice"],
    ["a=1,a.b=2", "the key a is used both as a mapping and otherwise"],
    ["kind=concurrent,streams=10,20", '"20" is not key=value'],
    ["a=[1,2", "[ is not closed (at character 3)"],
    ['a="x', '" is not closed'],
    ['a="x"y', "a comma is missing"],
    ["=1", 'a key is missing before "="'],
    ["a..b=1", "the key has an empty part"],
    ["a[99999]=1", "the index 99999 is above 9999"],
    ["__proto__.x=1", "the key __proto__ is not allowed"],
    ["{kind: sweep", "flow"],
  ])("%s is refused", (text, problem) => {
    const reading = parseArgsText(text);
    expect("problem" in reading ? reading.problem.toLowerCase() : "accepted").toContain(problem.toLowerCase());
  });

  test("any text in JSON quotes comes back", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), (text, number) => {
        expect(parsePairs(`a=${JSON.stringify(text)},n=${number}`)).toEqual({ value: { a: text, n: number } });
      }),
    );
  });
});
