/** All positions, ascending: 0 to `count - 1`. */
export function positions(count: number): Uint32Array {
  const all = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) all[at] = at;
  return all;
}

/** Values of a column for some requests. */
export function pick(column: Float64Array, members: Uint32Array): Float64Array {
  const picked = new Float64Array(members.length);
  for (let place = 0; place < members.length; place += 1) {
    picked[place] = column[members[place] ?? 0] ?? Number.NaN;
  }
  return picked;
}
