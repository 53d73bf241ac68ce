import { type EpisodeRow, episodeListPart, readEpisodeFilter } from "../evaluation-filter.ts";
import { link } from "../link.ts";
import { hasWords } from "../list-filter.ts";
import { dataListPart } from "../pages/data-list.tsx";
import type { PageData } from "../pages.ts";
import type { DataListView, ListedRow } from "../read-data.ts";
import type { EpisodeListView } from "../read-evaluation.ts";
import type { CallView, RunListView, TrajectoryView } from "../read-run.ts";
import {
  type Known,
  listPart,
  placeIn,
  type RunFilter,
  readRunFilter,
  type SaidPersona,
} from "../run-filter.ts";

/** What the packed pages can be asked for. */
export interface PackedPages {
  /** The records under an address; none when it was not packed. */
  recordsAt(address: string): Promise<readonly unknown[]>;
  /** The pages whose addresses begin so. */
  pagesBelow(beginning: string): AsyncIterable<PageData>;
}

function textsOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return "";
  return Object.values(value).map(textsOf).join("\n");
}

/** What a search looks through: the persona, the script and the turns. */
function searched({ persona, script, turns }: TrajectoryView): string {
  const said = turns.map(({ thought, action, text, folded }) => [
    thought,
    action,
    text,
    folded?.map((each) => each.text),
  ]);
  return textsOf([persona, script, said]);
}

type Given = Readonly<Record<string, string>>;

/** Where a run's list has its records, or that of an evaluation or a data file. */
function recordsAddress(kind: "run" | "evaluation" | "data", key: string): string {
  return link([kind, key, "records"]);
}

/** The records of a run, and what of them a filter asks for. */
async function openRun(key: string, { q }: RunFilter, pages: PackedPages) {
  const entries = (await pages.recordsAt(recordsAddress("run", key))) as readonly SaidPersona[];
  const said: Known["said"] = new Map(entries.map((entry) => [entry.id, entry.said]));
  if (!q) return { entries, known: { said } };
  const withText = new Set<string>();
  for await (const { page, props } of pages.pagesBelow(`${link(["run", key])}/`)) {
    if (page !== "TrajectoryPage") continue;
    const view = props.view as TrajectoryView;
    if (hasWords(searched(view), q)) withText.add(view.entry.id);
  }
  return { entries, known: { said, withText } };
}

async function runListAgain(view: RunListView, query: Given, pages: PackedPages): Promise<RunListView> {
  const filter = readRunFilter(query);
  const { entries, known } = await openRun(view.key, filter, pages);
  return { ...view, ...listPart(entries, filter, known) };
}

async function trajectoryAgain(
  view: TrajectoryView,
  query: Given,
  pages: PackedPages,
): Promise<TrajectoryView> {
  const filter = readRunFilter(query);
  const { entries, known } = await openRun(view.key, filter, pages);
  const place = placeIn(entries, filter, known, view.entry);
  return { ...view, query: { ...filter, page: undefined }, ...place };
}

async function callAgain(view: CallView, query: Given): Promise<CallView> {
  return { ...view, query: { ...readRunFilter(query), page: undefined } };
}

async function episodesAgain(
  view: EpisodeListView,
  query: Given,
  pages: PackedPages,
): Promise<EpisodeListView> {
  const rows = (await pages.recordsAt(recordsAddress("evaluation", view.key))) as readonly EpisodeRow[];
  return { ...view, ...episodeListPart(rows, readEpisodeFilter(query)) };
}

async function dataAgain(view: DataListView, query: Given, pages: PackedPages): Promise<DataListView> {
  const rows = (await pages.recordsAt(recordsAddress("data", view.key))) as readonly ListedRow[];
  return { ...view, ...dataListPart(rows, query) };
}

/** How a page is made anew with a query that it was not packed with, and of what its records are, when it has some. */
interface Refilter {
  readonly records?: Parameters<typeof recordsAddress>[0];
  readonly again: (view: never, query: Given, pages: PackedPages) => Promise<unknown>;
}

/** The pages that depend on the query of their address beyond what tells packed addresses apart. */
const REFILTERED: Partial<Record<PageData["page"], Refilter>> = {
  CallPage: { again: callAgain },
  DataListPage: { records: "data", again: dataAgain },
  EpisodeListPage: { records: "evaluation", again: episodesAgain },
  RunListPage: { records: "run", again: runListAgain },
  TrajectoryPage: { records: "run", again: trajectoryAgain },
};

/** Where the records are that a page is filtered by. */
export function recordsOf({ page, props }: PageData): readonly string[] {
  const kind = REFILTERED[page]?.records;
  return kind === undefined ? [] : [recordsAddress(kind, (props.view as { readonly key: string }).key)];
}

/** The page as it is with this query: a server reads the query before it makes a page, packed pages afterwards. */
export async function refilter(data: PageData, query: Given, pages: PackedPages): Promise<PageData> {
  const made = REFILTERED[data.page];
  if (made === undefined || Object.keys(query).length === 0) return data;
  return {
    ...data,
    props: { ...data.props, view: await made.again(data.props.view as never, query, pages) },
  };
}

/** Whether a page can be asked for with another query after it was packed. */
export function isRefiltered({ page }: PageData): boolean {
  return REFILTERED[page] !== undefined;
}
