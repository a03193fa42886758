import { endingOf } from '../../../formats/text/ending.ts';
import { bodyOf } from '../../../formats/text/publication-body.ts';
import { wordingFor } from '../../../formats/text/wording.ts';
import type { Block } from '../../../publications/content/block.ts';
import { directionOf } from '../../../publications/content/language.rules.ts';
import { beginningOf } from '../../../publications/content/text/beginning.ts';
import { type Tongue, tongueFor } from '../../../publications/content/tongue.ts';
import { currentText } from '../../../publications/content/translations.rules.ts';
import type { PublicDocument } from '../../../publications/document.ts';
import { marked } from '../../../publications/ending/ending.words.ts';
import { permalinkOf } from '../../../publications/permalink.rules.ts';
import { SEVERITIES } from '../../../publications/vocabulary.ts';
import type { Territory } from '../../../territory/territory.ts';
import { MOST_WORDS_BYTES } from '../envelope/encrypt.rules.ts';
import { gravityOf } from './push-match.rules.ts';

export interface PushTextSetting {
  territory: Territory;
  /** Base of permalinks, without a trailing slash. */
  publicUrl: string;
}

/** A push says so much of a publication beside its words. */
export interface PushFacts {
  /** Where the journal stood when the document was read: an app that opens follows after it. */
  cursor: string;
  /** When it has nothing to tell any more; RFC 3339. */
  expires: string;
}

/** How one reader hears of it. */
export interface PushManner {
  language: string;
  /** Whether it is shown without a sound. */
  silent: boolean;
}

/** Lock screens show less. */
const [MOST_TITLE, MOST_BODY] = [150, 300];
/** For a title or a body in signs of four bytes. */
const SHORTER = 100;

/**
 * The words of a push, as JSON: the form that Safari shows without a worker (Declarative Web Push), which a service worker reads
 * as well. `tag` is the thread, so that a later revision replaces an earlier one on the screen.
 */
export function pushWords(
  document: PublicDocument,
  { language, silent }: PushManner,
  facts: PushFacts,
  { territory, publicUrl }: PushTextSetting,
): Buffer {
  const text = currentText(document.texts, language);
  const wording = wordingFor(text.language);
  const news = endingOf(document, text, wording);
  const title = news?.title ?? marked(document.mode, wording.exercise, text.headline);
  const body = plainOf(news?.blocks ?? bodyOf(document, text, wording, territory));
  const gravity = gravityOf(document);
  const rest = {
    ...{ lang: news?.language ?? text.language, dir: directionOf(news?.language ?? text.language) },
    ...{ tag: document.id, navigate: permalinkOf(publicUrl, document), silent },
  };
  const tocsin = {
    ...{ id: document.id, revision: document.revision, kind: document.kind, mode: document.mode },
    ...{ severity: gravity === undefined ? null : SEVERITIES[gravity], ...facts },
  };
  const write = (most: number) =>
    written({ title: cut(title, Math.min(most, MOST_TITLE)), body: cut(body, most), ...rest }, tocsin);
  const whole = write(MOST_BODY);
  return whole.length <= MOST_WORDS_BYTES ? whole : write(SHORTER);
}

/** The first push of a subscription: the app sends its code back, and so shows that it reads what comes. */
export function greetingWords(
  { id, code, language }: { id: string; code: string; language: string },
  { publicUrl }: Pick<PushTextSetting, 'publicUrl'>,
): Buffer {
  const { title, body } = GREETING[tongueFor(language)];
  return written(
    { title, body, lang: language, tag: id, navigate: `${publicUrl}/`, silent: false },
    { confirm: { id, code } },
  );
}

const GREETING: Readonly<Record<Tongue, { title: string; body: string }>> = {
  fr: {
    title: 'Notifications activées',
    body: 'Les informations publiques que vous avez choisies vous parviendront ici.',
  },
  en: { title: 'Notifications are on', body: 'The public information that you chose will reach you here.' },
};

const written = (notification: object, tocsin: object): Buffer =>
  Buffer.from(JSON.stringify({ web_push: 8030, notification, tocsin }));

/** The words alone: what is listed stands on the page. */
const plainOf = (blocks: readonly Block[]): string =>
  blocks
    .map((block) => ('text' in block ? block.text : block.items.join(' ')))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();

const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${beginningOf(text, most - 1).trimEnd()}…`;
