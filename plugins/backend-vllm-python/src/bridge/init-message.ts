import type { EngineSettings } from "./engine-settings.js";

/** Version of the protocol, major and minor. */
const PROTOCOL = [1, 0] as const;

/** What the engine's process is told before it loads anything. @param session - Epoch, difference of the clocks, folder. */
export function initMessage(
  settings: EngineSettings,
  session: { readonly epochNs: bigint; readonly offsetNs: number; readonly folder: string },
) {
  const { templateSetting, batch } = settings;
  return {
    proto: PROTOCOL,
    session: `gp-${process.pid}-${session.epochNs}`,
    epoch_ns: Number(session.epochNs) + session.offsetNs,
    folder: session.folder,
    engine_args: settings.engineArgs,
    template: templateSetting.template,
    chat_template: templateSetting.chatTemplate,
    image_placeholder: settings.imagePlaceholder,
    audio_placeholder: settings.audioPlaceholder,
    sampling_defaults: settings.samplingDefaults,
    cpu_affinity: settings.cpuAffinity,
    batch: batch === null ? null : { size: batch.size, timeout_ms: batch.timeoutMs },
  };
}
