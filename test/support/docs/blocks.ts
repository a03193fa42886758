import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../../..');

/** Every page that readers of the project get, but the decisions, whose blocks show what was. */
export const PAGES = globSync(['README.md', 'docs/*.md', 'docs/integrations/*.md'], { cwd: ROOT }).sort();

/**
 * A fenced block of a page. Behind its language the page may say more about it:
 * - `no-run: needs nginx` says why no test runs it;
 * - `prints: PERSISTED_QUERY_NOT_FOUND` names what it is meant to answer, errors included;
 * - `from: /geo/alerts.geojson` names the address whose answer some JSON is a part of;
 * - `file: src/watchers/reading/sitemap.ts` names the file of this repository that some TypeScript is.
 */
export interface Block {
  page: string;
  /** Where its fence stands. */
  line: number;
  language: string;
  said: Partial<Record<Word, string>>;
  code: string;
}

const WORDS = ['no-run', 'prints', 'from', 'file'] as const;
type Word = (typeof WORDS)[number];

const FENCED = /^( *)```([^\s`]*) *([^\n]*)\n([\s\S]*?)^\1```$/gm;

export function blocksOf(page: string): Block[] {
  const text = readFileSync(path.join(ROOT, page), 'utf8');
  return [...text.matchAll(FENCED)].map(({ index, 1: indent = '', 2: language = '', 3: info = '', 4: code = '' }) => {
    const line = text.slice(0, index).split('\n').length;
    return {
      page,
      line,
      language,
      said: readInfo(info, `${page}:${line}`),
      code: code.replaceAll(`\n${indent}`, '\n'),
    };
  });
}

function readInfo(info: string, place: string): Block['said'] {
  if (info === '') return {};
  const word = WORDS.find((one) => info.startsWith(`${one}: `));
  if (!word) throw new Error(`${place}: ${JSON.stringify(info)} is none of ${WORDS.join(', ')}`);
  return { [word]: info.slice(word.length + 2) };
}
