import { formatDateTime, formatEnd } from '../publications/content/date-time.ts';
import type { PublicDocument } from '../publications/document.ts';
import type { PublicState, Severity } from '../publications/vocabulary.ts';

/** The words that citizens read, in French; another language is another of these tables. */
export const words = {
  title: 'Informations publiques en Essonne',
  lead: 'Alertes, événements et routes fermées, validés par le Département.',
  stale: 'La base de données est momentanément inaccessible : ces informations peuvent dater.',
  approximate: 'Contours des communes approximatifs.',
  choose: 'Ma commune',
  search: 'Voir',
  everywhere: 'Tout le département',
  nothing: 'Aucune information en vigueur.',
  unknown: (text: string) => `Aucune commune de l’Essonne ne correspond à « ${text} ».`,
  todo: 'Que faire',
  places: 'Communes',
  until: 'jusqu’au',
  from: 'du',
  to: 'au',
  onwards: 'dès',
  since: 'depuis le',
  upcoming: 'à venir',
  updated: 'Mis à jour le',
  source: 'Source',
  all: 'Toutes les informations',
  reference: 'Référence',
  replaced: 'Cette version a été remplacée.',
  newest: 'Lire la plus récente',
  withdrawn: 'Information retirée le',
  cancelled: 'Annulé',
  announced: 'Ce qui avait été annoncé',
  olderTranslation: 'Traduction d’une version antérieure : le français fait foi.',
  feeds: [
    { type: 'application/rss+xml', path: '/feeds/publications.rss', title: 'Toutes les informations (RSS)' },
    { type: 'application/feed+json', path: '/feeds/publications.json', title: 'Toutes les informations (JSON Feed)' },
    { type: 'application/atom+xml', path: '/feeds/alerts.atom', title: 'Alertes (CAP)' },
    { type: 'text/calendar', path: '/feeds/events.ics', title: 'Événements (calendrier)' },
  ],
  follow: 'Pour les applications : API GraphQL',
} as const;

export const gravityWords: Record<Severity, string> = {
  EXTREME: 'Vigilance rouge',
  SEVERE: 'Vigilance orange',
  MODERATE: 'Vigilance jaune',
  MINOR: 'Vigilance verte',
  UNKNOWN: 'Gravité inconnue',
};

const BAD_ADDRESS = { title: 'Demande incorrecte', advice: 'Une partie de cette adresse n’est pas comprise.' };
const SOON = 'Réessayez dans quelques instants.';

const ERROR_WORDS: Record<number, { title: string; advice: string }> = {
  404: { title: 'Page introuvable', advice: 'Il n’y a rien à cette adresse. Elle est peut-être incomplète.' },
  410: { title: 'Page supprimée', advice: 'Ce qui se trouvait à cette adresse n’y est plus.' },
  429: { title: 'Trop de demandes', advice: SOON },
  503: { title: 'Momentanément indisponible', advice: SOON },
};

/** Why a page cannot be shown, and what to do. */
export const errorWords = (status: number) =>
  ERROR_WORDS[status] ??
  (status < 500 ? BAD_ADDRESS : { title: 'Erreur', advice: 'La page n’a pas pu être préparée.' });

/** A moment as the pages have it: "jeudi 2 juin à 14 h 10". */
export const frenchDateTime = (at: string): string => formatDateTime('long', 'fr', at);

/** The window of a publication in words. */
export function sayWindow({ startsAt, endsAt, publishedAt }: PublicDocument, state: PublicState): string {
  const start = frenchDateTime(startsAt ?? publishedAt);
  const end = endsAt && formatEnd('long', 'fr', endsAt);
  if (state === 'UPCOMING') return end ? `${words.from} ${start} ${words.to} ${end}` : `${words.onwards} ${start}`;
  return end ? `${words.until} ${end}` : `${words.since} ${start}`;
}
