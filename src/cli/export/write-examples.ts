import type { TextTarget, TokenizedTarget } from "./target.ts";
import { writeText } from "./write-text.ts";
import type { WriteOptions, Written } from "./written.ts";

/** Writes examples to a target and a README beside them. Everything appears under its name when it is complete. */
export async function writeExamples(
  target: TextTarget | TokenizedTarget,
  options: WriteOptions,
): Promise<Written> {
  if (target.kind === "text") return writeText(target, options);
  // What tokenises takes a while to load, and most exports have no need of it.
  const { writeTokens } = await import("./write-tokens.ts");
  return writeTokens(target, options);
}
