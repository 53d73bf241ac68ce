import * as z from "zod";
import { boughtCallSchema } from "../model/reply-schema.ts";
import type { ScriptFault } from "../script/script-fault.ts";
import type { Fault } from "../verifier/fault.ts";
import type { CallRecord, SynthesisRecord } from "./record.ts";

const index = z.int().nonnegative();
const words = z.string();

const fault: z.ZodType<Fault> = z
  .object({ turn: z.int().nonnegative() })
  .and(
    z.discriminatedUnion("code", [
      z.object({ code: z.enum(["malformed-json", "wrong-keys"]), problem: words }),
      z.object({ code: z.literal("unmatched-action"), action: words }),
      z.object({ code: z.enum(["error-in-last-turn", "unfinished", "unwanted-error"]) }),
      z.object({ code: z.literal("too-few-errors"), errors: z.int().nonnegative() }),
    ]),
  );

const scriptFault: z.ZodType<ScriptFault> = z.discriminatedUnion("code", [
  z.object({ code: z.literal("malformed-json"), problem: words }),
  z.object({ code: z.enum(["wrong-keys", "too-large"]), path: words, problem: words }),
  z.object({ code: z.enum(["bad-pattern", "mismatched-parameters"]), action: words, problem: words }),
  z.object({ code: z.literal("rejected-name"), action: words, text: words }),
]);

/** Checks a line of a run's `calls.jsonl`. */
export const callRecordSchema: z.ZodType<CallRecord> = z
  .object({
    index,
    persona: words,
    call: z.int().positive(),
    purpose: z.enum(["script", "trajectory"]),
  })
  .and(boughtCallSchema);

/** Checks a line of a run's `syntheses.jsonl`; its script and its turns are read by those who need them. */
export const synthesisRecordSchema: z.ZodType<SynthesisRecord> = z.object({
  index,
  id: words,
  persona: words,
  outcome: z.enum(["accepted", "rejected", "failed"]),
  calls: z.int().nonnegative(),
  faults: z.array(z.union([fault, scriptFault])),
  reason: words.exactOptional(),
  script: z.unknown().exactOptional(),
  trajectory: z.array(z.unknown()).exactOptional(),
});

/** Checks a line of a run's `personas.jsonl`. */
export const personaLineSchema: z.ZodType<{ readonly id: string; readonly persona: string }> = z.object({
  id: words,
  persona: words,
});
