import { compareFlags, evaluateFlags, reportFlags, serveFlags } from "../config/flags.ts";
import { declareCommand } from "./command.ts";

// The commands that measure agents; see commands.ts for the others.

export const evaluate = declareCommand(
  {
    brief: "Measure an agent in text worlds, or resume measuring",
    full: `Plays every task of the suites and measures success and progress, EM and F1, or a judge's grades, as the benchmarks and the paper do (sections 4.1 to 4.4 and 6, App. A, G, H, J, K). Episodes that have ended are kept in the folder of --out; the same command resumes it later. The agents are react, which talks to the --model; expert, a solver that knows the whole world; random, any listed action; replay, the actions of a --replay FILE.

What others publish (games, labels, questions) does not come with this program: agentrefine data get NAME brings it. Without AgentBoard's labels and problems progress is counted in another way, and some suites play tasks of our own; the results say so. The numbers can then not be set beside the paper's, nor with --compat plain, --perturb or --limit.

The model and how it is driven can stand in the config file, under evaluate.`,
    args: [],
    examples: {
      "--suite babyai --agent expert --out evals/expert": "Try it without a model",
      "--suite pddl,babyai --model tuned --base-url http://localhost:8000/v1 --out evals/tuned":
        "A server of your own, such as vLLM",
      "--suite pddl --model tuned --samples 10 --temperature 1 --out evals/best-of-10":
        "Best-of-N (section 4.4)",
    },
    page: "evaluation.md",
    flags: evaluateFlags,
  },
  async () => (await import("./evaluate/run.ts")).runEvaluate,
);

export const compare = declareCommand(
  {
    brief: "Put evaluations beside each other",
    full: "Prints tables on a terminal and Markdown elsewhere: success and progress of the evaluations, their differences from the first with 95 % confidence intervals and a paired test, and how the agents behaved. With --paper the paper's rows stand beside them, and it is said of every evaluation what makes it unlike those.",
    args: [{ name: "DIR", help: "Folders of evaluations, as given to evaluate with --out", repeat: true }],
    examples: {
      "evals/base evals/tuned": "What tuning has changed",
      "evals/tuned --paper": "Beside the paper's tables",
    },
    page: "evaluation.md",
    flags: compareFlags,
  },
  async () => (await import("./compare/run.ts")).runCompare,
);

export const report = declareCommand(
  {
    brief: "Write the paper's tables and figures over evaluations and data",
    full: `Writes Tables 1 to 5 and 8 to 11 and the figures as far as what is given has them, each with the paper's numbers beside it, as one page; a dagger marks what is not comparable, with the reason. A folder has each figure as SVG, PNG (where a browser is there), Vega-Lite and CSV, and each table as Markdown, LaTeX and CSV too. What needs something that was not given is named.

Figures 6 and 7 compare thoughts and instructions by their words, or with --embeddings by vectors of a model behind an address that speaks OpenAI's /v1/embeddings; vectors are kept, so that none is bought twice. Figure 6 takes minutes for large sets; --no-map leaves it out.

No record says what the model of an evaluation was trained on; --trained does, for Figures 5 and 11 and Tables 2, 5, 8 and 11. Names of ablations: no-refinement-loss, no-refinement-data, erroneous-loss, no-verification, no-held-in.`,
    args: [{ name: "PATH", help: "Folders of evaluations and runs, and files of data", repeat: true }],
    examples: {
      "evals/base evals/tuned runs/first --out report": "A folder, with each figure as files",
      "evals/tuned runs/first --out report.html": "One page to send",
      "runs/first agentgym.jsonl evals/tuned --out likeness": "Figures 6 and 7 with other data",
      "evals/small evals/large --trained evals/small=4000 --trained evals/large=8000 --out scaling":
        "Figure 5",
    },
    page: "seeing.md",
    flags: reportFlags,
  },
  async () => (await import("./report/run.ts")).runReport,
);

export const serve = declareCommand(
  {
    brief: "Offer the worlds of a suite over HTTP, for trainers in Python",
    full: `Speaks AgentGym's protocol with JSON bodies:
  POST /create                 gives {"id"}, a world of the first task
  POST /reset {id, data_idx}   begins the task of that number, from 0
  POST /step {id, action}      gives {"observation", "reward", "score", "done"}
  GET  /observation?id=        gives the last observation again
  POST /close {id}             forgets the world
GET / tells the suite, its variant and how many tasks it has. Only this machine can reach the server unless --host says otherwise; it asks for no key.`,
    args: [],
    examples: {
      "--suite babyai --port 36001": "Serve BabyAI on http://127.0.0.1:36001",
      "--suite pddl --port 0": "On any free port, which it tells",
    },
    page: "evaluation.md",
    flags: serveFlags,
  },
  async () => (await import("./serve/run.ts")).runServe,
);
