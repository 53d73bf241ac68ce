/** What a program may use of AgentRefine. Everything else is internal and changes without notice. */

export type { Agent, Move, Player } from "./agent/agent.ts";
export { expertAgent, type RecordedActions, randomAgent, replayAgent } from "./agent/planned-agents.ts";
export { reactAgent, withReflexion } from "./agent/react-agent.ts";
export { type Confusion, cohenKappa, confusionOf, krippendorffAlpha } from "./annotation/agreement.ts";
export type { Annotation, Annotator } from "./annotation/annotation.ts";
export { type Annotations, appendAnnotation, readAnnotations } from "./annotation/annotation-file.ts";
export { acceptedIn, type Draw, type DrawnTurn, type DrawSettings, drawTurns } from "./annotation/draw.ts";
export { type JudgeOptions, type JudgingResult, judgeTurns } from "./annotation/judge.ts";
export { type Judgement, type Judgements, readJudgements } from "./annotation/judgements.ts";
export { DEFAULT_FAULT_RATES, type FaultRates, scaleFaultRates } from "./author/fault-rates.ts";
export { type OfflineModelOptions, offlineModel } from "./author/offline-model.ts";
export { type ShownTrajectory, type ShowOptions, showTrajectory } from "./cli/show/show-trajectory.ts";
export {
  type Config,
  type ConfigPrice,
  defineConfig,
  type EvaluateConfig,
  type ExportConfig,
  type ExportFormat,
  type GenerateConfig,
} from "./config/settings.ts";
export { DATA_SETS, type DataSet, type DataSetName } from "./data/data-sets.ts";
export { type Fetching, type GetOptions, type Got, getDataSet } from "./data/get.ts";
export { javaExecutable, publishedFolder } from "./data/published.ts";
export { ABLATIONS, type Ablation, type AblationName, type ExportAblation } from "./dataset/ablation.ts";
export { ENGINES, type Engine, type EngineName } from "./dataset/engines.ts";
export {
  type FileEnding,
  FORMATS,
  type Format,
  type FormatName,
  type TextFormat,
  type TextFormatName,
} from "./dataset/formats.ts";
export type { RunSelection, RunSource, SubsetSettings } from "./dataset/run-source.ts";
export { type TrainingExample, type TrainingMessage, trainingExample } from "./dataset/training-example.ts";
export { type Sink, writeJsonl } from "./dataset/write-jsonl.ts";
export { type ParquetTable, writeParquet } from "./dataset/write-parquet.ts";
export type { Need } from "./environment/need.ts";
export { perturbSuite } from "./environment/perturbations/perturb-suite.ts";
export type { Reworder } from "./environment/perturbations/rewording.ts";
export {
  type Difficulty,
  type LoadOptions,
  type Measure,
  type PaperPlace,
  type PerturbationDefinition,
  PROGRESS,
  SUCCESS,
  type Suite,
  type SuiteDefinition,
  type Task,
  type Variant,
} from "./environment/suite.ts";
export { loadSuite, SUITES } from "./environment/suites.ts";
export {
  type Outside,
  type PureWorld,
  type Scores,
  type Start,
  type Step,
  type World,
  worldOf,
} from "./environment/world.ts";
export { AgentRefineError, type AgentRefineErrorOptions } from "./errors.ts";
export { type EpisodeResult, readResults } from "./evaluation/episode-result.ts";
export { type EvaluateOptions, type EvaluationResult, evaluate } from "./evaluation/evaluate.ts";
export {
  type EvaluatedSuites,
  type EvaluateSuitesOptions,
  evaluateSuites,
} from "./evaluation/evaluate-suites.ts";
export { type ServeOptions, serveWorlds, type WorldServer } from "./evaluation/serving/serve-worlds.ts";
export type { EvaluationSettings } from "./evaluation/settings.ts";
export { type EvaluationSummary, summarize } from "./evaluation/summary.ts";
export {
  type GenerateRunOptions,
  generateRun,
  type ResumeRunOptions,
  rehearseRun,
  resumeRun,
} from "./generation/generate-run.ts";
export type { GeneratedRun } from "./generation/prepare-run.ts";
export type { RehearsedRun } from "./generation/rehearse-run.ts";
export { type AiSdkLanguageModel, type AiSdkOptions, aiSdkModel } from "./model/ai-sdk.ts";
export { anthropicModel } from "./model/anthropic.ts";
export {
  ChatError,
  type ChatErrorCode,
  type ChatMessage,
  type ChatModel,
  type ChatOptions,
  type ChatReply,
  type ChatRequest,
  type FinishReason,
  type ReplySchema,
  type Usage,
} from "./model/chat-model.ts";
export { type EmbeddingModel, type EmbeddingSettings, openEmbeddings } from "./model/embeddings.ts";
export { Limiter, type LimiterSnapshot } from "./model/limiter.ts";
export type { ApiOptions } from "./model/model-settings.ts";
export {
  CostCapReached,
  costOf,
  Ledger,
  loadPrices,
  type Price,
  type Prices,
  priceOf,
} from "./model/money.ts";
export { type OpenAiCompatibleOptions, openAiCompatibleModel } from "./model/openai.ts";
export { type ModelReport, probeModel } from "./model/probe.ts";
export { type ModelSettings, openModel, type Provider } from "./model/providers.ts";
export { Activity, type CallActivity, type StackOptions, stackModel } from "./model/stack.ts";
export { NearDuplicates } from "./persona/near-duplicates.ts";
export { type Persona, toPersona } from "./persona/persona.ts";
export { type PersonaLine, type ReadPersonasOptions, readPersonas } from "./persona/read-personas.ts";
export {
  type Selection,
  type SelectionCounts,
  type SelectPersonasOptions,
  selectPersonas,
} from "./persona/select-personas.ts";
export { type ExportOptions, type ExportResult, exportRun } from "./publish/export-run.ts";
export { type HubOptions, type HubResult, writeHubFolder } from "./publish/hub-folder.ts";
export { type MixCounts, type MixOptions, type MixResult, mixData } from "./publish/mix-data.ts";
export type { TargetOptions } from "./publish/target.ts";
export { formatReAct, type Instruction, parseReAct, type ReAct, type ReActProblem } from "./react.ts";
export { type Chart, chartCsv } from "./report/charts/chart.ts";
export { chartVariables } from "./report/charts/colours.ts";
export {
  acceptanceFunnel,
  actionsOfScripts,
  errorRunChart,
  faultsByKind,
  goalThemes,
  lengthsInTokens,
  lengthsInTurns,
  objectsOfScripts,
} from "./report/charts/data-charts.ts";
export { groupCharts, progressOverTurns } from "./report/charts/evaluation-charts.ts";
export {
  type ComparedEvaluations,
  type CompareOptions,
  compareEvaluations,
} from "./report/compare-evaluations.ts";
export { type Comparison, compareResults, type NamedResults } from "./report/comparison.ts";
export { type CountedWith, type DataStatisticsOptions, dataStatistics } from "./report/data-statistics.ts";
export type { TrainedOn } from "./report/document/material.ts";
export { type ReportOptions, type WrittenReport, writeReport } from "./report/document/write-report.ts";
export { type EmbedOptions, embedTexts } from "./report/figures/kept-vectors.ts";
export type { Embedder } from "./report/figures/thought-map.ts";
export { type ProgressByTurn, progressByTurn } from "./report/progress-by-turn.ts";
export { type Part, reportCsv, reportLatex, reportMarkdown } from "./report/render.ts";
export {
  type CallStep,
  type GoalStatistics,
  type RunMaking,
  type RunStatistics,
  statisticsOfRun,
} from "./report/run-statistics.ts";
export { createRunFolder, openRunFolder, type RunFolder, type RunPaths } from "./runs/run-folder.ts";
export { readShard, type Shard } from "./runs/shard.ts";
export { type ActionMatcher, createActionMatcher } from "./script/action-matcher.ts";
export {
  type Action,
  explainScriptFault,
  type Json,
  type JsonObject,
  type Parameter,
  type Script,
  type ScriptFault,
} from "./script/script.ts";
export { type ScriptVerdict, verifyScript } from "./script/verify-script.ts";
export { type GenerateOptions, type GenerateResult, generate, type RunView } from "./synthesis/generate.ts";
export { writePersonas } from "./synthesis/keep-personas.ts";
export {
  type MergeGaps,
  type MergeOptions,
  type MergeResult,
  mergeRuns,
} from "./synthesis/merge/merge-runs.ts";
export { readCalls, readSyntheses } from "./synthesis/read-run.ts";
export type { CallRecord, OutcomeKind, SynthesisRecord } from "./synthesis/record.ts";
export { type RunStatus, runStatus } from "./synthesis/run-status.ts";
export {
  begin,
  explain,
  fail,
  type Outcome,
  receive,
  request,
  type Synthesis,
  watch,
} from "./synthesis/synthesis.ts";
export type { Tally, WritersTally } from "./synthesis/tally.ts";
export type { Writer, Writers } from "./synthesis/writers.ts";
export {
  type ExportTokenizedOptions,
  exportTokenized,
  type TokenizedExport,
} from "./tokens/export-tokenized.ts";
export type { TokenizeJob } from "./tokens/tokenize-example.ts";
export type { TokenizedTally } from "./tokens/tokenized-row.ts";
export { type DataSelection, openTrainingData, type TrainingData } from "./training/data.ts";
export { planTraining, type TrainingPlan, type TrainOptions } from "./training/plan.ts";
export type { TrainingProgress } from "./training/run-engine.ts";
export {
  startPlanned,
  type Trained,
  type TrainResult,
  type TrainWatch,
  trainRun,
  writePlanned,
} from "./training/train-run.ts";
export {
  type DungeonMasterTurn,
  type ErrorRun,
  errorRuns,
  isErrorTurn,
  type PlayerTurn,
  type Trajectory,
  type Turn,
} from "./trajectory/trajectory.ts";
export { explainFault, type Fault, type Verdict } from "./verifier/fault.ts";
export { verifyReply, verifyTurns, watchReply } from "./verifier/verification.ts";
export { type LineVerdict, verifyLine } from "./verifier/verify-line.ts";
export { createApp } from "./view/app.tsx";
export { Library, type LibraryOptions } from "./view/library.ts";
export { packLibrary } from "./view/packed/pack-library.ts";
export type { Packed, PackOptions } from "./view/packed/pack-pages.ts";
export { type PageServer, servePages } from "./view/server.ts";
