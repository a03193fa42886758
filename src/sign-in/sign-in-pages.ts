import type { Visitor } from '../access/account-directory.ts';
import { type Html, html } from '../web/html.ts';
import { pageText } from '../web/page.ts';

/** The words that staff read while they sign in, in French. */
const WORDS = {
  title: 'Bureau',
  home: 'Informations publiques en Essonne',
  personas: 'Qui êtes-vous ?',
  development: 'Ce choix n’existe qu’en développement, sur cette machine.',
  byIssuer: 'Se connecter par le fournisseur d’identité',
  again: 'Se connecter',
  reference: 'Référence',
} as const;

/** Why a sign-in ended without a session. */
export type SignInFault = 'stale' | 'refused' | 'closed' | 'away';

const FAULTS: Readonly<Record<SignInFault, { status: number; title: string; advice: string }>> = {
  stale: {
    status: 400,
    title: 'Connexion interrompue',
    advice: 'Cette connexion a expiré, ou a été commencée dans un autre navigateur. Recommencez.',
  },
  refused: {
    status: 403,
    title: 'Connexion refusée',
    advice:
      'Le fournisseur d’identité n’a pas confirmé votre connexion. Recommencez ; si cela persiste, prévenez l’administration.',
  },
  closed: {
    status: 403,
    title: 'Compte fermé',
    advice: 'Vous êtes reconnu, mais ce compte est désactivé ici. Adressez-vous à l’administration du service.',
  },
  away: {
    status: 503,
    title: 'Momentanément indisponible',
    advice: 'La connexion n’est pas possible pour l’instant. Réessayez dans quelques instants.',
  },
};

const SIGN_IN = '/desk/signin';

/** The page of a sign-in that ended without a session; `id` is what the log has it under. */
export function faultPage(fault: SignInFault, id: string): { status: number; text: string } {
  const { status, title, advice } = FAULTS[fault];
  const body = html`<h1>${title}</h1>
<p>${advice}</p>
<p><a href="${SIGN_IN}">${WORDS.again}</a></p>
<p class="facts">${WORDS.reference} : ${id}</p>`;
  return { status, text: page(title, body) };
}

/** Where a person is who has signed out. */
export const signedOutPage = (): string =>
  page(
    'Vous êtes déconnecté',
    html`<h1>Vous êtes déconnecté</h1>
<p>Sur un poste partagé, fermez aussi le navigateur.</p>
<p><a href="${SIGN_IN}">${WORDS.again}</a></p>`,
  );

/** Whom a developer may be; with a way to the issuer where there is one. */
export const personasPage = (personas: readonly Visitor[], returnTo: string, hasIssuer: boolean): string =>
  page(
    WORDS.personas,
    html`<h1>${WORDS.personas}</h1>
<p>${WORDS.development}</p>
${personas.map(
  ({ subject, name }) => html`<form method="post" action="${SIGN_IN}">
<input type="hidden" name="return" value="${returnTo}">
<button name="persona" value="${subject}">${name}</button>
</form>
`,
)}${hasIssuer ? html`<p><a href="${SIGN_IN}?by=issuer&return=${encodeURIComponent(returnTo)}">${WORDS.byIssuer}</a></p>` : null}`,
  );

const page = (title: string, body: Html): string =>
  pageText({
    title: `${title} — ${WORDS.title}`,
    head: html`<meta name="robots" content="noindex">`,
    body: html`<header><p><a href="/">${WORDS.home}</a></p></header>
<main>
${body}
</main>`,
  });
