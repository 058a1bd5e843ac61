/** Long enough for a machine that is busy with other tests. */
const DEADLINE_MS = 20_000;
const POLL_MS = 1;

/** The promise, or an error that names what did not happen in time. */
export async function beforeDeadline<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${DEADLINE_MS} ms`)), DEADLINE_MS);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until a condition holds, or fails after the same time. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const startMs = performance.now();
  while (!condition()) {
    if (performance.now() - startMs > DEADLINE_MS) throw new Error(`${what}: not within ${DEADLINE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
