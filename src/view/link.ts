/**
 * What stands in an address behind the `?`; what is undefined or empty is left out, a list stands there item by item.
 */
export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** What is numbered from 1 and has its first in the address that names none. */
const PAGED = ["page", "part", "turns"];

/**
 * The address of a page: `link(["run", "demo"], { page: 2 })` is `/run/demo?page=2`. Every link of every page is made
 * here, so that pages can be put elsewhere by changing what begins with a slash.
 */
export function link(place: readonly string[], query: Query = {}): string {
  const path = `/${place.map(encodeURIComponent).join("/")}`;
  const given = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === 1 && PAGED.includes(key)) continue;
    for (const each of typeof value === "object" ? value : [value])
      if (each !== undefined && each !== "") given.append(key, String(each));
  }
  return given.size === 0 ? path : `${path}?${given}`;
}
