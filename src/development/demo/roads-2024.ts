import { PUBLISHER } from '../../publications/content/content.ts';
import type { Authority } from '../../publications/decision/decision.content.ts';
import { type At, type IdOf, line, type Scenario, type Step } from './scenario.ts';

/**
 * Roads closed by storm Kirk, 9 to 12 October 2024, and one that reopened.
 * Facts: le-republicain.fr, 12 October 2024; evasionfm.com, 10 October 2024. The lines and the acts are illustrative.
 */
const ILLUSTRATIVE = 'Tracé illustratif.';

interface ClosedRoad {
  thread: string;
  number: string;
  place: string;
  communes: string[];
  hours: number;
  path: ReturnType<typeof line>;
}

const roads: ClosedRoad[] = [
  {
    thread: 'rd31',
    number: 'D31',
    place: 'Bondoufle',
    communes: ['91086'],
    hours: -20,
    path: line([2.364, 48.612], [2.381, 48.619], [2.396, 48.621]),
  },
  {
    thread: 'rd33',
    number: 'D33',
    place: 'Boussy-Saint-Antoine',
    communes: ['91097'],
    hours: -19,
    path: line([2.523, 48.684], [2.531, 48.689], [2.538, 48.692]),
  },
  {
    thread: 'rd118',
    number: 'D118',
    place: 'Saulx-les-Chartreux',
    communes: ['91587'],
    hours: -18,
    path: line([2.258, 48.683], [2.268, 48.69], [2.277, 48.696]),
  },
  {
    thread: 'rn20',
    number: 'N20',
    place: 'Longjumeau et Ballainvilliers',
    communes: ['91345', '91044'],
    hours: -18,
    path: line([2.293, 48.699], [2.295, 48.683], [2.294, 48.669]),
  },
];

/** The Département's roads are its president's; the prefect decides on national ones. */
const decidedBy = (number: string): { authority: Authority; by: string } =>
  number.startsWith('N')
    ? { authority: 'PREFECT', by: 'La préfète de l’Essonne' }
    : { authority: 'DEPARTEMENT_PRESIDENT', by: 'Le président du Département de l’Essonne' };

const closed = ({ thread, number, place, communes, hours, path }: ClosedRoad): Step => ({
  hours,
  say: `La ${number} est coupée à ${place}.`,
  act: {
    do: 'write',
    kind: 'CLOSURE',
    thread,
    input: (at: At, id: IdOf) => ({
      roads: [{ name: `Route ${number}, ${place}`, number, commune: communes[0] ?? null }],
      path,
      direction: 'BOTH_DIRECTIONS',
      restriction: 'CLOSED',
      cause: 'Inondation (tempête Kirk)',
      decision: {
        ...decidedBy(number),
        form: 'WRITTEN_ACT',
        act: `${number}-12 (illustratif)`,
        decidedAt: at(hours),
        url: null,
        call: null,
      },
      startsAt: at(hours),
      endsAt: at(30),
      texts: [
        {
          language: 'fr-FR',
          headline: `${number} fermée à ${place} : chaussée inondée`,
          description: `La route ${number} est fermée dans les deux sens à ${place}, à cause de l’inondation de la chaussée. ${ILLUSTRATIVE}`,
          instruction:
            'Prenez un autre itinéraire. Ne contournez pas les barrières, même si la route paraît praticable.',
        },
      ],
      source: { name: PUBLISHER, relayed: false, url: null, reference: 'Démonstration, d’après le 12 octobre 2024' },
      incidentId: id('incident'),
    }),
  },
});

export const roads2024: Scenario = {
  name: 'routes',
  title: 'Les routes fermées d’octobre 2024',
  incident: { slug: 'tempete-kirk-2024', title: 'Tempête Kirk, octobre 2024' },
  sources: ['le-republicain.fr, 12/10/2024', 'evasionfm.com, 10/10/2024'],
  steps: [
    ...roads.map(closed),
    {
      hours: -15,
      say: 'Le centre routier voit la fermeture de la N20 en place.',
      act: {
        do: 'observe',
        kind: 'CLOSURE',
        thread: 'rn20',
        seen: { state: 'IN_PLACE', note: 'Observation illustrative.' },
      },
    },
    {
      hours: -2,
      say: 'La N20 est rouverte.',
      act: {
        do: 'observe',
        kind: 'CLOSURE',
        thread: 'rn20',
        seen: { state: 'REOPENED', note: 'D’après la réouverture du 11 octobre 2024.' },
      },
    },
  ],
};
