import type { ReplySchema } from "../model/chat-model.ts";

const text = { type: "string" } as const;
const texts = { type: "array", items: text } as const;

/**
 * App. L as a JSON Schema, for servers that can bind their output to one. It is not "strict" in the
 * providers' sense, because places, objects, actions and parameters are keyed by names the model invents.
 */
export const scriptReplySchema: ReplySchema = {
  name: "script",
  strict: false,
  schema: {
    type: "object",
    additionalProperties: false,
    required: ["Thought", "Environment", "Goal", "Completion Conditions", "Available Actions"],
    properties: {
      Thought: text,
      Environment: {
        type: "object",
        additionalProperties: false,
        required: ["initial state", "places and objects", "player"],
        properties: {
          "initial state": text,
          "places and objects": { type: "object" },
          player: {
            type: "object",
            additionalProperties: false,
            required: ["information"],
            properties: { information: text },
          },
        },
      },
      Goal: text,
      "Completion Conditions": texts,
      "Available Actions": {
        type: "object",
        additionalProperties: {
          type: "object",
          additionalProperties: false,
          required: ["verification code"],
          properties: {
            description: text,
            "special format": text,
            "verification code": text,
            parameters: { type: "object", additionalProperties: texts },
          },
        },
      },
    },
  },
};
