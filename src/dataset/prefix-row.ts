import { OPENING } from "../react.ts";

function hasOnly(value: unknown, ...keys: readonly string[]): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const found = Object.keys(value);
  return found.length === keys.length && keys.every((key) => found.includes(key));
}

/**
 * Whether a row is one of the format `prefix`: a conversation of this project without an id and without any mask. Only
 * its last turn may be trained, and nothing in it says so. All other formats that can be read carry a mask.
 */
export function isPrefixRow(value: unknown): boolean {
  if (!hasOnly(value, "messages") || !Array.isArray(value.messages)) return false;
  const messages: readonly unknown[] = value.messages;
  const [first] = messages;
  return (
    messages.every((message) => hasOnly(message, "role", "content")) &&
    hasOnly(first, "role", "content") &&
    typeof first.content === "string" &&
    first.content.startsWith(OPENING)
  );
}
