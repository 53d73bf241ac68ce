import { link } from "../link.ts";
import { Layout } from "../parts/layout.tsx";
import { Line } from "../parts/text.tsx";
import type { HomeView } from "../read-home.ts";

function Rows({ title, rows }: { readonly title: string; readonly rows: HomeView["runs"] }) {
  if (rows.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul class="found" data-steps>
        {rows.map(({ shown, href, about }) => (
          <li>
            <Line text={shown} href={href} />
            <span class="soft">
              <Line text={about} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The first page: everything that was found. */
export function HomePage({ view }: { readonly view: HomeView }) {
  const { paths, runs, evaluations, data, unreadable } = view;
  const count = runs.length + evaluations.length + data.length;
  const where = paths.map((path) => (path === "." ? "the working directory" : path)).join(", ");
  const title = count === 0 ? "Nothing to look at" : "Runs, evaluations, data";
  return (
    <Layout title={[title, where]} crumbs={[]} events={link(["events"])}>
      <div id="found" data-live>
        <h1>{title}</h1>
        <p class="sub">
          {count === 0 ? "No run, evaluation or data file lies below " : "found below "}
          <code>
            <Line text={where} />
          </code>
        </p>
        <Rows title="Runs" rows={runs} />
        <Rows title="Evaluations" rows={evaluations} />
        <Rows title="Data files" rows={data} />
        {unreadable.length === 0 ? null : (
          <section>
            <h2>Cannot be read</h2>
            <ul class="found">
              {unreadable.map(({ shown, problem }) => (
                <li>
                  <Line text={shown} />
                  <span class="problem">
                    <Line text={problem} />
                  </span>
                </li>
              ))}
            </ul>
            <p class="soft">
              <a href={link([])}>look again</a>
            </p>
          </section>
        )}
      </div>
    </Layout>
  );
}
