import { type Html, html } from '../../web/html.ts';
import { pageText } from '../../web/page.ts';

/** The words of the pages that the links of letters lead to, in French and English: nobody has said yet which is read. */
const WORDS = {
  home: 'Informations publiques en Essonne',
  confirm: {
    title: 'Confirmer cette adresse',
    text: 'En confirmant, vous recevrez par courriel les alertes et informations publiques du Département pour',
    button: 'Confirmer (Confirm)',
  },
  confirmed: {
    title: 'Adresse confirmée',
    text: 'Les prochaines informations vous seront envoyées. Chaque message permet de ne plus en recevoir.',
  },
  leave: {
    title: 'Ne plus recevoir ces messages',
    text: 'Cette adresse ne recevra plus les alertes et informations publiques du Département envoyées à',
    button: 'Ne plus recevoir (Unsubscribe)',
  },
  left: {
    title: 'C’est fait',
    text: 'Cette adresse ne recevra plus rien (you are unsubscribed). Pour revenir, demandez une nouvelle invitation au Département.',
  },
  read: {
    title: 'Lu et pris en charge',
    text: 'Dites qui s’en occupe pour',
    page: 'Relire la publication',
    button: 'Lu et pris en charge',
  },
  taken: { title: 'Lu et pris en charge', text: 'C’est noté pour' },
} as const;

/** The takers of charge that the form names. None is chosen before a person chooses: a program that sends forms says nothing. */
const TAKERS: Readonly<Record<string, string>> = {
  mayor: 'Maire ou adjoint',
  'on-call': 'Astreinte',
  secretariat: 'Secrétariat',
  other: 'Une autre personne',
};

/** A page that asks whether to confirm: only its button does, since programs follow links. */
export const confirmPage = (institution: string): string =>
  asking(WORDS.confirm, institution, html`<input type="hidden" name="confirm" value="yes">`);

/** The words for a choice of the form; undefined for anything else. */
export const takerNamed = (value: string): string | undefined =>
  Object.hasOwn(TAKERS, value) ? TAKERS[value] : undefined;

/** A page on which a person says who takes charge; or who has said so. */
export function readPage(institution: string, publication: string, takenBy: string | null): string {
  const { title, text, page: again, button } = WORDS.read;
  const link = html`<p><a href="/publications/${publication}">${again}</a></p>`;
  if (takenBy !== null)
    return page(
      WORDS.taken.title,
      html`<h1>${WORDS.taken.title}</h1>
<p role="status">${WORDS.taken.text} <strong>${institution}</strong> : ${takenBy}.</p>
${link}`,
    );
  const choices = Object.entries(TAKERS).map(
    ([value, words]) => html`<p><label><input type="radio" name="as" value="${value}" required> ${words}</label></p>\n`,
  );
  return page(
    title,
    html`<h1>${title}</h1>
<p>${text} <strong>${institution}</strong>.</p>
<form method="post">
${choices}<button>${button}</button></form>
${link}`,
  );
}

export const confirmedPage = (): string => telling(WORDS.confirmed);

/** A page that asks whether to leave: its button sends what mail programs send by themselves (RFC 8058). */
export const leavePage = (institution: string): string =>
  asking(WORDS.leave, institution, html`<input type="hidden" name="List-Unsubscribe" value="One-Click">`);

export const leftPage = (): string => telling(WORDS.left);

const asking = (
  { title, text, button }: { title: string; text: string; button: string },
  institution: string,
  field: Html,
): string =>
  page(
    title,
    html`<h1>${title}</h1>
<p>${text} : <strong>${institution}</strong>.</p>
<form method="post">${field}<button>${button}</button></form>`,
  );

const telling = ({ title, text }: { title: string; text: string }): string =>
  page(
    title,
    html`<h1>${title}</h1>
<p>${text}</p>`,
  );

const page = (title: string, body: Html): string =>
  pageText({
    title: `${title} — ${WORDS.home}`,
    head: html`<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">`,
    body: html`<header><p><a href="/">${WORDS.home}</a></p></header>
<main>
${body}
</main>`,
  });
