import { readFileSync } from "node:fs";
import type * as z from "zod";

/** What is made when it is first asked for, and is the same ever after. */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The text of a file that comes with this program (`data/`). */
export function shippedText(file: string): string {
  return readFileSync(new URL(`../data/${file}`, import.meta.url), "utf8");
}

/** What a JSON file holds that comes with this program, read when it is first asked for. */
export function shippedData<Content>(file: string, schema: z.ZodType<Content>): () => Content {
  return once(() => schema.parse(JSON.parse(shippedText(file))));
}
