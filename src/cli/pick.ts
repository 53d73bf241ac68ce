/** The keys of `values` that are set, of those that are listed. */
export function pick<Values extends object, Key extends keyof Values>(
  values: Values,
  keys: readonly Key[],
): Partial<Pick<Values, Key>> {
  const picked: Partial<Pick<Values, Key>> = {};
  for (const key of keys) if (values[key] !== undefined) picked[key] = values[key];
  return picked;
}
