import type { Context } from "hono";
import type { JSX } from "hono/jsx/jsx-runtime";
import { MessagePage } from "./pages/message.tsx";

/** What a route gives. */
export type Answer = Response | Promise<Response>;

/** Answers with a page. */
export function page(context: Context, element: JSX.Element, status: 200 | 404 | 500 = 200): Answer {
  return context.html(`<!doctype html>${element}`, status);
}

/** Answers that there is no such thing. */
export function notFound(context: Context, text: string): Answer {
  return page(context, <MessagePage title="Not found" text={text} />, 404);
}

/** A whole number from 1 in an address; 1 when it is none. */
export function wholeFrom1(text: string | undefined): number {
  return /^[1-9]\d{0,8}$/.test(text ?? "") ? Number(text) : 1;
}
