import { describe, expect, it } from 'vitest';
import { figureRows } from '../../../src/situation-reports/page/figure-rows.rules.ts';
import { BESIDE_EM } from '../../../src/situation-reports/page/page-room.rules.ts';
import { printedLines } from '../../../src/situation-reports/page/printed-lines.rules.ts';
import type { SituationFigures } from '../../../src/situation-reports/situation-figures.ts';
import { worstReport } from '../../support/crisis-cell/worst-situation.ts';
import { territory } from '../../support/hub/hub.ts';

const NOTHING: SituationFigures = {
  level: 'STANDBY',
  since: null,
  inForce: [],
  upcoming: 0,
  published: 0,
  changed: 0,
  ended: 0,
  gravest: [],
  communeNames: [],
  inhabitants: 0,
  closures: { planned: 0, inPlace: 0, notStarted: 0, reopened: 0, unseen: 0 },
  reports: [],
  reportsToCheck: 0,
  corrections: [],
  sourcesAtFault: [],
  onDuty: [],
};
const said = (figures: Partial<SituationFigures>): Record<string, string> =>
  Object.fromEntries(figureRows({ ...NOTHING, ...figures }).map(({ name, text }) => [name, text]));

describe('figures in words', () => {
  it('say of nothing that there is nothing', () => {
    expect(said({})).toEqual({
      'En vigueur': 'rien',
      Évolution: 'depuis l’ouverture : nouvelles 0, modifiées 0, terminées 0',
      'Les plus graves': 'rien',
      Communes: 'aucune',
      Routes: 'aucune fermeture en ce moment',
      Signalements: 'aucun rattaché ; à vérifier, tous incidents confondus : 0',
      Démentis: 'aucun',
      'Sources en défaut': 'aucune',
      'De garde': 'personne',
    });
  });

  it('say what there is, and how many others', () => {
    const found = said({
      since: '2016-06-02T14:10:00+02:00',
      inForce: [
        { kind: 'ALERT', severity: 'EXTREME', count: 1 },
        { kind: 'ALERT', severity: 'SEVERE', count: 4 },
        { kind: 'CLOSURE', severity: null, count: 2 },
      ],
      upcoming: 3,
      gravest: Array.from({ length: 6 }, (_, index) => ({
        thread: `${index}`,
        kind: 'ALERT',
        severity: 'SEVERE',
        headline: `Titre ${index}`,
      })),
      communeNames: ['Arpajon', 'Longjumeau'],
      inhabitants: null,
      closures: { planned: 2, inPlace: 1, notStarted: 0, reopened: 0, unseen: 1 },
      reports: [{ state: 'CONFIRMED', count: 2 }],
      reportsToCheck: 5,
      questions: { unanswered: 3, answered: 2, outdated: 1, redirected: 0, toGroup: 4 },
      corrections: [{ state: 'ENDED', count: 1 }],
      sourcesAtFault: ['Météo'],
      onDuty: [{ dutyFunction: 'LEAD', count: 1 }],
    });
    expect(found).toMatchObject({
      'En vigueur': '7 : alertes 5 (extrême 1, grave 4), fermetures de route 2 ; à venir 3',
      Communes: '2 : Arpajon, Longjumeau',
      Routes: 'fermées ou restreintes 2, dont constatées en place 1, pas encore vues 1',
      Signalements: 'rattachés 2 : confirmés 2 ; à vérifier, tous incidents confondus : 5',
      Questions: 'sans réponse 3, répondues 2, à revoir 1 ; à regrouper, tous incidents confondus : 4',
      Démentis: 'terminés 1',
      'Sources en défaut': '1 : Météo',
      'De garde': 'direction de la cellule 1',
    });
    expect(found.Évolution).toMatch(/^depuis le 2 juin à 14\u00a0h\u00a010 : /);
    expect(found['Les plus graves']?.split('\n')).toEqual([
      ...[0, 1, 2, 3].map((index) => `Alerte, grave : Titre ${index}`),
      'et 3 autres',
    ]);
  });

  it('take no more lines than the page has for them', () => {
    const rows = figureRows(worstReport(territory, {}).snapshot.figures);
    const lines = Object.fromEntries(rows.map(({ name, text }) => [name, printedLines(text, BESIDE_EM)]));
    const most = {
      'En vigueur': 5,
      Évolution: 2,
      'Les plus graves': 5,
      Communes: 2,
      Routes: 2,
      Signalements: 4,
      Questions: 2,
    };
    for (const [name, count] of Object.entries({ ...most, Démentis: 2, 'Sources en défaut': 1, 'De garde': 4 }))
      expect([name, (lines[name] ?? 99) <= count]).toEqual([name, true]);
  });
});
