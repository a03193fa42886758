import { describe, expect, it } from 'vitest';
import { capMessage, referenced } from '../../../../src/formats/cap/message.ts';
import { sealCap } from '../../../../src/formats/cap/seal.ts';
import type { AlertDocument } from '../../../../src/publications/alert/alert.content.ts';
import { HAZARD_WORDS } from '../../../../src/publications/content/hazard-words.ts';
import { HAZARD_CODES } from '../../../../src/publications/content/hazards.ts';
import { serialize } from '../../../../src/xml/write.ts';
import { alertDocument, completeAlert, messageOf, THREAD } from '../../../support/generated/alerts.ts';
import { territory } from '../../../support/hub/hub.ts';
import { signingPair } from '../../../support/hub/signing.ts';

/** What stands in a message, by example. */
const ground = { territory, publicUrl: 'https://alertes.example' };
const xmlOf = (document: AlertDocument) => serialize(capMessage(document, ground));
const all = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => text);
const parameters = (xml: string) =>
  Object.fromEntries(
    [...xml.matchAll(/<parameter><valueName>([^<]*)<\/valueName><value>([^<]*)</g)].map(([, name, value]) => [
      name,
      value,
    ]),
  );

const square = [
  [2.2, 48.6],
  [2.4, 48.6],
  [2.4, 48.7],
  [2.2, 48.7],
  [2.2, 48.6],
];
const drawn = (coordinates: number[][][]) =>
  completeAlert({
    areas: [{ description: 'Un carré', communes: ['91345'], geometry: { type: 'Polygon', coordinates } }],
  });

describe('a CAP message', () => {
  it('reads like this', () => {
    const [french] = (completeAlert() as { texts: object[] }).texts;
    const [head, ...parts] = xmlOf(alertDocument({ ...drawn([square]), texts: [french], startsAt: null })).split(
      /(?=<info>|<area>)/,
    );
    expect(head).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">' +
        `<identifier>TOCSIN-${THREAD}-1</identifier><sender>tocsin.example</sender><sent>2016-06-02T12:00:00+02:00</sent>` +
        '<status>Actual</status><msgType>Alert</msgType><scope>Public</scope><code>TOCSIN-CAP-1</code>' +
        '<incidents>crue-2016</incidents>',
    );
    expect(parts).toEqual([
      '<info><language>fr-FR</language><category>Met</category><category>Safety</category><event>Inondation</event>' +
        '<responseType>Avoid</responseType><responseType>Prepare</responseType>' +
        '<urgency>Expected</urgency><severity>Severe</severity><certainty>Likely</certainty>' +
        '<eventCode><valueName>OET:v1.0</valueName><value>OET-081</value></eventCode>' +
        '<effective>2016-06-02T12:00:00+02:00</effective><expires>2016-06-04T12:00:00+02:00</expires>' +
        '<senderName>Département de l’Essonne</senderName><headline>L’Yvette déborde à Longjumeau</headline>' +
        '<description>Le bas de la ville est inondé.</description><instruction>Éloignez-vous des berges.</instruction>' +
        `<web>https://alertes.example/publications/${THREAD}</web>` +
        '<contact>Département de l’Essonne, 01 60 91 91 91</contact>' +
        '<parameter><valueName>awareness_level</valueName><value>3; orange; Severe</value></parameter>' +
        '<parameter><valueName>awareness_type</valueName><value>12; flooding</value></parameter>',
      '<area><areaDesc>Un carré</areaDesc><polygon>48.6,2.2 48.6,2.4 48.7,2.4 48.7,2.2 48.6,2.2</polygon>' +
        '<geocode><valueName>INSEE</valueName><value>91345</value></geocode></area></info></alert>',
    ]);
  });

  it.each([
    ['fr-FR', 'Inondation'],
    ['fr-FR-x-falc', 'Inondation'],
    ['fr-CA', 'Inondation'],
    ['en-GB', 'Flood'],
    ['en-US', 'Flood'],
    ['de-DE', 'Hochwasser'],
    ['de', 'Hochwasser'],
    ['es-ES', 'Inundación'],
    ['it', 'Alluvione'],
    ['pt-PT', 'Inundação'],
    ['uk', 'Повінь'],
    ['ar', 'فيضان'],
    // A language without a name of the hazard: its own words say what it is.
    ['pl', 'Tytuł po polsku'],
    ['zh-Hans', 'Tytuł po polsku'],
    ['nl-BE', 'Tytuł po polsku'],
  ])('names the event in the language of its info: %s', (language, event) => {
    const [french] = (completeAlert() as { texts: { headline: string; description: string }[] }).texts;
    const other = { language, headline: 'Tytuł po polsku', description: 'Opis.', instruction: null };
    const isFrench = language === 'fr-FR';
    const alert = alertDocument(completeAlert({ texts: isFrench ? [french] : [french, other] }));
    const events = isFrench ? ['Inondation'] : ['Inondation', event];
    expect(all(xmlOf(alert), 'event')).toEqual(events);
    const codes = [...xmlOf(alert).matchAll(/<eventCode>.*?<value>([^<]*)</g)].map(([, code]) => code);
    expect(codes).toEqual(events.map(() => 'OET-081'));
  });

  it('names every hazard in each language that any is named in', () => {
    for (const [language, words] of Object.entries(HAZARD_WORDS))
      expect([language, Object.keys(words).sort()]).toEqual([language, [...HAZARD_CODES].sort()]);
  });

  it('names the Département by its codes only where all of it is warned', () => {
    const everywhere = territory.communes.map(({ code }) => code);
    const codesOf = (communes: readonly string[]) =>
      [
        ...xmlOf(alertDocument(completeAlert({ areas: [{ description: 'Ici', communes, geometry: null }] }))).matchAll(
          /<valueName>(INSEE_DEP|NUTS3|EMMA_ID)<\/valueName><value>(\w+)</g,
        ),
      ].map(([, name, value]) => `${name} ${value}`);
    expect(new Set(codesOf(everywhere))).toEqual(new Set(['INSEE_DEP 91', 'NUTS3 FR104', 'EMMA_ID FR066']));
    expect(codesOf(everywhere.slice(1))).toEqual([]);
    expect(codesOf(['91345'])).toEqual([]);
  });

  it('of another authority keeps its words and says whose they are (I-03)', () => {
    const reference = 'meteo@example.fr,FR-2016-1,2016-06-02T09:00:00+02:00';
    const source = { name: 'Météo-France', relayed: true, url: 'https://vigilance.example', reference };
    const document = alertDocument(completeAlert({ source }));
    // Letters taken apart are no fault of ours to mend.
    const texts = document.texts.map((text) => ({ ...text, headline: `${text.headline} e\u0301` }));
    const { xml, findings } = sealCap({ ...document, texts }, ground, signingPair);
    expect(all(xml, 'headline')).toEqual(texts.map(({ headline }) => headline));
    expect(findings.map(({ rule, level }) => [rule, level])).toEqual(Array(2).fill(['C19', 'WARNING']));
    expect(all(xml, 'senderName')).toEqual(['Météo-France', 'Météo-France']);
    expect(all(xml, 'source')).toEqual([
      `Météo-France, relayé par Département de l’Essonne ; ${reference} ; https://vigilance.example`,
    ]);
    expect(parameters(xml).relayed_reference).toBe(reference);
  });

  it('tells which translation is older than its French', () => {
    const document = alertDocument(completeAlert());
    const texts = document.texts.map((text, index) =>
      index === 0 ? { ...text, description: 'Le bas est évacué.' } : text,
    );
    const infos = xmlOf({ ...document, texts })
      .split('<info>')
      .slice(1);
    expect(infos.map((info) => parameters(info).translation_stale)).toEqual([undefined, 'true']);
  });

  it('of an exercise that was withdrawn begins with that word still, in the languages in which it can be told', () => {
    const texts = ['fr-FR', 'en-GB', 'en-US', 'br'].map((language) => ({
      language,
      headline: `${language.startsWith('en') ? 'EXERCISE' : 'EXERCICE'} – Crue`,
      description: `Texte ${language}`,
    }));
    const document = alertDocument(completeAlert({ mode: 'EXERCISE', texts }), alertDocument(completeAlert()));
    const xml = xmlOf({ ...document, cancelled: { at: document.revisedAt, reason: 'Exercice terminé.' } });
    expect(all(xml, 'headline')).toEqual(['EXERCICE – Annulé : Crue', 'EXERCISE – Cancelled: Crue']);
    expect(all(xml, 'description')).toEqual(['Exercice terminé.', 'This alert has been withdrawn.']);
    expect(all(xml, 'note')[0]).toMatch(/^EXERCICE .* Exercice terminé\.$/);
    expect(all(xml, 'severity')).toEqual(['Minor', 'Minor']);
  });
});

describe('references', () => {
  it('name every message that lives, and the last one where none does (I-05)', () => {
    const [gone, lives, also, newest] = [
      messageOf(1, '2016-06-02T13:30:00+02:00'),
      messageOf(2, '2016-06-03T12:00:00+02:00'),
      messageOf(3, '2016-06-03T12:00:00+02:00'),
      messageOf(4, '2016-06-04T12:00:00+02:00'),
    ];
    expect(referenced([gone, lives, also, newest])).toEqual([lives, also]);
    expect(referenced([gone, newest])).toEqual([gone]);
    expect(referenced([newest])).toEqual([]);
  });
});

describe('polygons', () => {
  const pointsOf = (xml: string) => all(xml, 'polygon').map((ring) => ring?.split(' ').length ?? 0);

  it('of a drawn area have at most 100 points, and no holes (I-17)', () => {
    const ring = Array.from({ length: 3_000 }, (_, index) => {
      const angle = (index / 3_000) * 2 * Math.PI;
      return [2.3 + 0.1 * Math.cos(angle), 48.6 + 0.1 * Math.sin(angle)];
    });
    const hole = [
      [2.29, 48.59],
      [2.29, 48.61],
      [2.31, 48.61],
      [2.29, 48.59],
    ];
    const document = alertDocument({
      ...drawn([[...ring, ring[0]!], hole]),
      texts: [alertDocument(completeAlert()).texts[0]],
    });
    expect(pointsOf(xmlOf(document))).toEqual([100]);
  });

  it('are the outlines of its communes where nothing is drawn, said to be guesses where they are', () => {
    const codes = territory.communes.map(({ code }) => code);
    const xml = xmlOf(alertDocument(completeAlert({ areas: [{ description: 'Essonne', communes: codes }] })));
    expect(pointsOf(xml)).toHaveLength(2 * codes.length);
    expect(parameters(xml).outlines_approximate).toBe('true');
    expect(xml.length).toBeLessThan(250_000);
  });

  it('are those of the communes as well where a road is drawn, which CAP cannot', () => {
    const geometry = { type: 'LineString', coordinates: square.slice(0, 3) };
    const line = completeAlert({ areas: [{ description: 'La N20', communes: ['91345'], geometry }] });
    const communes = xmlOf(alertDocument(completeAlert({ areas: [{ description: 'La N20', communes: ['91345'] }] })));
    expect(all(xmlOf(alertDocument(line)), 'polygon')).toEqual(all(communes, 'polygon'));
  });
});
