const ROUNDS = 10;
const MULTIPLIER = 0xd256d193;
const KEY_STEP = 0x9e3779b9;

/** Two 32-bit words of the generator. */
export type PhiloxWords = readonly [low: number, high: number];

/**
 * Philox2x32-10, a counter-based random generator (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1,
 * 2, 3", 2011): the n-th number is computed from n alone, so every worker sees the same sequence.
 *
 * @param counter - Two unsigned 32-bit words.
 * @param key - Unsigned 32-bit word.
 */
export function philox2x32(counter: PhiloxWords, key: number): PhiloxWords {
  let [low, high] = counter;
  let roundKey = key >>> 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const productHigh = multiplyHigh(MULTIPLIER, low);
    const productLow = Math.imul(MULTIPLIER, low) >>> 0;
    low = (productHigh ^ roundKey ^ high) >>> 0;
    high = productLow;
    roundKey = (roundKey + KEY_STEP) >>> 0;
  }
  return [low, high];
}

/**
 * Uniform number in the open interval (0, 1), with 52 random bits.
 *
 * @param seed - Whole number; all bits of its safe range count.
 * @param index - Position in the sequence, from 0; below 2^32.
 * @param draw - Which of several numbers of one position.
 */
export function uniformAt(seed: number, index: number, draw = 0): number {
  const seedHigh = Math.floor(seed / 2 ** 32) + Math.imul(draw, KEY_STEP);
  const [low, high] = philox2x32([index >>> 0, seedHigh >>> 0], seed >>> 0);
  return ((high >>> 6) * 2 ** 26 + (low >>> 6) + 0.5) / 2 ** 52;
}

/** Upper 32 bits of the product of two unsigned 32-bit words. */
function multiplyHigh(left: number, right: number): number {
  const leftLow = left & 0xffff;
  const leftHigh = left >>> 16;
  const rightLow = right & 0xffff;
  const rightHigh = right >>> 16;
  const lowLow = leftLow * rightLow;
  const middle = leftHigh * rightLow + (lowLow >>> 16);
  const carry = leftLow * rightHigh + (middle % 0x10000);
  return (leftHigh * rightHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}
