/** Environment of the engine's process: it must not phone home, listen beyond this machine, or colour its log. */
export function childEnvironment(given: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return {
    VLLM_NO_USAGE_STATS: "1",
    VLLM_HOST_IP: "127.0.0.1",
    ...process.env,
    PYTHONUNBUFFERED: "1",
    VLLM_LOGGING_STREAM: "ext://sys.stderr",
    NO_COLOR: "1",
    ...given,
  };
}
