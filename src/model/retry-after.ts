/** Response headers as Node gives them: lower-case names. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The longest wait that is believed: one day, in milliseconds. A longer one is a fault of the header. */
const LONGEST_WAIT = 24 * 60 * 60 * 1000;

function first(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  const one = typeof value === "string" ? value : value?.[0];
  return one?.trim();
}

function milliseconds(text: string | undefined, unit: number): number | undefined {
  return text !== undefined && /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * unit : undefined;
}

/**
 * How long a provider asks to wait, in milliseconds: `retry-after-ms`, else `retry-after` in seconds or as an
 * HTTP date. Undefined when it does not say, or says nothing that makes sense.
 */
export function readRetryAfter(headers: ResponseHeaders, now: number): number | undefined {
  const asked =
    milliseconds(first(headers, "retry-after-ms"), 1) ?? milliseconds(first(headers, "retry-after"), 1000);
  if (asked !== undefined) return Math.min(asked, LONGEST_WAIT);
  const date = Date.parse(first(headers, "retry-after") ?? "");
  return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - now), LONGEST_WAIT);
}
