/** Environment variables by name. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Tells whether HTTP_PROXY or HTTPS_PROXY applies to a URL: the variable of its scheme is set (lower case counts too),
 * the host is not this machine, and NO_PROXY does not name it.
 */
export function usesProxy(url: URL, environment: Environment): boolean {
  const name = url.protocol === "https:" ? "https_proxy" : "http_proxy";
  if (!read(environment, name)) return false;
  const host = url.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (host === "localhost" || host === "::1" || /^127\./.test(host)) return false;
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  const exceptions = (read(environment, "no_proxy") ?? "")
    .toLowerCase()
    .split(/[,\s]+/)
    .filter((entry) => entry !== "");
  return !exceptions.some((entry) => matches(entry, host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  const [, name = entry, entryPort] = /^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(entry) ?? [];
  if (entryPort !== undefined && entryPort !== port && name !== "") return false;
  const suffix = name.replace(/^\*?\./, "");
  return host === suffix || host.endsWith(`.${suffix}`);
}

function read(environment: Environment, name: string): string | undefined {
  return environment[name] || environment[name.toUpperCase()];
}
