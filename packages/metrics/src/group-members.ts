import { GROUPS, type RequestColumns } from "./request-columns.js";

/** Some requests (positions in the columns) by group, in the order of `GROUPS`. */
export type MembersByGroup = readonly [successful: Uint32Array, errored: Uint32Array, incomplete: Uint32Array];

/** Perf: every metric asks for the groups of the same few lists. */
const known = new WeakMap<Uint32Array, { readonly group: Uint8Array; readonly parts: MembersByGroup }>();

/** Splits a list of requests by group; each part keeps the order. A list of one group is its own part. */
export function membersByGroup({ group }: Pick<RequestColumns, "group">, members: Uint32Array): MembersByGroup {
  const found = known.get(members);
  if (found !== undefined && found.group === group) return found.parts;
  const parts: MembersByGroup = [
    membersOf(group, members, GROUPS.indexOf("successful")),
    membersOf(group, members, GROUPS.indexOf("errored")),
    membersOf(group, members, GROUPS.indexOf("incomplete")),
  ];
  known.set(members, { group, parts });
  return parts;
}

function membersOf(group: Uint8Array, members: Uint32Array, wanted: number): Uint32Array {
  const kept = new Uint32Array(members.length);
  let count = 0;
  for (let place = 0; place < members.length; place += 1) {
    const at = members[place] ?? 0;
    if (group[at] === wanted) kept[count++] = at;
  }
  return count === members.length ? members : kept.slice(0, count);
}

/** Members that a test accepts; the list itself when it accepts all. */
export function keepMembers(members: Uint32Array, accepts: (at: number) => boolean): Uint32Array {
  const kept = new Uint32Array(members.length);
  let count = 0;
  for (let place = 0; place < members.length; place += 1) {
    const at = members[place] ?? 0;
    if (accepts(at)) kept[count++] = at;
  }
  return count === members.length ? members : kept.slice(0, count);
}

/** Members for which a column has a value; the list itself when it has one for all. */
export function membersWithValue(column: Float64Array, members: Uint32Array): Uint32Array {
  const kept = new Uint32Array(members.length);
  let count = 0;
  for (let place = 0; place < members.length; place += 1) {
    const at = members[place] ?? 0;
    if (!Number.isNaN(column[at] ?? Number.NaN)) kept[count++] = at;
  }
  return count === members.length ? members : kept.slice(0, count);
}

/** The members, then all of them again `count` further: for columns of which a second half was made. */
export function andCopies(members: Uint32Array, count: number): Uint32Array {
  const both = new Uint32Array(members.length * 2);
  both.set(members);
  for (let place = 0; place < members.length; place += 1) both[members.length + place] = (members[place] ?? 0) + count;
  return both;
}
