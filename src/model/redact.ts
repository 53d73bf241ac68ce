/** What stands where a secret was. */
const MARK = "[redacted]";

/** Keys as providers write them, also half masked (`sk-ab***yz`) in their own messages, and bearer tokens. */
const LIKE_A_KEY =
  /\b(?:sk|pk|rk|gsk|xai|fw|hf|tgp|AIza)[-_][\w*.…-]{6,}|\bAIza[\w-]{20,}|\b[Bb]earer\s+[\w.~+/=*-]{8,}/g;

/** Shorter values are not keys; taking them out would only tear words apart. */
const SHORTEST_SECRET = 6;

/** A text without the secrets, and without anything that looks like a provider's key. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) continue;
    clean = clean.replaceAll(secret, MARK).replaceAll(encodeURIComponent(secret), MARK);
  }
  return clean.replace(LIKE_A_KEY, MARK);
}
