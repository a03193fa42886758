import type { CallReason, CallState } from '../../calling/call.rules.ts';
import { type Html, html } from '../../web/html.ts';
import { pageText } from '../../web/page.ts';
import { WANTED } from '../messages/message.words.ts';

const WORDS = {
  home: 'Informations publiques en Essonne',
  title: 'Appel',
  signIn: 'Ouvrir une session',
  closed: 'Ouvrez d’abord une session au bureau, puis revenez à ce lien.',
  before: 'Ouvrez une session, puis l’appel. Ce lien ne montre rien sans elle, et le regarder ne répond à rien.',
  open: 'Ouvrir l’appel',
  over: 'Cet appel est terminé, ou ce lien n’est pas le bon.',
  call: 'Appel',
  dossier: 'Dossier',
  report: 'Signalement',
  next: 'Répondez au bureau : prenez l’appel, ou passez-le.',
} as const;

const STATES: Readonly<Record<CallState, string>> = {
  RINGING: 'Personne ne l’a pris.',
  TAKEN: 'Quelqu’un l’a pris.',
  EXHAUSTED: 'Tous ont été appelés, et personne n’a répondu.',
  DONE: 'C’est fait.',
  LAPSED: 'Ce n’est plus nécessaire.',
};

/** The page behind a link: the same for everybody and for every key, so that nobody learns from it whether there is a call. */
export const callGatePage = (key: string, canSignIn: boolean): string =>
  page(
    canSignIn
      ? html`<p>${WORDS.before}</p>
<p><a href="/desk/signin?return=${encodeURIComponent(`/desk/a/${key}`)}">${WORDS.signIn}</a></p>
<form method="post"><button>${WORDS.open}</button></form>`
      : html`<p>${WORDS.closed}</p>`,
  );

const firstUpper = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** The call of a link, for a person who has signed in. */
export interface LinkedCall {
  id: string;
  reason: CallReason;
  state: CallState;
  dossier: string | null;
  report: string | null;
  /** The French headline of the dossier. */
  headline: string | null;
}

/** The page of a call, with what it is about by the ids that the API knows. */
export const linkedCallPage = ({ id, reason, state, dossier, report, headline }: LinkedCall): string =>
  page(
    html`<p role="status"><strong>${firstUpper(WANTED[reason])}.</strong> ${STATES[state]}</p>
${headline === null ? null : html`<p>${headline}</p>\n`}<p>${WORDS.next}</p>
<p class="facts">${WORDS.call} : ${id}${dossier === null ? null : html`<br>${WORDS.dossier} : ${dossier}`}${
      report === null ? null : html`<br>${WORDS.report} : ${report}`
    }</p>`,
  );

export const callOverPage = (): string => page(html`<p role="status">${WORDS.over}</p>`);

const page = (body: Html): string =>
  pageText({
    title: `${WORDS.title} — ${WORDS.home}`,
    head: html`<meta name="robots" content="noindex">`,
    body: html`<header><p><a href="/">${WORDS.home}</a></p></header>
<main>
<h1>${WORDS.title}</h1>
${body}
</main>`,
  });
