import type { RunConfig } from "@core/benchmark";
import { isMapping } from "@core/registry";
import type { CommandContext } from "../command.js";
import { pluginsForKind } from "../plugins/builtin-plugin.js";
import { type LoadedPlugins, loadPlugins } from "../plugins/load-plugins.js";
import { type ConfigSource, DEFAULTS_ORIGIN, readSource } from "./config-source.js";
import { readEnvironmentSources } from "./environment.js";
import { loadConfigFile } from "./load-config-file.js";
import { mergeSources } from "./merge-sources.js";
import { resolveConfig } from "./resolve-config.js";

/** A resolved configuration and the modules it needs. */
export interface GatheredConfig {
  readonly config: RunConfig;
  /** File URLs of the modules that register kinds, for worker threads. */
  readonly pluginUrls: readonly string[];
  /** File URL of the module that registers the backend, when the distribution brings it. */
  readonly backendUrls: readonly string[];
  /** Plugins that registered nothing. */
  readonly silentPlugins: readonly string[];
}

/**
 * Collects the configuration of a run: defaults < file < environment < options. Plugins are loaded on the way, and of the
 * built-in backends the one that is used.
 *
 * @throws {CliError} Whatever is wrong with it.
 */
export async function gatherConfig(
  file: string | null,
  optionSources: readonly ConfigSource[],
  context: CommandContext,
): Promise<GatheredConfig> {
  const { workingDirectory, environment, distribution } = context;
  const given = [
    ...(file === null ? [] : [loadConfigFile(file, workingDirectory)]),
    ...readEnvironmentSources(environment, workingDirectory),
    ...optionSources,
  ];
  const sources = given.some(namesBackend) ? given : [...defaultBackend(context), ...given];
  const requests = sources.flatMap(({ plugins, directory }) => plugins.map((specifier) => ({ specifier, directory })));
  const loaded = await loadPlugins(requests, workingDirectory);
  const merged = mergeSources(sources);
  const { backend } = merged.spec;
  const builtin = isMapping(backend) ? await loadBuiltin(backend["kind"], loaded, distribution.plugins) : [];
  const plugins = [...new Set(requests.map(({ specifier }) => specifier))];
  return {
    config: resolveConfig(merged, plugins),
    pluginUrls: loaded.urls,
    backendUrls: builtin,
    silentPlugins: loaded.silent,
  };
}

/** A default beside a kind that was given would be an earlier kind, whose fields (a key, say) are dropped. */
function namesBackend({ spec: { backend } }: ConfigSource): boolean {
  return isMapping(backend) && backend["kind"] !== undefined;
}

function defaultBackend({ workingDirectory, distribution }: CommandContext): readonly ConfigSource[] {
  if (distribution.defaultBackend === null) return [];
  return [readSource({ spec: { backend: { kind: distribution.defaultBackend } } }, DEFAULTS_ORIGIN, workingDirectory)];
}

async function loadBuiltin(
  kind: unknown,
  loaded: LoadedPlugins,
  builtin: Parameters<typeof pluginsForKind>[1],
): Promise<readonly string[]> {
  const { backends } = await import("@core/backend");
  if (typeof kind === "string" && backends.find(kind) !== undefined && loaded.urls.length > 0) return [];
  const needed = pluginsForKind(kind, builtin).map(({ url }) => url);
  for (const url of needed) await import(url);
  return needed;
}
