import type { InEachTongue } from '../content/tongue.ts';
import type { AidPointSeen, Purpose, WHEELCHAIR } from './aid-point.content.ts';

interface AidPointWords {
  kind: string;
  /** Of a place that does nothing but collect donations. */
  call: string;
  purpose: string;
  purposes: Record<Purpose, string>;
  statuses: Record<Exclude<AidPointSeen['status'], 'UNKNOWN'>, string>;
  /** The subject of a post about a place that takes nobody in. */
  shut: Record<'FULL' | 'CLOSED', string>;
  free(count: number, capacity: number | null): string;
  /** The last observation, with its time. */
  seen(what: string, at: string): string;
  capacity(count: number): string;
  /** Between a title and what follows, as each language sets it. */
  colon: string;
  practical: string;
  openingHours: string;
  audience: string;
  accessibility: string;
  wheelchair: Record<(typeof WHEELCHAIR)[number], string>;
  wanted: string;
  unwanted: string;
  elsewhere: string;
}

export const AID_POINT_WORDS: InEachTongue<AidPointWords> = {
  fr: {
    kind: 'Lieu d’aide',
    call: 'Appel aux dons',
    purpose: 'Sur place',
    purposes: {
      SHELTER: 'Hébergement',
      MEALS: 'Repas',
      WATER: 'Eau potable',
      CLOTHING: 'Vêtements et couvertures',
      HYGIENE: 'Douches et sanitaires',
      CHARGING: 'Recharge des téléphones',
      WARMING: 'Salle chauffée',
      COOLING: 'Salle rafraîchie',
      INFORMATION: 'Information',
      REGISTRATION: 'Recensement des personnes',
      PAPERWORK: 'Aide aux démarches',
      FIRST_AID: 'Premiers secours',
      PSYCHOLOGICAL_SUPPORT: 'Soutien psychologique',
      EQUIPMENT: 'Prêt de matériel',
      ANIMALS: 'Accueil des animaux',
      DONATIONS: 'Collecte de dons',
    },
    statuses: { OPEN: 'Ouvert', FULL: 'Complet', CLOSED: 'Fermé' },
    shut: { FULL: 'Lieu d’aide complet', CLOSED: 'Lieu d’aide fermé' },
    free: (count, capacity) =>
      `${count === 0 ? 'aucune place libre' : count === 1 ? '1 place libre' : `${count} places libres`}${capacity ? ` sur ${capacity}` : ''}`,
    seen: (what, at) => `${what} (vu le ${at})`,
    capacity: (count) => (count === 1 ? '1 place en tout' : `${count} places en tout`),
    colon: ' : ',
    practical: 'Pratique',
    openingHours: 'Horaires',
    audience: 'Pour qui',
    accessibility: 'Accessibilité',
    wheelchair: {
      YES: 'Accessible en fauteuil roulant',
      LIMITED: 'En partie accessible en fauteuil roulant',
      NO: 'Non accessible en fauteuil roulant',
    },
    wanted: 'Dons utiles',
    unwanted: 'N’apportez plus',
    elsewhere: 'Cherchez un autre lieu d’aide avant de vous déplacer.',
  },
  en: {
    kind: 'Aid point',
    call: 'Call for donations',
    purpose: 'On site',
    purposes: {
      SHELTER: 'Shelter',
      MEALS: 'Meals',
      WATER: 'Drinking water',
      CLOTHING: 'Clothes and blankets',
      HYGIENE: 'Showers and toilets',
      CHARGING: 'Charging of phones',
      WARMING: 'Warm room',
      COOLING: 'Cool room',
      INFORMATION: 'Information',
      REGISTRATION: 'Registration of people',
      PAPERWORK: 'Help with paperwork',
      FIRST_AID: 'First aid',
      PSYCHOLOGICAL_SUPPORT: 'Psychological support',
      EQUIPMENT: 'Loan of equipment',
      ANIMALS: 'Animals taken in',
      DONATIONS: 'Donations collected',
    },
    statuses: { OPEN: 'Open', FULL: 'Full', CLOSED: 'Closed' },
    shut: { FULL: 'Aid point full', CLOSED: 'Aid point closed' },
    free: (count, capacity) => {
      const of = capacity ? ` of ${capacity}` : '';
      return count === 0 ? `no place free${of}` : `${count}${of} ${count === 1 && !capacity ? 'place' : 'places'} free`;
    },
    seen: (what, at) => `${what} (seen on ${at})`,
    capacity: (count) => (count === 1 ? '1 place in all' : `${count} places in all`),
    colon: ': ',
    practical: 'Good to know',
    openingHours: 'Opening hours',
    audience: 'For',
    accessibility: 'Accessibility',
    wheelchair: {
      YES: 'Accessible in a wheelchair',
      LIMITED: 'Partly accessible in a wheelchair',
      NO: 'Not accessible in a wheelchair',
    },
    wanted: 'Donations wanted',
    unwanted: 'No longer bring',
    elsewhere: 'Look for another aid point before you set out.',
  },
};
