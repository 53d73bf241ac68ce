import { dataListPart, readDataFilter } from "../data-filter.ts";
import { type EpisodeRow, episodeListPart, readEpisodeFilter } from "../evaluation-filter.ts";
import { hasWords } from "../has-words.ts";
import { link } from "../link.ts";
import type { CallView } from "../pages/call.tsx";
import type { DataListView, ListedRow } from "../pages/data-list.tsx";
import type { EpisodeListView } from "../pages/episode-list.tsx";
import type { RunListView } from "../pages/run-list.tsx";
import type { TrajectoryView } from "../pages/trajectory.tsx";
import type { PageData } from "../pages.ts";
import { filterQuery, type Known, type RunFilter, readRunFilter } from "../run-filter.ts";
import { listPart, placeIn, type SaidPersona } from "../run-list.ts";

/** What the packed pages can be asked for. */
export interface PackedPages {
  /** The records under an address; none when it was not packed. */
  recordsAt(address: string): Promise<readonly unknown[]>;
  /** The pages whose addresses begin so. */
  pagesBelow(beginning: string): AsyncIterable<PageData>;
}

/** How a page is made anew with a query that it was not packed with. */
interface Refilter<View> {
  /** Where the records of its list are, when it has one. */
  readonly records?: (view: View) => string;
  again(view: View, query: Readonly<Record<string, string>>, pages: PackedPages): Promise<View>;
}

function runRecords({ key }: { readonly key: string }): string {
  return link(["run", key, "records"]);
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

/** The records of a run, and what of them a filter asks for. */
async function openRun(
  key: string,
  { text }: RunFilter,
  pages: PackedPages,
): Promise<{ readonly entries: readonly SaidPersona[]; readonly known: Known }> {
  const entries = (await pages.recordsAt(runRecords({ key }))) as readonly SaidPersona[];
  const said: Known = {
    tags: new Map(entries.map((entry) => [entry.id, entry.said.tags])),
    thumbs: new Map(entries.map((entry) => [entry.id, entry.said.thumbs])),
  };
  if (text === undefined) return { entries, known: said };
  const withText = new Set<string>();
  for await (const { page, props } of pages.pagesBelow(`${link(["run", key])}/`)) {
    if (page !== "TrajectoryPage") continue;
    const view = props.view as TrajectoryView;
    if (hasWords(searched(view), text)) withText.add(view.entry.id);
  }
  return { entries, known: { ...said, withText } };
}

const RUN_LIST: Refilter<RunListView> = {
  records: runRecords,
  again: async (view, query, pages) => {
    const filter = readRunFilter(query);
    const { entries, known } = await openRun(view.key, filter, pages);
    return { ...view, ...listPart(entries, filter, known) };
  },
};

const TRAJECTORY: Refilter<TrajectoryView> = {
  records: runRecords,
  again: async ({ place: _place, previous: _previous, next: _next, ...view }, query, pages) => {
    const filter = readRunFilter(query);
    const { entries, known } = await openRun(view.key, filter, pages);
    const place = placeIn(entries, filter, known, view.entry);
    return { ...view, query: filterQuery(filter, { page: undefined }), ...place };
  },
};

const CALL: Refilter<CallView> = {
  again: async (view, query) => ({ ...view, query: filterQuery(readRunFilter(query), { page: undefined }) }),
};

function episodeRecords({ key }: { readonly key: string }): string {
  return link(["evaluation", key, "records"]);
}

const EPISODE_LIST: Refilter<EpisodeListView> = {
  records: episodeRecords,
  again: async (view, query, pages) => {
    const rows = (await pages.recordsAt(episodeRecords(view))) as readonly EpisodeRow[];
    return { ...view, ...episodeListPart(rows, readEpisodeFilter(query)) };
  },
};

function dataRecords({ key }: { readonly key: string }): string {
  return link(["data", key, "records"]);
}

const DATA_LIST: Refilter<DataListView> = {
  records: dataRecords,
  again: async (view, query, pages) => {
    const rows = (await pages.recordsAt(dataRecords(view))) as readonly ListedRow[];
    return { ...view, ...dataListPart(rows, readDataFilter(query)) };
  },
};

/** The pages that depend on the query of their address beyond what tells packed addresses apart. */
const REFILTERED: Partial<Record<PageData["page"], Refilter<unknown>>> = {
  EpisodeListPage: EPISODE_LIST as Refilter<unknown>,
  RunListPage: RUN_LIST as Refilter<unknown>,
  TrajectoryPage: TRAJECTORY as Refilter<unknown>,
  DataListPage: DATA_LIST as Refilter<unknown>,
  CallPage: CALL as Refilter<unknown>,
};

/** Where the records are that a page is filtered by. */
export function recordsOf({ page, props }: PageData): readonly string[] {
  const address = REFILTERED[page]?.records?.(props.view);
  return address === undefined ? [] : [address];
}

/** The page as it is with this query: a server reads the query before it makes a page, packed pages afterwards. */
export async function refilter(
  data: PageData,
  query: Readonly<Record<string, string>>,
  pages: PackedPages,
): Promise<PageData> {
  const made = REFILTERED[data.page];
  if (made === undefined || Object.keys(query).length === 0) return data;
  return { ...data, props: { ...data.props, view: await made.again(data.props.view, query, pages) } };
}

/** Whether a page can be asked for with another query after it was packed. */
export function isRefiltered({ page }: PageData): boolean {
  return REFILTERED[page] !== undefined;
}
