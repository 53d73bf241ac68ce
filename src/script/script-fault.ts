/** What is wrong with a script. A script can have several at once; the model is told all of them. */
export type ScriptFault =
  | { readonly code: "malformed-json"; readonly problem: string }
  | { readonly code: "wrong-keys"; readonly path: string; readonly problem: string }
  | { readonly code: "bad-pattern"; readonly action: string; readonly problem: string }
  | { readonly code: "rejected-name"; readonly action: string; readonly text: string }
  | { readonly code: "mismatched-parameters"; readonly action: string; readonly problem: string }
  | { readonly code: "too-large"; readonly path: string; readonly problem: string };

/** Whether the outcome of reading a part of a script is faults. */
export function isFaults(value: object): value is readonly ScriptFault[] {
  return Array.isArray(value) && value.some((item) => typeof item === "object" && "code" in item);
}
