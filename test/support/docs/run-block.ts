import type { Block } from './blocks.ts';
import { fieldPaths } from './field-paths.ts';
import { runGraphql } from './run-graphql.ts';
import { runJavaScript, runPhp, runShell, runTypeScript } from './run-script.ts';
import type { Workshop } from './workshop.ts';

/** Runs a block; null where all is well, else what is wrong with it. */
type RunBlock = (block: Block, shop: Workshop) => Promise<string | null>;

/** By language: what "it runs" means of it. */
export const RUNNERS: Readonly<Record<string, RunBlock>> = {
  graphql: runGraphql,
  js: runJavaScript,
  json: runJson,
  php: runPhp,
  sh: runShell,
  ts: runTypeScript,
};

/** Parses it; what the page gives as part of an answer may have no field that the answer has not. */
async function runJson({ code, said: { from } }: Block, { hub }: Workshop): Promise<string | null> {
  const shown = fieldPaths(JSON.parse(code));
  if (from === undefined) return null;
  const answer = await fetch(new URL(from, hub.url));
  const answered = fieldPaths(await answer.json());
  const others = shown.filter((path) => !answered.some((one) => one.endsWith(path)));
  return others.length > 0 ? `is not in the answer of ${from}: ${others.join(', ')}` : null;
}
