/** The values of which some may be left out; a flag that was not given is undefined. */
export type Given<Values> = { readonly [Key in keyof Values]?: Values[Key] | undefined };

/** `below` with what is given in `above` over it. */
export function overlay<Values extends object>(below: Values, above: Given<Values>): Values {
  const result = { ...below };
  for (const key in above) {
    const value = above[key];
    if (value !== undefined) result[key] = value;
  }
  return result;
}
