import { PUBLISHER } from '../../publications/content/content.ts';
import type { IdOf, Step } from './scenario.ts';

const source = { name: PUBLISHER, relayed: false, url: null, reference: 'Démonstration, d’après la crue de juin 2016' };

const GYMNASIUM = {
  place: 'Gymnase de Savigny-sur-Orge',
  address: 'Rue du gymnase (adresse illustrative)',
  commune: '91589',
  point: { type: 'Point' as const, coordinates: [2.3493, 48.683] },
};

/** The call for donations, before and after the halls are full of clothes. */
const donations = (id: IdOf, wanted: string[], unwanted: string[]) => ({
  ...GYMNASIUM,
  purposes: ['DONATIONS' as const],
  texts: [
    {
      language: 'fr-FR',
      headline:
        unwanted.length > 0
          ? 'Savigny-sur-Orge : il ne faut plus de vêtements, mais des produits d’hygiène'
          : 'Savigny-sur-Orge : dons utiles pour les personnes évacuées',
      description: 'Les dons sont reçus à l’accueil du gymnase. Liste et horaires illustratifs.',
      instruction: 'Apportez seulement ce qui est dans la liste.',
    },
  ],
  details: [
    {
      language: 'fr-FR',
      openingHours: 'Tous les jours de 9 h à 19 h.',
      audience: 'Tous ceux qui veulent aider.',
      accessibility: null,
      wanted,
      unwanted,
    },
  ],
  source,
  incidentId: id('incident'),
});

/**
 * The gymnasium of Savigny-sur-Orge that took in 100 people in June 2016 (essonneinfo 93111), and what it asks of those who
 * want to help. Its address, its free places and its lists are illustrative, and the texts say so.
 */
export const aidPoints2016: readonly Step[] = [
  {
    hours: -5.5,
    say: '3 juin : le gymnase de Savigny-sur-Orge ouvre ses portes aux personnes évacuées.',
    act: {
      do: 'write',
      kind: 'AID_POINT',
      thread: 'gymnase',
      input: (_at, id) => ({
        ...GYMNASIUM,
        purposes: ['SHELTER', 'MEALS', 'WATER', 'HYGIENE', 'CHARGING', 'INFORMATION', 'PSYCHOLOGICAL_SUPPORT'],
        wheelchair: 'ACCESSIBLE',
        capacity: 100,
        texts: [
          {
            language: 'fr-FR',
            headline: 'Savigny-sur-Orge : un gymnase accueille les personnes évacuées',
            description:
              'Cent lits, des repas et des douches attendent les personnes qui ont dû quitter leur logement. Adresse et horaires illustratifs.',
            instruction: 'Venez avec vos papiers, vos médicaments et des vêtements chauds. Prévenez vos proches.',
          },
          {
            language: 'en-GB',
            headline: 'Savigny-sur-Orge: a sports hall takes in people who had to leave their homes',
            description: 'A hundred beds, meals and showers. Address and opening hours are illustrative.',
            instruction: 'Bring your papers, your medicines and warm clothes. Tell your family where you are.',
          },
        ],
        details: [
          {
            language: 'fr-FR',
            openingHours: 'Jour et nuit.',
            audience: 'Les habitants de Savigny-sur-Orge et des communes voisines.',
            accessibility: 'Entrée de plain-pied, douche adaptée.',
            wanted: null,
            unwanted: null,
          },
          {
            language: 'en-GB',
            openingHours: 'Day and night.',
            audience: 'People of Savigny-sur-Orge and nearby.',
            accessibility: 'No steps at the entrance, accessible shower.',
            wanted: null,
            unwanted: null,
          },
        ],
        source,
        incidentId: id('incident'),
      }),
    },
  },
  {
    hours: -4.5,
    say: 'Le gymnase compte 58 places libres.',
    act: { do: 'observe', kind: 'AID_POINT', thread: 'gymnase', seen: { status: 'OPEN', freePlaces: 58 } },
  },
  {
    hours: -4,
    say: 'Un appel aux dons dit ce qui est utile.',
    act: {
      do: 'write',
      kind: 'AID_POINT',
      thread: 'dons',
      input: (_at, id) => donations(id, ['Couvertures', 'Vêtements chauds', 'Produits d’hygiène'], []),
    },
  },
  {
    hours: -1.5,
    say: 'Le gymnase ne compte plus que 12 places libres.',
    act: {
      do: 'observe',
      kind: 'AID_POINT',
      thread: 'gymnase',
      seen: { status: 'OPEN', freePlaces: 12, note: 'Nombre illustratif.' },
    },
  },
  {
    hours: -1,
    say: 'Les vêtements s’entassent : l’appel aux dons dit ce qui n’est plus voulu.',
    act: {
      do: 'write',
      kind: 'AID_POINT',
      thread: 'dons',
      input: (_at, id) => donations(id, ['Produits d’hygiène', 'Couches'], ['Vêtements', 'Couvertures']),
    },
  },
];
