/** Names of fields that hold a secret, in lower case and without `_` and `-`; not such as `prompt_cache_key`. */
const SECRET_NAME =
  /^(?:key|token|auth)$|(?:api|access|private)key|(?:api|access|auth|refresh|session|hf)token|secret|password|credential|authorization|cookie/;

/**
 * The name of the first text in a JSON value, at any depth, that looks like a secret by the name of its field;
 * undefined when there is none.
 *
 * @param name the name of the field in which the value stands
 */
export function secretField(value: unknown, name = ""): string | undefined {
  if (typeof value === "string") {
    return SECRET_NAME.test(name.toLowerCase().replace(/[_-]/g, "")) ? name : undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = secretField(inner, Array.isArray(value) ? name : key);
    if (found !== undefined) return found;
  }
  return undefined;
}
