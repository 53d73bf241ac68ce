/** The words of `--help`. */
export const helpWords = {
  program: {
    brief:
      "Make training data for language-model agents that correct their own mistakes (AgentRefine, ICLR 2025)",
    full: `Make training data for language-model agents that correct their own mistakes
(AgentRefine, ICLR 2025): persona -> script -> trajectory -> verified -> export.

To begin, without a key:
  agentrefine generate --model offline --limit 20 --out runs/first
  agentrefine show runs/first
  agentrefine export runs/first --format conversations --out train.jsonl

Settings can stand in agentrefine.config.ts (see agentrefine init), keys in the
environment or in .env. Words go to stderr, results and JSON to stdout.

Exit codes: 0 done; 1 something failed; 2 the command or its settings are wrong;
3 done, but less came out than was asked; 130 interrupted.`,
  },
  format: (
    name: string,
    { makes, endings }: { readonly makes: string; readonly endings: readonly string[] },
  ): string => `${name} (${endings.join(", ")})\n    ${makes}`,
  help: "Print this help",
  version: "Print the version",
  escape: "What follows is no flag",
  generate: {
    brief: "Make trajectories from personas, or go on making them",
    full: `Each persona becomes a script (a world, a goal, actions), then a trajectory with
errors and refinements, which is verified while it is written. All replies are
kept in the folder given with --out; the same command goes on with it later.
PERSONAS is a file (JSON lines or plain, packed or not) or - for the standard
input; the personas that come with agentrefine when left out.`,
    personas: "File with personas, or -",
    usage: [
      { input: "--model offline --limit 20 --out runs/first", brief: "Try it without a key" },
      {
        input: "personas.jsonl --model gpt-4o --sample 500 --max-cost 40 --out runs/gpt-4o",
        brief: "OpenAI, with the key in OPENAI_API_KEY",
      },
      {
        input: "- --model Qwen/Qwen3-32B --base-url http://localhost:8000/v1 --out runs/qwen < personas.txt",
        brief: "A server of your own, such as vLLM",
      },
    ],
  },
  resume: {
    brief: "Go on with a run as it was started",
    full: `Goes on with the settings that are saved in the run. Only how it is driven and
where the server is can be given anew. A finished run prints its summary again.`,
    run: "Folder of the run",
    usage: [
      { input: "runs/first", brief: "Go on after an interruption" },
      { input: "runs/first --retry-failed --concurrency 8", brief: "Also try again what failed" },
    ],
  },
  verify: {
    brief: "Verify stored trajectories (Algorithm 1)",
    full: `Reads JSON lines {"script": …, "trajectory": …}, packed or not, and writes one
verdict a line to stdout. Exit code 3 when a line is rejected.`,
    file: "File with trajectories, or -",
    errors: "Ask for at least two error turns; without: for none [on]",
    usage: [
      { input: "trajectories.jsonl", brief: "In words" },
      { input: "trajectories.jsonl.gz --json > verdicts.jsonl", brief: "As JSON lines" },
    ],
  },
  show: {
    brief: "Read what a run has made",
    full: "Lists the ended personas of a run, or shows one in full.",
    run: "Folder of the run",
    id: "Id of a persona, or its beginning",
    usage: [
      { input: "runs/first --outcome rejected", brief: "List what was rejected" },
      { input: "runs/first 3fa8", brief: "Read one trajectory" },
      {
        input: "runs/first 3fa8 --tokenizer models/llama-3-8b --template llama3",
        brief: "See which of its tokens are trained",
      },
    ],
  },
  init: {
    brief: "Write a config file and a few personas to begin with",
    full: "Writes agentrefine.config.ts and personas.jsonl and overwrites nothing.",
    directory: "Folder to write to; the working directory when left out",
    usage: [{ input: "my-data", brief: "Set up a new folder" }],
  },
  flags: {
    out: "Folder of the run; goes on with it when it is one",
    model: "Name of the model; offline is the built-in author",
    provider: "Protocol; inferred when left out",
    baseUrl: "Address of the server, such as http://localhost:8000/v1",
    apiKeyEnv: "Variable that holds the key",
    field: "Field of a JSON line that has the persona [persona]",
    sample: "Take a random sample of so many personas",
    limit: "Take the first so many personas only",
    nearDuplicates: "Leave out personas as similar as this, 0.01 to 1",
    strict: "End at the first bad line of the personas",
    seed: "Seed of everything random [1]",
    errors: "Errors and refinements in trajectories; without: none (Table 2) [on]",
    maxCalls: "Calls for each persona, the script's included [4]",
    concurrency: "Personas at once, at most [64; offline 16]",
    stream: "Stream replies, to stop them at a fault [on]",
    structured: "Ask the provider to keep to a JSON Schema",
    temperature: "Sent only when given",
    topP: "Sent only when given",
    maxTokens: "Most tokens of a reply [8192]",
    header: 'Further header "Name: value"; can be repeated',
    body: "Further fields of the request, as a JSON object",
    timeout: "Seconds of silence after which a call is repeated",
    maxAttempts: "How often a broken call is made in all [6]",
    maxCost: "Dollars that the run may cost in all",
    prices: "Price list to lay over the shipped one",
    price: "PROMPT,COMPLETION: dollars for a million tokens",
    offlineFaults: "Scale of the offline author's faults [1]",
    minAcceptance: "Exit with 3 below this share of accepted, 0 to 1",
    retryFailed: "Try personas again that failed",
    quiet: "No progress",
    verbose: "Tell of each request: sent, answered, refused, retried, slow",
    json: "One JSON object on stdout",
    jsonLines: "Verdicts as JSON lines",
    config: "Config file [agentrefine.config.ts, .js or .json]",
    showLimit: "How many to list [20]",
    outcome: "List these only",
  },
} as const;
