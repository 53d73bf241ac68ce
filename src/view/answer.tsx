import type { Context } from "hono";
import { isValidElement } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { MessagePage } from "./pages/message.tsx";
import { PAGE_DATA_TYPE, type PageData, pageNames } from "./pages.ts";

/** What a route gives. */
export type Answer = Response | Promise<Response>;

/** A page as data. Throws for one that `PAGES` does not have, which could then not be packed. */
function pageData(element: unknown): PageData {
  const page = isValidElement(element) ? pageNames.get(element.tag) : undefined;
  if (page === undefined || !isValidElement(element)) throw new Error("this page is none of PAGES");
  return { page, props: element.props };
}

/** Answers with a page, which is one of `PAGES`. */
export function page(context: Context, element: JSX.Element, status: 200 | 400 | 404 | 500 = 200): Answer {
  if (context.req.header("accept") === PAGE_DATA_TYPE) return context.json(pageData(element), status);
  return context.html(`<!doctype html>${element}`, status);
}

/** Answers that there is no such thing. */
export function notFound(context: Context, text: string): Answer {
  return page(context, <MessagePage title="Not found" text={text} />, 404);
}
