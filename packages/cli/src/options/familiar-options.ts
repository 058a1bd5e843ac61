const SERVER = "--backend kind=openai_http,target=URL";
const MODEL = "--backend kind=openai_http,target=URL,model=NAME";
const KEY = "--backend kind=openai_http,target=URL and the variable GOODPUT__SPEC__BACKEND__API_KEY";
const RATE = "--profile kind=constant,rate=N";
const STREAMS = "--profile kind=concurrent,streams=N";
const SECONDS = "--constraint kind=max_duration,seconds=N";
const REQUESTS = "--constraint kind=max_requests,count=N";
const TOKENIZER = "--tokenizer kind=huggingface_auto,...";
const TOKENS = "--data kind=synthetic_text,prompt_tokens=N,output_tokens=M";

/** Options that other benchmarks of servers have, and what to write here instead. */
export const FAMILIAR_OPTIONS: ReadonlyMap<string, string> = new Map([
  ["--target", SERVER],
  ["--url", SERVER],
  ["--base-url", SERVER],
  ["--endpoint", `${SERVER},request_format=/v1/chat/completions`],
  ["--model", MODEL],
  ["--api-key", KEY],
  ["--rate-type", "--profile kind=..."],
  ["--rate", RATE],
  ["--request-rate", RATE],
  ["--burstiness", "--profile kind=gamma,rate=N,burstiness=B"],
  ["--concurrency", STREAMS],
  ["--max-concurrency", STREAMS],
  ["--max-seconds", SECONDS],
  ["--max-duration", SECONDS],
  ["--duration", SECONDS],
  ["--max-requests", REQUESTS],
  ["--request-count", REQUESTS],
  ["--num-prompts", REQUESTS],
  ["--max-errors", "--constraint kind=max_errors,count=N"],
  ["--processor", TOKENIZER],
  ["--random-input-len", TOKENS],
  ["--random-output-len", TOKENS],
  ["--synthetic-input-tokens-mean", TOKENS],
  ["--output-tokens-mean", TOKENS],
  ["--output-path", "--output-dir FOLDER"],
  ["--goodput", "--objective 'ttft.p99<=200ms'"],
  ["--slo", "--objective 'ttft.p99<=200ms'"],
]);

/** What stands here for an option of another benchmark; null when nothing is known. */
export function insteadOf(name: string): string | null {
  return FAMILIAR_OPTIONS.get(name) ?? null;
}
