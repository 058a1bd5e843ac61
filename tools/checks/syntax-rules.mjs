// What the code of a source or test file never does.
import { violation } from "./report.mjs";
import { parseSource, walk } from "./syntax.mjs";

const TEST_FUNCTIONS = new Set(["test", "it", "describe"]);
const TIMER_MODULES = new Set(["node:timers/promises", "timers/promises"]);

/**
 * Rules that one file violates.
 * @param {string} root
 * @param {string} path - Relative to the root.
 * @param {{ isTest: boolean, isSource: boolean }} kind - `isSource`: below the src folder of its package.
 * @returns {string[]}
 */
export function syntaxViolations(root, path, { isTest, isSource }) {
  const { body, lineOf } = parseSource(root, path);
  const found = [];
  walk(body, (node) => {
    const [rule, message] = (isSource && exportProblem(node)) || (isTest && testProblem(node)) || [];
    if (rule !== undefined) found.push(violation(path, lineOf(node), rule, message));
  });
  return found;
}

function exportProblem(node) {
  if (node.type === "ExportAllDeclaration") return ["export-all", "list the names instead of export *"];
  const isDefault =
    node.type === "ExportDefaultDeclaration" ||
    node.type === "ExportDefaultExpression" ||
    (node.type === "ExportSpecifier" && (node.exported ?? node.orig).value === "default");
  return isDefault ? ["default-export", "export a name instead"] : undefined;
}

function testProblem(node) {
  if (isOnly(node)) return ["only", "the other tests of this file would not run"];
  if (isSleep(node)) return ["sleep", "a test waits for an event or moves a clock, it does not sleep"];
  return undefined;
}

/** `test.only`, `describe.only.each`, `test.concurrent.only`, also when called later. */
function isOnly(node) {
  if (node.type !== "MemberExpression" || node.property.value !== "only") return false;
  let object = node.object;
  while (object.type === "MemberExpression") object = object.object;
  return object.type === "Identifier" && TEST_FUNCTIONS.has(object.value);
}

/** `await sleep(…)`, a promise that only a timer resolves, the timers of node:timers/promises. */
function isSleep(node) {
  switch (node.type) {
    case "AwaitExpression":
      return node.argument.type === "CallExpression" && node.argument.callee.value === "sleep";
    case "ImportDeclaration":
      return (
        TIMER_MODULES.has(node.source.value) && node.specifiers.some((name) => importedName(name) === "setTimeout")
      );
    case "NewExpression":
      return node.callee.value === "Promise" && isTimerExecutor(node.arguments?.[0]?.expression);
    default:
      return false;
  }
}

function importedName(specifier) {
  return (specifier.imported ?? specifier.local).value;
}

function isTimerExecutor(executor) {
  if (executor?.type !== "ArrowFunctionExpression" && executor?.type !== "FunctionExpression") return false;
  const [first] = executor.params;
  const resolve = (first?.pat ?? first)?.value;
  const statements = executor.body.stmts ?? [executor.body];
  if (resolve === undefined || statements.length !== 1) return false;
  const [statement] = statements;
  const call = statement.type === "ExpressionStatement" ? statement.expression : statement;
  if (call.type !== "CallExpression" || call.callee.value !== "setTimeout") return false;
  return callsOnly(call.arguments[0]?.expression, resolve);
}

/** Whether a timer's callback is the resolve function, or an arrow function that calls nothing else. */
function callsOnly(callback, resolve) {
  if (callback?.type === "Identifier") return callback.value === resolve;
  return callback?.type === "ArrowFunctionExpression" && callback.body.callee?.value === resolve;
}
