/** Durations in words. */

const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, "day"],
  [3600, "hour"],
  [60, "minute"],
  [1, "second"],
];

/** Returns a number of seconds in words, the last part rounded up: `"59 minutes"`. */
export function duration(seconds: number): string {
  const first = UNITS.findIndex(([size]) => seconds >= size * 2 || size === 1);
  const [size, name] = UNITS[first];
  const count = Math.ceil(seconds / size);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
