import { CallPage } from "./pages/call.tsx";
import { DataListPage } from "./pages/data-list.tsx";
import { DataRowPage } from "./pages/data-row.tsx";
import { EpisodePage } from "./pages/episode.tsx";
import { EpisodeListPage } from "./pages/episode-list.tsx";
import { EpisodesBesidePage } from "./pages/episodes-beside.tsx";
import { EvaluationPage } from "./pages/evaluation.tsx";
import { HomePage } from "./pages/home.tsx";
import { ReliabilityPage } from "./pages/judging.tsx";
import { MessagePage } from "./pages/message.tsx";
import { RunListPage } from "./pages/run-list.tsx";
import { RunSummaryPage } from "./pages/run-summary.tsx";
import { TaskGridPage } from "./pages/task-grid.tsx";
import { TrajectoryPage } from "./pages/trajectory.tsx";

/**
 * Every page by its name. A page is a pure function of plain data, so that a packed page, which has the data alone,
 * is the same page: whoever adds one adds it here.
 */
export const PAGES = {
  CallPage,
  DataListPage,
  DataRowPage,
  EpisodeListPage,
  EpisodePage,
  EpisodesBesidePage,
  EvaluationPage,
  HomePage,
  MessagePage,
  ReliabilityPage,
  RunListPage,
  RunSummaryPage,
  TaskGridPage,
  TrajectoryPage,
} as const;

/** A page as data: which one, and what it shows. */
export interface PageData {
  readonly page: keyof typeof PAGES;
  readonly props: Readonly<Record<string, unknown>>;
}

/** Asked for with this type, every address gives its {@link PageData} instead of HTML. */
export const PAGE_DATA_TYPE = "application/vnd.agentrefine.page+json";

/** The names of pages by their components. */
export const pageNames: ReadonlyMap<unknown, PageData["page"]> = new Map(
  (Object.keys(PAGES) as PageData["page"][]).map((name) => [PAGES[name], name]),
);

/** The HTML of a page, without its doctype. */
export function renderPage({ page, props }: PageData): string {
  const component: (props: never) => unknown = PAGES[page];
  return String(component(props as never));
}
