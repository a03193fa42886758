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
} as const;

/** A page that asks whether to confirm: only its button does, since programs follow links. */
export const confirmPage = (institution: string): string =>
  asking(WORDS.confirm, institution, html`<input type="hidden" name="confirm" value="yes">`);

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
