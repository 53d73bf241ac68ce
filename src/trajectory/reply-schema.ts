import type { ReplySchema } from "../model/chat-model.ts";

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

function turnSchema(
  role: "DM" | "Player",
  properties: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const all = { turn: { type: "integer" }, role: { type: "string", enum: [role] }, ...properties };
  return { type: "object", additionalProperties: false, required: Object.keys(all), properties: all };
}

/**
 * App. M as a JSON Schema, for servers that can bind their output to one. Providers demand an object at the
 * root, so the array of turns stands under the key `trajectory`; the reader takes it out of there.
 */
export const trajectoryReplySchema: ReplySchema = {
  name: "trajectory",
  strict: true,
  schema: {
    type: "object",
    additionalProperties: false,
    required: ["trajectory"],
    properties: {
      trajectory: {
        type: "array",
        items: {
          anyOf: [
            turnSchema("DM", {
              Thought: text,
              Observation: text,
              parameter_error: flag,
              place_error: flag,
              logic_error: flag,
              progress_rate: { type: "number" },
              finished: flag,
            }),
            turnSchema("Player", { Thought: text, Action: text }),
          ],
        },
      },
    },
  },
};
