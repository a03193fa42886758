import { describe, expect, it } from 'vitest';
import { lintCap } from '../../../../src/formats/cap/lint/lint.ts';
import { capMessage } from '../../../../src/formats/cap/message.ts';
import { signed } from '../../../../src/formats/cap/signature.ts';
import type { AlertDocument } from '../../../../src/publications/alert/alert.content.ts';
import { serialize } from '../../../../src/xml/write.ts';
import { alertDocument, completeAlert } from '../../../support/generated/alerts.ts';
import { territory } from '../../../support/hub/hub.ts';
import { signingPair } from '../../../support/hub/signing.ts';

/** Each rule of CAP, broken alone in a message that is good otherwise. */
const ground = { territory, publicUrl: 'https://alertes.example' };
const first = alertDocument(completeAlert());
const second = alertDocument(completeAlert({ severity: 'EXTREME', endsAt: '2016-06-03T12:00:00+02:00' }), first);
const drill = alertDocument(
  completeAlert({
    mode: 'EXERCISE',
    texts: [
      { language: 'fr-FR', headline: 'EXERCICE Crue', description: 'Crue fictive.', instruction: 'Rien à faire.' },
    ],
  }),
);

type Edit = (xml: string) => string;
const unsigned = (document: AlertDocument): string => serialize(capMessage(document, ground));
const replace =
  (before: string | RegExp, after: string): Edit =>
  (xml) => {
    const edited = xml.replace(before, after);
    if (edited === xml) throw new Error(`nothing to replace: ${before}`);
    return edited;
  };

const check = (document: AlertDocument, xml: string) =>
  lintCap(Buffer.from(xml), {
    earlier: document.messages.slice(0, -1),
    relayed: document.source.relayed,
    certificate: signingPair.certificate,
  });

/** The rules that speak up against a message edited before it is signed. */
const rulesOf = (document: AlertDocument, ...edits: Edit[]): string[] => {
  const edited = edits.reduce((xml, edit) => edit(xml), unsigned(document));
  return [...new Set(check(document, signed(edited, signingPair)).map(({ rule }) => rule))];
};

const drawn = alertDocument(
  completeAlert({
    areas: [
      {
        description: 'Les berges',
        geometry: {
          type: 'Polygon',
          coordinates: [
            [
              [2.28, 48.68],
              [2.3, 48.68],
              [2.3, 48.7],
              [2.28, 48.68],
            ],
          ],
        },
      },
    ],
  }),
);
const polygon = (text: string) => replace(/<polygon>[^<]*<\/polygon>/, `<polygon>${text}</polygon>`);
const circle = (text: string) => replace('<geocode>', `<circle>${text}</circle><geocode>`);
const resource = (text: string) =>
  replace('<area>', `<resource><resourceDesc>Carte</resourceDesc>${text}</resource><area>`);
const english = /<info><language>en-GB.*?<\/info>/;

describe('a CAP message', () => {
  it('made from a complete alert breaks no rule: first, update, exercise, withdrawal, all clear', () => {
    const cancelled = { ...second, cancelled: { at: second.revisedAt, reason: 'Fausse alerte de la sonde.' } };
    const texts = first.texts.map((text) => ({ ...text, headline: `Fin : ${text.headline}` }));
    const over = { ...second, allClear: { at: second.revisedAt, texts } };
    for (const document of [first, second, drill, over]) expect(rulesOf(document)).toEqual([]);
    // There is nobody to ask any more, and nothing to do.
    expect(rulesOf(cancelled)).toEqual(['C16']);
  });

  it.each<[string, string, AlertDocument, Edit]>([
    ['C01', 'an element in the wrong place', first, replace(/(<status>.*<\/status>)(<msgType>.*<\/msgType>)/, '$2$1')],
    ['C01', 'an element of nobody', first, replace('<scope>', '<colour>red</colour><scope>')],
    ['C02', 'a space in the sender', first, replace('tocsin.example<', 'tocsin example<')],
    ['C02', 'an identifier used before', second, replace(/001-2</, '001-1<')],
    ['C03', 'the offset of winter in June', first, replace('18:00:00+02:00</onset', '17:00:00+01:00</onset')],
    ['C04', 'an update of nothing', second, replace(/<references>.*<\/references>/, '')],
    [
      'C05',
      'a first alert that replaces something',
      first,
      replace('<incidents>', `<references>a,b,2016-06-02T12:00:00+02:00</references><incidents>`),
    ],
    [
      'C06',
      'a reference by another moment',
      second,
      replace(/12:00:00\+02:00<\/references/, '12:00:01+02:00</references'),
    ],
    [
      'C07',
      'a live message that is not named',
      alertDocument(completeAlert(), second),
      replace(/<references>\S+ /, '<references>'),
    ],
    ['C10', 'an open polygon', drawn, polygon('48.68,2.28 48.68,2.3 48.7,2.3 48.7,2.28')],
    ['C10', 'longitude before latitude', drawn, polygon('2.28,48.68 2.3,48.68 2.3,48.7 2.28,48.68')],
    ['C10', 'a polygon that crosses itself', drawn, polygon('48.6,2.2 48.7,2.3 48.6,2.3 48.7,2.2 48.6,2.2')],
    ['C10', 'seven decimals', drawn, polygon('48.6800001,2.28 48.68,2.3 48.7,2.3 48.6800001,2.28')],
    ['C11', 'a circle without radius', first, circle('48.7,2.3 0')],
    ['C11', 'a circle with longitude before latitude', first, circle('2.3,48.7 5')],
    ['C12', 'an address of no site', first, replace(/<web>.*?<\/web>/, '<web>/alertes/1</web>')],
    ['C13', 'no language', first, replace('<language>en-GB</language>', '')],
    [
      'C13',
      'the same words in two languages',
      first,
      replace('The lower town is under water.', 'Le bas de la ville est inondé.'),
    ],
    [
      'C13',
      'other categories in another language',
      first,
      replace(/(<language>en-GB<\/language>)<category>Met<\/category>/, '$1'),
    ],
    ['C14', 'geocodes alone', first, replace(/<polygon>[^<]*<\/polygon>/g, '')],
    ['C15', 'an end before its onset', first, replace(/2016-06-02T18:00:00\+02:00/g, '2016-06-05T18:00:00+02:00')],
    [
      'C15',
      'in effect before it is sent',
      first,
      replace(/T12:00:00\+02:00<\/effective/g, 'T11:00:00+02:00</effective'),
    ],
    ['C16', 'nobody to ask', first, replace(/<contact>.*?<\/contact>/g, '')],
    ['C16', 'a headline of 141 characters', first, replace('L’Yvette déborde à Longjumeau', 'é'.repeat(141))],
    ['C16', 'no idea how grave', first, replace(/<severity>Severe<\/severity>/g, '<severity>Unknown</severity>')],
    ['C17', 'an exercise that does not say so first', drill, replace('EXERCICE Crue', 'Crue')],
    ['C17', 'an exercise without a note', drill, replace(/<note>.*<\/note>/, '')],
    ['C17', 'a draft', first, replace('>Actual<', '>Draft<')],
    ['C19', 'HTML', first, replace('Le bas de la ville', '&lt;b>Le bas&lt;/b> de la ville')],
    ['C19', 'a control character', first, replace('Le bas de la ville', 'Le bas\u0085de la ville')],
    ['C19', 'letters taken apart', first, replace('inondé', 'inonde\u0301')],
    ['C20', 'a resource without size', first, resource('<mimeType>image/png</mimeType>')],
    [
      'C20',
      'a resource of other bytes',
      first,
      resource(
        '<mimeType>text/plain</mimeType><size>3</size><derefUri>YWJj</derefUri><digest>a9993e364706816aba3e25717850c26c9cd0d89e</digest>',
      ),
    ],
  ])('breaks %s, and no other rule, by %s', (rule, _what, document, edit) => {
    expect(rulesOf(document, edit)).toEqual([rule]);
  });

  it('may carry a resource whose bytes are its own, and lack every language but one', () => {
    const bytes = '<derefUri>YWJj</derefUri><digest>a9993e364706816aba3e25717850c26c9cd0d89d</digest>';
    expect(rulesOf(first, resource(`<mimeType>text/plain</mimeType><size>3</size>${bytes}`))).toEqual([]);
    expect(rulesOf(first, replace(english, ''))).toEqual([]);
  });

  it.each<[string, Edit]>([
    ['a word changed after signing', replace('inondé', 'sec')],
    ['the signature moved', (xml) => xml.replace(/(.*<\/identifier>)(.*)(<Signature xmlns.*<\/Signature>)/s, '$1$3$2')],
    ['the signature left out', replace(/<Signature.*<\/Signature>/s, '')],
    ['two signatures', replace(/(<Signature.*<\/Signature>)/s, '$1$1')],
    ['a part signed in place of the whole', replace('URI=""', 'URI="#info"')],
    ['another way of canonicalising', replace('2001/10/xml-exc-c14n#', 'TR/2001/REC-xml-c14n-20010315')],
    ['a comment behind it', replace('</Signature>', '</Signature><!-- good -->')],
    ['another key', (xml) => xml.replace(/<SignatureValue>..../, '<SignatureValue>AAAA')],
  ])('breaks C18 by %s', (_what, edit) => {
    const xml = signed(unsigned(first), signingPair);
    expect(check(first, xml)).toEqual([]);
    expect(edit(xml)).not.toBe(xml);
    expect(check(first, edit(xml)).map(({ rule }) => rule)).toContain('C18');
  });

  it('that is no XML breaks C01', () => {
    expect(check(first, '<alert>').map(({ rule }) => rule)).toEqual(['C01']);
  });
});
