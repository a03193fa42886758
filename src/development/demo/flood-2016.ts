import { PUBLISHER } from '../../publications/content/content.ts';
import { aidPoints2016 } from './aid-points-2016.ts';
import { activation2016, night2016, onDuty2016, today2016 } from './cell-2016.ts';
import type { At, IdOf, Scenario } from './scenario.ts';

/**
 * The flood of June 2016 in the valleys of the Yvette, the Orge, the Yerres and the Seine, as a thread of revisions.
 * Facts: essonneinfo 92834 (31 May), 93042 (2 June), 93111 (2 and 3 June 2016). Wording is ours; moments are moved. The acts behind the orders
 * are not published: those here are illustrative, and say so.
 */
const LONGJUMEAU = ['91345', '91661', '91587'];
const ORGE = ['91589', '91687', '91326', '91027'];
const SEINE = ['91174', '91600'];
const YERRES = ['91114', '91691'];

const source = { name: PUBLISHER, relayed: false, url: null, reference: 'Démonstration, d’après la crue de juin 2016' };
const common = (at: At, id: IdOf) => ({
  hazard: 'OET-081',
  categories: ['MET', 'SAFETY'],
  source,
  incidentId: id('incident'),
  contact: 'Numéro d’urgence : 112',
  startsAt: at(-72),
});

export const flood2016: Scenario = {
  name: 'crue',
  title: 'La crue de juin 2016',
  incident: { slug: 'crue-juin-2016', title: 'Crue de juin 2016' },
  people: onDuty2016,
  sources: ['essonneinfo 92834', 'essonneinfo 93042', 'essonneinfo 93111'],
  steps: [
    ...activation2016,
    {
      hours: -66,
      say: '31 mai : la cellule de crise départementale est activée, l’Yerres et le Réveillon débordent.',
      act: {
        do: 'write',
        kind: 'ALERT',
        thread: 'crue',
        input: (at, id) => ({
          ...common(at, id),
          urgency: 'EXPECTED',
          severity: 'MODERATE',
          certainty: 'LIKELY',
          responseTypes: ['PREPARE', 'MONITOR'],
          endsAt: at(24),
          texts: [
            {
              language: 'fr-FR',
              headline: 'Crues en Essonne : l’Yerres et le Réveillon débordent, préparez-vous',
              description:
                'Le Réveillon et l’Yerres débordent. Environ 200 foyers sont privés d’électricité. Les parcs de Brunoy sont fermés. Les sapeurs-pompiers ont mené 352 interventions.',
              instruction:
                'Montez à l’étage les objets de valeur et les produits dangereux. Ne descendez pas dans les caves et les parkings souterrains. Tenez-vous informés.',
            },
          ],
          areas: [
            { description: 'Vallée de l’Yerres', communes: YERRES, geometry: null },
            { description: 'Vallée de l’Yvette', communes: LONGJUMEAU, geometry: null },
          ],
        }),
      },
    },
    {
      hours: -30,
      say: '2 juin : l’Essonne passe en orange, la Seine monte à Corbeil.',
      act: {
        do: 'write',
        kind: 'ALERT',
        thread: 'crue',
        input: (at, id) => ({
          ...common(at, id),
          urgency: 'IMMEDIATE',
          severity: 'SEVERE',
          certainty: 'OBSERVED',
          responseTypes: ['AVOID', 'PREPARE'],
          endsAt: at(24),
          texts: [
            {
              language: 'fr-FR',
              headline: 'Crues : vigilance orange en Essonne, quais fermés à Juvisy et Athis-Mons',
              description:
                'L’Essonne est en vigilance orange. À Corbeil, la Seine est attendue entre 4,60 m et 5 m. Les quais de Juvisy-sur-Orge et d’Athis-Mons sont fermés.',
              instruction:
                'Éloignez-vous des berges et des quais. Ne prenez pas votre voiture sur une route inondée. Suivez les consignes de votre mairie.',
            },
            {
              language: 'en-GB',
              headline: 'Floods: orange alert in Essonne, embankments closed in Juvisy and Athis-Mons',
              description:
                'Essonne is on orange alert. In Corbeil the Seine is expected to reach 4.60 to 5 metres. The embankments of Juvisy-sur-Orge and Athis-Mons are closed.',
              instruction:
                'Keep away from rivers. Do not drive on a flooded road. Follow your town hall’s instructions.',
            },
          ],
          areas: [
            { description: 'Vallée de l’Yvette', communes: LONGJUMEAU, geometry: null },
            { description: 'Vallée de l’Orge', communes: ORGE, geometry: null },
            { description: 'Bords de Seine', communes: SEINE, geometry: null },
          ],
        }),
      },
    },
    ...night2016,
    {
      hours: -12,
      say: '2 juin : environ 2 000 personnes à évacuer à Longjumeau.',
      act: {
        do: 'write',
        kind: 'ALERT',
        thread: 'evacuation',
        input: (at, id) => ({
          ...common(at, id),
          startsAt: at(-12),
          urgency: 'IMMEDIATE',
          severity: 'EXTREME',
          certainty: 'OBSERVED',
          responseTypes: ['EVACUATE'],
          decision: {
            authority: 'MAYOR',
            by: 'Le maire de Longjumeau',
            form: 'ORAL_ORDER',
            act: null,
            decidedAt: at(-13),
            url: null,
            call: { heardAt: at(-13), calledBackAt: at(-12.9), whyNotCalledBack: null },
          },
          endsAt: at(11),
          texts: [
            {
              language: 'fr-FR',
              headline: 'Longjumeau : évacuation des quartiers bas, au bord de l’Yvette',
              description:
                'L’Yvette inonde le bas de Longjumeau. Environ 2 000 personnes doivent quitter leur logement.',
              instruction:
                'Quittez votre logement sans attendre si les secours vous le demandent. Prenez papiers, médicaments et vêtements chauds. Coupez le gaz et l’électricité.',
            },
            {
              language: 'fr-FR-x-falc',
              headline: 'Longjumeau : il y a de l’eau dans les rues. Il faut partir.',
              description: 'La rivière est trop haute. L’eau entre dans les maisons. C’est dangereux.',
              instruction: 'Les pompiers vous demandent de partir : partez. Prenez vos papiers et vos médicaments.',
            },
          ],
          areas: [{ description: 'Bas de Longjumeau, au bord de l’Yvette', communes: ['91345'], geometry: null }],
        }),
      },
    },
    {
      hours: -6,
      say: '3 juin : l’Orge au plus haut, un gymnase ouvert à Savigny-sur-Orge, 1 000 foyers invités à partir à Viry-Châtillon.',
      act: {
        do: 'write',
        kind: 'ALERT',
        thread: 'crue',
        input: (at, id) => ({
          ...common(at, id),
          urgency: 'IMMEDIATE',
          severity: 'SEVERE',
          certainty: 'OBSERVED',
          responseTypes: ['EVACUATE', 'AVOID'],
          decision: {
            authority: 'PREFECT',
            by: 'La préfète de l’Essonne',
            form: 'WRITTEN_ACT',
            act: 'PREF-47 (illustratif)',
            decidedAt: at(-7),
            url: null,
            call: null,
          },
          endsAt: at(48),
          texts: [
            {
              language: 'fr-FR',
              headline: 'Crues : l’Orge au plus haut, la Seine dépasse 4,80 m à Corbeil',
              description:
                'L’Orge est au plus haut. À Corbeil-Essonnes, la Seine dépasse 4,80 m. Un gymnase de Savigny-sur-Orge accueille 100 personnes. À Viry-Châtillon, 1 000 foyers sont invités à quitter leur logement.',
              instruction:
                'Éloignez-vous des berges. Si votre logement est menacé, rejoignez des proches ou le lieu d’accueil de votre commune. Ne prenez pas les routes inondées.',
            },
            {
              language: 'en-GB',
              headline: 'Floods: orange alert in Essonne, embankments closed in Juvisy and Athis-Mons',
              description:
                'Essonne is on orange alert. In Corbeil the Seine is expected to reach 4.60 to 5 metres. The embankments of Juvisy-sur-Orge and Athis-Mons are closed.',
              instruction:
                'Keep away from rivers. Do not drive on a flooded road. Follow your town hall’s instructions.',
            },
          ],
          areas: [
            { description: 'Vallée de l’Yvette', communes: LONGJUMEAU, geometry: null },
            { description: 'Vallée de l’Orge', communes: ORGE, geometry: null },
            { description: 'Bords de Seine', communes: SEINE, geometry: null },
          ],
        }),
      },
    },
    ...[...aidPoints2016, ...today2016].sort((one, other) => one.hours - other.hours),
  ],
};
