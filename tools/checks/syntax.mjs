// Reading source files through swc's parser, so that comments and strings are never mistaken for code.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "@swc/core";

/** @typedef {{ specifier: string, line: number, sideEffectOnly: boolean }} Import */

/**
 * Parses one file.
 * @param {string} root
 * @param {string} path - Relative to the root.
 * @returns {{ body: any[], lineOf: (node: any) => number }}
 */
export function parseSource(root, path) {
  const bytes = readFileSync(join(root, path));
  const syntax = /ts$|tsx$/.test(path)
    ? { syntax: "typescript", decorators: true, tsx: path.endsWith("x") }
    : { syntax: "ecmascript" };
  const { body } = parseSync(bytes.toString("utf8"), /** @type {any} */ ({ ...syntax, target: "es2024" }));
  // spans are byte offsets that start at 1
  const lineOf = (node) =>
    bytes
      .subarray(0, node.span.start - 1)
      .toString("latin1")
      .split("\n").length;
  return { body, lineOf };
}

/**
 * Calls `visit` for every node of a syntax tree, parents first.
 * @param {any} node
 * @param {(node: any) => void} visit
 */
export function walk(node, visit) {
  if (Array.isArray(node)) for (const item of node) walk(item, visit);
  if (typeof node !== "object" || node === null || Array.isArray(node)) return;
  if (typeof node.type === "string") visit(node);
  for (const value of Object.values(node)) if (typeof value === "object") walk(value, visit);
}

/**
 * Modules that a file names: static and dynamic imports, re-exports, import types, module augmentations,
 * `import.meta.resolve`. A dynamic import of a computed name is no import of a known module and is left out.
 * @param {string} root
 * @param {string} path
 * @returns {Import[]}
 */
export function importsOf(root, path) {
  const { body, lineOf } = parseSource(root, path);
  const imports = [];
  walk(body, (node) => {
    const source = sourceOf(node);
    if (source?.type !== "StringLiteral") return;
    const sideEffectOnly = node.type === "ImportDeclaration" && node.specifiers.length === 0;
    imports.push({ specifier: source.value, line: lineOf(node), sideEffectOnly });
  });
  return imports;
}

function sourceOf(node) {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
      return node.source;
    case "TsImportType":
      return node.argument;
    case "TsExternalModuleReference":
      return node.expression;
    case "TsModuleDeclaration":
      return node.id;
    case "CallExpression":
      return isImportCall(node.callee) ? node.arguments[0]?.expression : undefined;
    default:
      return undefined;
  }
}

function isImportCall(callee) {
  if (callee.type === "Import") return true;
  return (
    callee.type === "MemberExpression" && callee.object.type === "MetaProperty" && callee.property.value === "resolve"
  );
}
