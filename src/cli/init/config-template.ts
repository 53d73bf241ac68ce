/** The config file that `init` writes. It runs as it is, without a key. */
export const CONFIG_TEMPLATE: string = `import { defineConfig } from "agentrefine";

// A flag of the same name goes over a setting here: --max-calls over maxCalls.
export default defineConfig({
  generate: {
    // JSON lines with a "persona" each, or one persona a line; may be packed with gzip.
    personas: "personas.jsonl",
    // The folder of the run. The same command goes on with it after an interruption.
    out: "runs/first",

    // The built-in author writes templated worlds without a language model, to try everything out.
    model: "offline",
    // A real model instead, with its key in the environment or in a file .env:
    // model: "gpt-4o",                        // OPENAI_API_KEY
    // model: "claude-sonnet-4-5",             // ANTHROPIC_API_KEY
    // model: "Qwen/Qwen3-32B", baseUrl: "http://localhost:8000/v1",   // vLLM and the like
    // temperature: 1,
    // maxTokens: 8192,

    // Calls for each persona, the script's included (paper, section 3.2).
    maxCalls: 4,
    seed: 1,

    // Dollars that the run may cost; no call is sent that could pass it.
    // maxCost: 40,
  },
  export: {
    format: "conversations",
  },
  // The model that agentrefine evaluate measures, and how it is driven:
  // evaluate: { model: "tuned", baseUrl: "http://localhost:8000/v1", concurrency: 64 },
});
`;
