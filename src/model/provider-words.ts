import { type Fields, isFields } from "./wire-fields.ts";

/** What a provider said about a failure: its words and the codes it gave, all that could be found. */
export interface ProviderWords {
  readonly message: string;
  /** `code`, `type` and `status` of the error object, lower-case, the most particular first. */
  readonly codes: readonly string[];
  /** A status code inside the error object; proxies send it in answers of status 200. */
  readonly status: number | undefined;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A web page's title, else its text without the tags. No tag reaches over the next `<`, so that the time is linear. */
function plainWords(body: string): string {
  if (!/^\s*</.test(body)) return body;
  const title = /<title[^<>]*>([^<]*)<\/title>/i.exec(body)?.[1];
  return title ?? body.replace(/<[^<>]*>/g, " ");
}

/** The object that describes the error, wherever the provider puts it. */
function errorFields(value: unknown): Fields | undefined {
  if (Array.isArray(value)) return errorFields(value[0]);
  if (!isFields(value)) return undefined;
  if (typeof value.error === "string") return { ...value, message: value.error };
  if (isFields(value.error)) return value.error;
  if (Array.isArray(value.errors)) return errorFields(value.errors[0]) ?? value;
  return value;
}

function messageOf(fields: Fields): string | undefined {
  for (const value of [fields.message, fields.detail, fields.msg]) {
    if (typeof value === "string" && value !== "") return value;
    if (value !== undefined && value !== null) return JSON.stringify(value);
  }
  return undefined;
}

function statusOf(value: unknown): number | undefined {
  const status = typeof value === "string" && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === "number" && status >= 400 && status <= 599 ? status : undefined;
}

/**
 * Reads the body of a failed answer: OpenAI's, Anthropic's, Gemini's (a list), FastAPI's (`detail`) and the
 * plain texts and pages of proxies.
 */
export function readProviderWords(body: string): ProviderWords {
  const fields = errorFields(parse(body));
  if (fields === undefined) return { message: plainWords(body), codes: [], status: undefined };
  const codes = [fields.code, fields.type, fields.status]
    .filter((code) => typeof code === "string")
    .map((code) => code.toLowerCase());
  return {
    message: messageOf(fields) ?? body,
    codes,
    status: statusOf(fields.code) ?? statusOf(fields.status),
  };
}
