import { PROGRESS, SUCCESS } from "../../environment/suite.ts";
import { PAPER } from "../charts/chart.ts";
import {
  dataScaling,
  type GeneralDataPoint,
  generalDataChart,
  type ScalingPoint,
} from "../charts/evaluation-charts.ts";
import { numberOf, printedTables } from "../paper-tables.ts";
import type { Part } from "../render.ts";
import { marked, UNLIKE } from "../unlike-paper.ts";
import type { Material, Missing, ReportedEvaluation, Section } from "./material.ts";

const MEASURES = [SUCCESS.name, PROGRESS.name];

/** The paper's models on the way of Figure 5, whose numbers its tables print: 4,000, 8,000 and 32,000 rows. */
const PAPER_SIZES = [
  ["Table 5", "AgentRefine-GPT-4o", 4000],
  ["Table 2", "AgentRefine", 8000],
  ["Table 1", "AgentRefine", 32_000],
] as const;

function paperPoints(suites: readonly string[]): readonly ScalingPoint[] {
  const { rates } = printedTables();
  return PAPER_SIZES.flatMap(([number, method, rows]) => {
    const row = rates
      .find(({ title }) => numberOf(title) === number)
      ?.rows.find((each) => each.method === method && each.series === "LLaMA-3-8B");
    return suites.flatMap((suite) =>
      MEASURES.flatMap((measure): readonly ScalingPoint[] => {
        const value = row?.scores.get(suite)?.[measure]?.value;
        if (value === undefined) return [];
        return [{ of: PAPER, evaluation: `${method} (${number})`, rows, suite, measure, value }];
      }),
    );
  });
}

/** Evaluations with one attempt whose training is told, and was nothing but more or less data. */
function trainedAlike({ evaluations }: Material): readonly ReportedEvaluation[] {
  return evaluations.filter(
    ({ trained, settings }) =>
      trained !== undefined &&
      trained.otherwise === undefined &&
      settings.samples === 1 &&
      settings.reflexion === undefined &&
      settings.perturbation === undefined,
  );
}

/** Which evaluations are marked, in a line, where the reasons stand under Table 1; nothing where none is marked. */
function unlikeNote(evaluations: readonly ReportedEvaluation[]): readonly Part[] {
  const names = evaluations.filter(({ unlike }) => unlike.length > 0).map(({ name }) => name);
  if (names.length === 0) return [];
  const text = `${UNLIKE} Not comparable with the paper's, for the reasons under Table 1: ${names.join(", ")}.`;
  return [{ kind: "text", text }];
}

/** Figure 5. */
export function scalingFigure(material: Material): Section | Missing {
  const alone = trainedAlike(material).filter(({ trained }) => (trained?.general ?? 0) === 0);
  const sizes = new Set(alone.map(({ trained }) => trained?.rows));
  if (sizes.size < 2)
    return {
      missing: "evaluations of models trained on two sizes of data: --trained EVALUATION=ROWS for each",
    };
  const ours = alone.flatMap(({ name, unlike, trained, compared }) =>
    compared.summary.suites.flatMap(({ suite, scores }) =>
      MEASURES.flatMap((measure): readonly ScalingPoint[] => {
        const value = scores[measure]?.value;
        if (value === undefined || trained === undefined) return [];
        return [
          {
            of: "ours",
            evaluation: marked({ unlike }, name),
            rows: trained.rows,
            suite,
            measure,
            value: 100 * value,
          },
        ];
      }),
    ),
  );
  const suites = [...new Set(ours.map(({ suite }) => suite))];
  const chart = dataScaling([...ours, ...paperPoints(suites)]);
  return { charts: [{ file: "figure-5", chart }], parts: unlikeNote(alone) };
}

/** Figure 11. */
export function generalDataFigure(material: Material): Section | Missing {
  const alike = trainedAlike(material);
  const withGeneral = alike.filter(({ trained }) => (trained?.general ?? 0) > 0);
  const without = alike.filter(({ trained }) => (trained?.general ?? 0) === 0);
  if (withGeneral.length === 0 || without.length === 0) {
    return {
      missing:
        "evaluations of models trained with general data and without: --trained EVALUATION=ROWS+GENERAL",
    };
  }
  const points = alike.flatMap(({ name, trained, compared }) =>
    compared.summary.suites.flatMap(({ suite, scores }): readonly GeneralDataPoint[] => {
      const value = scores[SUCCESS.name]?.value;
      if (value === undefined || trained === undefined) return [];
      const { rows, general = 0 } = trained;
      return [{ evaluation: name, rows, general, suite, success: 100 * value }];
    }),
  );
  return {
    charts: [{ file: "figure-11", chart: generalDataChart(points) }],
    parts: [
      {
        kind: "text",
        text: "The paper's Figure 11 is a picture without numbers, so that none stand beside ours.",
      },
      ...unlikeNote(alike),
    ],
  };
}
