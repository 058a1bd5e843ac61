// Run by two-copies.test.ts: one process, a host and a plugin that each bring their own core, tsyringe and valibot.
const [hostUrl, pluginUrl, pluginValibotUrl] = process.argv.slice(2);
const host = await import(hostUrl);
const plugin = await import(pluginUrl);
const v = await import(pluginValibotUrl);

class CopiedBackend extends plugin.Backend {
  constructor(args, clock) {
    super(args);
    this.clock = clock;
  }
}

plugin.registerBackend({
  contract: 1,
  kind: "copied",
  packageName: "a-plugin",
  packageVersion: "1.0.0",
  summary: "A backend of the other copy.",
  argsSchema: v.strictObject({ kind: v.literal("copied"), api_key: plugin.secretField("The key.") }),
  create: (args, scope) => new CopiedBackend(args, scope.resolve(plugin.CLOCK)),
});

class Service {
  constructor(clock) {
    this.clock = clock;
  }
}
plugin.inject(plugin.CLOCK)(Service, undefined, 0);
plugin.injectable()(Service);

const scope = host.createScope();
scope.register(host.CLOCK, { useValue: { nowNs: () => 42 } });
const backend = host.createBackend({ kind: "copied", api_key: "s3cret" }, scope);

console.log(
  JSON.stringify({
    copiesDiffer: host.Backend !== plugin.Backend && host.Secret !== plugin.Secret,
    kinds: host.backends.list().map((definition) => definition.kind),
    isBackend: backend instanceof host.Backend,
    isOfTheOtherClass: !Object.prototype.isPrototypeOf.call(host.Backend.prototype, backend),
    clock: backend.clock.nowNs(),
    injectedClock: scope.resolve(Service).clock.nowNs(),
    isSecret: host.Secret.isInstance(backend.args.api_key),
    revealed: host.revealArgs(backend.args).api_key,
    isError: host.BackendError.isInstance(new plugin.BackendError("x", { code: "X" })),
  }),
);
