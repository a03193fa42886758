import type { Persona } from '../development-tokens.ts';
import type { Running, Step } from './scenario.ts';

/**
 * The crisis cell of the flood of June 2016: who was on, what it noted, how it told where things stood. Illustrative: the
 * facts are those of the publications (flood-2016.ts), names and telephone calls are made up.
 */
const run = (hours: number, say: string, act: Omit<Running, 'do'>): Step => ({
  hours,
  say,
  act: { do: 'run', ...act },
});

const shift = (hours: number, dutyFunction: string, persona: Persona, rank: number): Step =>
  run(hours, `Au tableau de garde : ${dutyFunction}, rang ${rank}.`, {
    deed: 'saveShift',
    by: 'duty',
    given: (at, idOf) => ({
      input: {
        incident: idOf('incident'),
        dutyFunction,
        account: idOf(persona),
        from: at(hours),
        to: at(12),
        rank,
      },
    }),
  });

const note = (hours: number, kind: string, text: string, more: object = {}): Step =>
  run(hours, `Main courante : ${text}`, {
    deed: 'addLogLine',
    by: 'editor',
    given: (at, idOf) => ({ incident: idOf('incident'), input: { kind, text, happenedAt: at(hours), ...more } }),
  });

const report = (hours: number, text: string, commune: string): Step =>
  run(hours, `Signalement d’un bénévole : ${text}`, {
    deed: 'submitReport',
    by: 'volunteer',
    given: (at) => ({ input: { text, commune, channel: 'réseau social', seenAt: at(hours) } }),
  });

export const onDuty2016: readonly Persona[] = ['duty', 'editor', 'validator', 'validator2', 'checker'];

/** The cell before the first publication of the flood. */
export const activation2016: readonly Step[] = [
  run(-67, 'La cellule dit ce qu’elle veut obtenir.', {
    deed: 'reviseIncident',
    by: 'editor',
    of: 'incident',
    given: () => ({
      input: {
        objectives: [
          'Prévenir les riverains de l’Yvette, de l’Orge et de la Seine avant que l’eau n’arrive',
          'Dire où trouver un abri, de l’eau et des soins',
          'Répondre aux rumeurs sur les barrages',
        ],
        perimeter: {
          description: 'Vallées de l’Yvette, de l’Orge, de l’Yerres et bords de Seine',
          communes: ['91345', '91661', '91587', '91589', '91687', '91326', '91027', '91174', '91600', '91114', '91691'],
        },
        keywords: ['inondation', 'crue', 'évacuation'],
        channels: ['Conférence téléphonique de la préfecture, toutes les 2 heures'],
      },
    }),
  }),
  run(-66.5, 'La cellule est renforcée.', {
    deed: 'setIncidentLevel',
    by: 'duty',
    of: 'incident',
    given: () => ({ level: 'REINFORCED', reason: 'L’Yerres et le Réveillon débordent, l’Yvette monte.' }),
  }),
  note(-66.2, 'MESSAGE_IN', 'Brunoy ferme ses parcs, l’eau est sur les chemins.', {
    sender: 'Mairie de Brunoy',
    means: 'téléphone',
    communes: ['91114'],
  }),
];

/** The cell on the night of the evacuation, and up to now. */
export const night2016: readonly Step[] = [
  run(-13.5, 'La cellule siège en partie.', {
    deed: 'setIncidentLevel',
    by: 'duty',
    of: 'incident',
    given: () => ({ level: 'PARTIAL', reason: 'L’Yvette entre dans Longjumeau.' }),
  }),
  note(-13.2, 'MESSAGE_IN', 'Le maire ordonne l’évacuation des quartiers bas, l’arrêté suit.', {
    sender: 'Mairie de Longjumeau',
    means: 'téléphone',
    communes: ['91345'],
    important: true,
  }),
];

export const today2016: readonly Step[] = [
  shift(-5, 'LEAD', 'duty', 1),
  shift(-5, 'VALIDATOR', 'validator', 1),
  shift(-5, 'VALIDATOR', 'validator2', 2),
  shift(-5, 'LOG_KEEPER', 'editor', 1),
  shift(-5, 'CHECKER', 'checker', 1),
  report(-4, 'L’eau atteint les garages de la rue du Général-Leclerc, des gens sortent à pied.', '91345'),
  report(-3, 'La passerelle sur l’Orge est coupée, deux arbres dessus.', '91589'),
  note(-2.5, 'REQUEST', 'La Croix-Rouge demande cinquante lits pour le gymnase de Savigny-sur-Orge.', {
    sender: 'Croix-Rouge',
    means: 'téléphone',
    communes: ['91589'],
    important: true,
  }),
  note(-2, 'DECISION', 'Le Département prête cinquante lits, livrés avant la nuit.', { communes: ['91589'] }),
  run(-1.8, 'L’arrêté du maire arrive : l’ordre d’évacuer donné par téléphone est confirmé.', {
    deed: 'confirmDecision',
    by: 'duty',
    of: 'evacuation',
    given: (at) => ({ revision: 1, act: '153 (illustratif)', decidedAt: at(-2) }),
  }),
  run(-1.5, 'Un point de situation est préparé.', {
    deed: 'draftSituationReport',
    by: 'editor',
    as: 'sitrep',
    given: (_at, idOf) => ({ incident: idOf('incident') }),
  }),
  run(-1.2, 'La cellule y écrit ce qu’elle sait.', {
    deed: 'reviseSituationReport',
    by: 'editor',
    of: 'sitrep',
    given: (at) => ({
      parts: {
        situation:
          'L’Orge est au plus haut. La Seine dépasse 4,80 m à Corbeil-Essonnes. Longjumeau est évacué dans ses quartiers bas.',
        measures: 'Un gymnase est ouvert à Savigny-sur-Orge. 1 000 foyers de Viry-Châtillon sont invités à partir.',
        outlook: 'La Seine monte encore jusqu’à demain midi, l’Orge commence à baisser cette nuit.',
        wanted: 'Cinquante lits pour Savigny-sur-Orge.',
        nextAt: at(6),
      },
    }),
  }),
  run(-1, 'Le point de situation n° 1 est arrêté.', {
    deed: 'freezeSituationReport',
    by: 'duty',
    of: 'sitrep',
    given: () => ({}),
  }),
];
