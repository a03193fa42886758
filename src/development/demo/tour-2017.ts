import { PUBLISHER } from '../../publications/content/content.ts';
import { line, type Scenario } from './scenario.ts';

/**
 * Tour de France 2017, stage 21, Montgeron – Paris, 103 km. The sources disagree on the start (16:40 rtl.fr, 16:50
 * letour.fr): the passage says both. Roads closed 1 to 2 h before the lead vehicle and reopened 15 min after the broom
 * wagon (itinisere.fr, stage 17 of the same Tour). The streets closed in the Essonne are not published: lines and
 * windows here are illustrative, and say so.
 */
export const tour2017: Scenario = {
  name: 'tour',
  title: 'Le départ du Tour de France à Montgeron',
  incident: { slug: 'tour-2017-etape-21', title: 'Tour de France 2017, étape 21' },
  sources: ['letour.fr/le-tour/2017/fr/etape-21.html', 'rtl.fr 7789453474', 'itinisere.fr d53870'],
  steps: [
    {
      hours: -48,
      say: 'Le départ de l’étape est annoncé à Montgeron.',
      act: {
        do: 'write',
        kind: 'EVENT',
        thread: 'etape',
        input: (at, id) => ({
          startsAt: at(20),
          endsAt: at(27),
          organiser: 'Amaury Sport Organisation',
          texts: [
            {
              language: 'fr-FR',
              headline: 'Tour de France : départ de la dernière étape à Montgeron',
              description:
                'La 21e étape relie Montgeron à Paris Champs-Élysées, 103 km. La caravane passe environ deux heures avant les coureurs. L’heure de départ varie selon les sources : 16 h 40 ou 16 h 50.',
              instruction:
                'Venez en train ou à vélo. Les rues du parcours sont fermées à la circulation et au stationnement.',
            },
            {
              language: 'en-GB',
              headline: 'Tour de France: the last stage starts in Montgeron',
              description:
                'Stage 21 runs from Montgeron to Paris Champs-Élysées, 103 km. The caravan passes about two hours before the riders.',
              instruction: 'Come by train or by bicycle. The streets of the route are closed to traffic.',
            },
          ],
          areas: [{ description: 'Montgeron', communes: ['91421'], geometry: null }],
          passages: [
            {
              label: 'Caravane publicitaire, Montgeron',
              commune: '91421',
              expectedFrom: at(21.5),
              expectedTo: at(22),
              geometry: null,
            },
            {
              label: 'Départ des coureurs, Montgeron',
              commune: '91421',
              expectedFrom: at(23.5),
              expectedTo: at(23.67),
              geometry: null,
            },
          ],
          source: {
            name: PUBLISHER,
            relayed: false,
            url: null,
            reference: 'Démonstration, d’après l’étape du 23 juillet 2017',
          },
          incidentId: id('incident'),
        }),
      },
    },
    {
      hours: -47,
      say: 'Une fermeture du parcours, à Montgeron, est publiée (voie illustrative).',
      act: {
        do: 'write',
        kind: 'CLOSURE',
        thread: 'avenue',
        input: (at, id) => ({
          roads: [{ name: 'Rue du parcours (voie illustrative)', number: null, commune: '91421' }],
          path: line([2.4545, 48.6985], [2.4577, 48.7022], [2.4604, 48.7066]),
          direction: 'BOTH_DIRECTIONS',
          restriction: 'CLOSED',
          cause: 'Tour de France',
          decision: {
            authority: 'MAYOR',
            by: 'Le maire de Montgeron',
            form: 'WRITTEN_ACT',
            act: '204 (illustratif)',
            decidedAt: at(-240),
            url: null,
            call: null,
          },
          startsAt: at(21.5),
          endsAt: at(24.5),
          texts: [
            {
              language: 'fr-FR',
              headline: 'Montgeron : rue du parcours fermée pour le Tour de France',
              description:
                'Fermeture de deux heures avant la tête de course à quinze minutes après la voiture-balai. Voie, tracé, passages et horaires illustratifs.',
              instruction: 'Traversez aux points gardés, à l’invitation des signaleurs. Garez-vous hors du parcours.',
            },
          ],
          crossingPoints: [
            { label: 'Carrefour du parcours (illustratif)', point: { type: 'Point', coordinates: [2.4577, 48.7022] } },
          ],
          eventId: id('etape'),
          source: {
            name: PUBLISHER,
            relayed: false,
            url: null,
            reference: 'Démonstration, d’après l’étape du 23 juillet 2017',
          },
          incidentId: id('incident'),
        }),
      },
    },
  ],
};
