/** The words of `--help` for `evaluate`, `compare` and `serve`. */
export const evaluationHelp = {
  evaluate: {
    brief: "Measure an agent in text worlds, or go on measuring",
    full: `Plays every task of the suites and measures success and progress as AgentBoard
and the paper do (sections 4.1 to 4.4, App. A, G, H, K). Episodes that have ended
are kept in the folder given with --out; the same command goes on with it later.
The suites are babyai and pddl. AgentBoard's labels and problems do not come with
this program: without --agentboard, progress in babyai comes from the mission's
own parts, and pddl plays problems of our own.`,
    usage: [
      { input: "--suite babyai --agent expert --out evals/expert", brief: "Try it without a model" },
      {
        input: "--suite pddl,babyai --model tuned --base-url http://localhost:8000/v1 --out evals/tuned",
        brief: "A server of your own, such as vLLM",
      },
      {
        input: "--suite pddl --model tuned --samples 10 --temperature 1 --out evals/best-of-10",
        brief: "Best-of-N (section 4.4)",
      },
    ],
  },
  compare: {
    brief: "Put evaluations beside each other",
    full: `Prints a Markdown table of the evaluations, their differences from the first with
95 % confidence intervals (bootstrap over tasks), and on request the paper's rows.`,
    directories: "Folders of evaluations",
    usage: [
      { input: "evals/base evals/tuned", brief: "What tuning has changed" },
      { input: "evals/tuned --paper", brief: "Beside the paper's tables" },
    ],
  },
  serve: {
    brief: "Offer the worlds of a suite over HTTP, for trainers in Python",
    full: `Speaks AgentGym's protocol: POST /create, /reset, /step, /close and
GET /observation, with JSON bodies. Only this machine can reach it unless --host
says otherwise; it asks for no key.`,
    usage: [{ input: "--suite babyai --port 36001", brief: "For AgentGym's BabyAI client" }],
  },
  flags: {
    suite: "Suites to play, such as pddl,babyai",
    oneSuite: "Suite to offer",
    agentboard: "Folder with AgentBoard's labels and problems",
    compat: "Rules of the worlds; plain mends unfair ones [agentboard]",
    limit: "Play the first so many tasks of each suite only",
    perturb: "Say the actions in other words (App. K)",
    out: "Folder of the evaluation; goes on with it when it is one",
    agent: "Who plays [react]",
    replay: "Recorded actions to play again",
    reflexion: "Trials with Reflexion, the first included (App. G)",
    example: "Show a worked example in the instruction [on]",
    samples: "Attempts at each task, for Best-of-N [1]",
    maxTurns: "Turns of an episode, at most [30]",
    model: "Name of the model that plays",
    stream: "Stream replies [on]",
    temperature: "Temperature [0; 1 with several --samples]",
    maxTokens: "Most tokens of a reply [1024]",
    concurrency: "Episodes at once, at most [64; without a model 4]",
    maxCost: "Dollars that the evaluation may cost in all",
    retryFailed: "Also play episodes again in which the model failed",
    paper: "Show the paper's rows too",
    compareJson: "One JSON object in place of Markdown",
    port: "Port to listen on; 0 for any that is free [36001]",
    host: "Address to listen on [127.0.0.1]",
    environments: "Environments open at once, at most [1024]",
  },
} as const;
