import { PUBLISHER } from '../../publications/content/content.ts';
import type { Scenario } from './scenario.ts';

/**
 * The smell of gas of 1 March 2018: said to be dangerous, it came from a refinery at Grandpuits (Seine-et-Marne) and was
 * without risk. Facts: as published by the authorities then. Advice beside it, so that people know what a real leak asks for.
 */
const source = { name: PUBLISHER, relayed: false, url: null, reference: 'Démonstration, d’après le 1er mars 2018' };

export const rumour2018: Scenario = {
  name: 'rumeur',
  title: 'La rumeur du gaz de mars 2018',
  incident: { slug: 'odeur-de-gaz-2018', title: 'Odeur de gaz, mars 2018' },
  sources: ['Communiqués des autorités, 1er mars 2018'],
  steps: [
    {
      hours: -5,
      say: 'Une odeur de gaz inquiète : la réponse du Département est publiée.',
      act: {
        do: 'write',
        kind: 'CORRECTION',
        thread: 'gaz',
        input: (_at, id) => ({
          claim: 'L’odeur de gaz sentie en Essonne est dangereuse.',
          verdict: 'INACCURATE',
          explanation:
            'L’odeur vient d’une raffinerie de Grandpuits, en Seine-et-Marne. Les mesures ne montrent aucun danger pour la santé.',
          evidence: [
            {
              label: 'Préfecture de Seine-et-Marne',
              url: 'https://www.seine-et-marne.gouv.fr/',
              official: true,
              independenceGroup: null,
            },
          ],
          texts: [
            {
              language: 'fr-FR',
              headline: 'Odeur de gaz en Essonne : aucun danger',
              description:
                'Une odeur de gaz est sentie dans tout le département. Elle vient d’une raffinerie de Seine-et-Marne et ne présente pas de risque.',
              instruction: 'N’appelez pas les secours pour cette seule odeur : laissez les lignes libres.',
            },
          ],
          incidentId: id('incident'),
        }),
      },
    },
    {
      hours: -4,
      say: 'Les bons gestes en cas d’inondation sont rappelés.',
      act: {
        do: 'write',
        kind: 'ADVICE',
        thread: 'gestes',
        input: () => ({
          hazard: 'OET-081',
          phase: 'DURING',
          texts: [
            {
              language: 'fr-FR',
              headline: 'Inondation : les bons gestes',
              description: 'Ce qu’il faut faire, et ne pas faire, quand l’eau monte.',
              instruction: null,
            },
          ],
          items: [
            {
              language: 'fr-FR',
              dos: [
                'Montez à l’étage.',
                'Coupez le gaz et l’électricité.',
                'Écoutez la radio : France Bleu, France Info.',
              ],
              donts: [
                'Ne descendez pas au sous-sol.',
                'Ne prenez pas votre voiture.',
                'N’allez pas chercher vos enfants à l’école.',
              ],
            },
          ],
          source,
        }),
      },
    },
  ],
};
