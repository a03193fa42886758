/** Names that stand for a function or a body, and for no person: the words of an allow-list, and nothing else. */
const FUNCTIONS = new Set(
  [
    'maire mairie adjoint adjointe elu elue elus conseil cabinet president presidente directeur directrice direction',
    'prefet prefete prefecture sous secretaire secretariat general generale ministre ministere interieur zone region',
    'defense departement departemental departementale departementaux sdis codis cta sapeurs pompiers samu smur secours',
    'gendarmerie police nationale municipale brigade commissariat cellule crise cod pc pcc pco pca dos cos pma salle',
    'operationnel operationnelle operations commandant commandement astreinte permanence standard accueil service',
    'services technique techniques routes voirie dirif uter exploitation centre responsable chef cheffe equipe equipes',
    'agent agents astreintes vigicrues dreal ddt ars rectorat academie education ecole college lycee hopital clinique',
    'ehpad creche sncf ratp transilien enedis grdf rte eau potable syndicat benevole benevoles visov association',
    'protection civile rouge presse journaliste habitant habitante habitants riverain riveraine riverains appelant',
    'appelante temoin temoins usager usagers automobiliste passant passante inconnu inconnue anonyme public autre',
    'essonne a au aux en pour par de du des d la le les l et',
  ].flatMap((row) => row.split(' ')),
);
const MOST_PARTS = 20;

export const HIDDEN_SPEAKER = '[personne]';

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Says of senders and recipients what may stay of them: function and body, never a name. */
export class Speakers {
  /** Names of several words, whole: organisations, and communes behind « de », so that nobody is taken for a place. */
  readonly #bodies: readonly string[];

  constructor(organisations: readonly string[], communes: readonly string[]) {
    const places = communes.map(plain).flatMap((name) => [`de ${name}`, `d ${name}`, ...contracted(name)]);
    this.#bodies = [...new Set([...organisations.map(plain), ...places])]
      .filter((body) => body !== '')
      .sort((a, b) => b.length - a.length);
  }

  /** Its parts between commas, dashes and brackets, each as it stands where it is all functions and bodies. */
  shown(speaker: string | null): string | null {
    if (speaker === null) return null;
    const parts = speaker.split(/\s*[,;:()/–—]+\s*|\s+-\s+/u).filter((part) => part.trim() !== '');
    const shown = parts.slice(0, MOST_PARTS).map((part) => (this.#isBody(part) ? part : HIDDEN_SPEAKER));
    return shown.filter((part, index) => part !== HIDDEN_SPEAKER || shown.indexOf(part) === index).join(', ');
  }

  #isBody(part: string): boolean {
    const rest = this.#bodies.reduce(
      (text, body) => (text.includes(body) ? cut(text, body) : text),
      ` ${plain(part)} `,
    );
    const words = rest.split(' ').filter((word) => word !== '');
    return words.every((word) => FUNCTIONS.has(word));
  }
}

/** « Les Ulis » is « des Ulis » behind a function, « Le Plessis » « du Plessis ». */
function contracted(name: string): string[] {
  if (name.startsWith('le ')) return [`du ${name.slice(3)}`];
  return name.startsWith('les ') ? [`des ${name.slice(4)}`] : [];
}

const cut = (text: string, body: string): string => text.replaceAll(` ${body} `, ' ');
