/** What stands in an address behind the `?`; what is undefined or empty is left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/**
 * The address of a page: `link(["run", "demo"], { page: 2 })` is `/run/demo?page=2`. Every link of every page is made
 * here, so that pages can be put elsewhere by changing what begins with a slash.
 */
export function link(place: readonly string[], query: Query = {}): string {
  const path = `/${place.map(encodeURIComponent).join("/")}`;
  const given = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") given.set(key, String(value));
  }
  return given.size === 0 ? path : `${path}?${given}`;
}
