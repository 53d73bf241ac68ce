import { Layout } from "../parts/layout.tsx";
import { Line } from "../parts/text.tsx";

interface MessageProps {
  readonly title: string;
  readonly text: string;
  readonly refresh?: number;
}

/** A page with one thing to say: something is not there, cannot be read, or is being prepared. */
export function MessagePage({ title, text, refresh }: MessageProps) {
  return (
    <Layout title={[title]} crumbs={[]} refresh={refresh}>
      <h1>{title}</h1>
      <p>
        <Line text={text} />
      </p>
    </Layout>
  );
}
