/** The words of `--help` for `evaluate`, `compare` and `serve`. */
export const evaluationHelp = {
  evaluate: {
    brief: "Measure an agent in text worlds, or go on measuring",
    full: `Plays every task of the suites and measures success and progress as AgentBoard
and the paper do (sections 4.1 to 4.4, App. A, G, H, K). Episodes that have ended
are kept in the folder given with --out; the same command goes on with it later.
The agents are react, which talks to the --model; expert, a solver that knows the
whole world; random, any listed action; replay, the actions of a --replay FILE.

The suites are babyai and pddl. AgentBoard's labels and problems do not come with
this program: without --agentboard, progress in babyai comes from the mission's
own parts, and pddl plays problems of our own. The numbers can then not be set
beside the paper's, nor with --compat plain, --perturb or --limit.

--perturb says the same actions in other words, one way at a time (App. K):
rename-verbs, swap-arguments, number-spacing, reorder-actions.

The model and how it is driven can stand in the config file, under evaluate.`,
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
    full: `Prints Markdown: success and progress of the evaluations, their differences from
the first with 95 % confidence intervals and a paired test, and how the agents
behaved. With --paper the paper's rows stand beside them, and it is said of every
evaluation what makes it unlike those.`,
    directories: "Folders of evaluations, as given to evaluate with --out",
    usage: [
      { input: "evals/base evals/tuned", brief: "What tuning has changed" },
      { input: "evals/tuned --paper", brief: "Beside the paper's tables" },
    ],
  },
  serve: {
    brief: "Offer the worlds of a suite over HTTP, for trainers in Python",
    full: `Speaks AgentGym's protocol with JSON bodies:
  POST /create                 gives {"id"}, a world of the first task
  POST /reset {id, data_idx}   begins the task of that number, from 0
  POST /step {id, action}      gives {"observation", "reward", "score", "done"}
  GET  /observation?id=        gives the last observation again
  POST /close {id}             forgets the world
GET / tells the suite, its variant and how many tasks it has. The suites are babyai
and pddl, one for each server. Only this machine can reach the server unless --host
says otherwise; it asks for no key.

--perturb says the same actions in other words, one way at a time (App. K):
rename-verbs, swap-arguments, number-spacing, reorder-actions.`,
    usage: [
      { input: "--suite babyai --port 36001", brief: "Serve BabyAI on http://127.0.0.1:36001" },
      { input: "--suite pddl --port 0", brief: "On any free port, which it tells" },
    ],
  },
  flags: {
    suite: "Suites to play: babyai, pddl or pddl,babyai",
    oneSuite: "Suite to offer: babyai or pddl",
    agentboard: "Folder with AgentBoard's labels and problems",
    compat: "Rules of babyai; plain mends unfair ones [agentboard]",
    limit: "Play the first so many tasks of each suite only",
    oneLimit: "Offer the first so many tasks only",
    perturb: "Say the actions in other words, in one of four ways",
    out: "Folder of the evaluation; goes on with it when it is one",
    agent: "Who plays [react; replay with --replay]",
    replay: "File with the actions to play again",
    reflexion: "Trials with Reflexion, the first included (App. G)",
    example: "Show a worked example in the instruction [on]",
    samples: "Attempts at each task, for Best-of-N [1]",
    maxTurns: "Turns of an episode, at most [30]",
    model: "Name of the model that plays as react",
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
