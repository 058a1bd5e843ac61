import { expect, test } from "@jest/globals";
import { answer, startRealtimeServer } from "./support/realtime-server.js";
import { sendRequest, startBackend } from "./support/send-request.js";

test("every message sent is stamped: session, pieces of audio and both commits", async () => {
  const server = await startRealtimeServer({ event: answer({ type: "transcription.done", text: "hello" }) });
  const backend = await startBackend(server.url, { chunk_samples: 1600 });
  const { timings } = await sendRequest(backend); // 8000 samples
  await backend.shutdown();
  await server.close();
  expect(timings.messagesSent).toBe(8);
  expect(timings.messagesSent).toBe(server.events.length);
  const { sendNs, meanMessageSentNs, lastMessageSentNs, firstByteNs } = timings;
  const ascending = [sendNs, meanMessageSentNs, lastMessageSentNs, firstByteNs];
  expect(ascending.toSorted((left, right) => left - right)).toEqual(ascending);
});
