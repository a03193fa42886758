import { spawnSync } from 'node:child_process';
import { DOMParser, type Element } from '@xmldom/xmldom';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sealCap } from '../../../../src/formats/cap/seal.ts';
import type { AlertDocument } from '../../../../src/publications/alert/alert.content.ts';
import { budget } from '../../../support/budget.ts';
import { anyAlert } from '../../../support/generated/generated-alerts.ts';
import { given } from '../../../support/given.ts';
import { territory } from '../../../support/hub/hub.ts';
import { signingPair } from '../../../support/hub/signing.ts';

/** What two parsers that are not ours read in a message, against what the document says. */
const CAP = 'urn:oasis:names:tc:emergency:cap:1.2';
const HEAD = ['identifier', 'sender', 'sent', 'status', 'msgType', 'scope', 'note', 'references'];
const INFO = [
  ...[
    'language',
    'category',
    'event',
    'responseType',
    'urgency',
    'severity',
    'certainty',
    'effective',
    'onset',
    'expires',
  ],
  ...['senderName', 'headline', 'description', 'instruction', 'web', 'contact'],
];
const AREA = ['areaDesc', 'polygon'];
type Facts = Record<string, unknown[]>;

const ground = { territory, publicUrl: 'https://alertes.example' };
const spelt = (word: string) =>
  word === 'CBRNE'
    ? word
    : word.toLowerCase().replace(/(^|_)(.)/g, (_all, _line, letter: string) => letter.toUpperCase());

/** Made from the document alone, by other means than the format's. */
function expected(document: AlertDocument) {
  const message = document.messages.at(-1)!;
  const over = document.cancelled ?? document.allClear;
  const earlier = document.messages.slice(0, -1);
  const live = earlier.filter(({ expires }) => Date.parse(expires) > Date.parse(message.sent));
  const type = document.cancelled ? 'Cancel' : earlier.length > 0 ? 'Update' : 'Alert';
  return {
    head: {
      identifier: [message.identifier],
      sender: ['tocsin.example'],
      sent: [message.sent],
      status: [spelt(document.mode)],
      msgType: [type],
      references: (live.length > 0 ? live : earlier.slice(-1))
        .map(({ sender, identifier, sent }) => `${sender},${identifier},${sent}`)
        .join(' '),
    },
    texts: document.cancelled ? null : (document.allClear?.texts ?? document.texts),
    severity: over ? 'Minor' : spelt(document.severity),
    expires: message.expires,
    areas: document.areas.map(({ description }) => description),
    communes: document.areas.flatMap(({ communes }) => communes),
  };
}

function compare(document: AlertDocument, facts: Facts): void {
  const wanted = expected(document);
  const { references, ...head } = wanted.head;
  expect(facts).toEqual(expect.objectContaining(head));
  expect((facts.references as string[]).join('')).toBe(references);
  const infos = facts.info as Facts[];
  if (wanted.texts) {
    const read = infos.map(({ language, headline, description, instruction }) =>
      [language, headline, description, instruction].flat(),
    );
    const french = [...wanted.texts].sort((a, b) => Number(b.language === 'fr-FR') - Number(a.language === 'fr-FR'));
    expect(read).toEqual(
      french.map((text) => [
        text.language,
        text.headline,
        text.description,
        ...(text.instruction ? [text.instruction] : []),
      ]),
    );
  } else expect(infos[0]?.description).toEqual([document.cancelled?.reason]);
  for (const info of infos) {
    expect(info).toMatchObject({
      severity: [wanted.severity],
      expires: [wanted.expires],
      senderName: [document.source.name],
    });
    const areas = info.area as Facts[];
    expect(areas.flatMap(({ areaDesc }) => areaDesc)).toEqual(wanted.areas);
    expect(
      areas
        .flatMap((area) => (area.geocode as string[]).filter((code) => code.startsWith('INSEE=')))
        .map((code) => code.slice(6)),
    ).toEqual(wanted.communes);
    for (const { polygon } of areas) {
      expect(polygon?.length).toBeGreaterThan(0);
      for (const ring of polygon as string[]) {
        const points = ring.split(' ').map((pair) => pair.split(',').map(Number));
        expect(points.length).toBeLessThanOrEqual(100);
        expect(points[0]).toEqual(points.at(-1));
        for (const [lat = 0, lon = 0] of points) expect(lat > 47.5 && lat < 49.5 && lon > 1.3 && lon < 3.2).toBe(true);
      }
    }
  }
}

const childrenOf = (element: Element, name: string): Element[] =>
  Array.from(element.childNodes).filter(
    (node): node is Element =>
      node.nodeType === 1 && (node as Element).localName === name && (node as Element).namespaceURI === CAP,
  );
const pick = (element: Element, names: readonly string[]): Facts =>
  Object.fromEntries(
    names.map((name) => [name, childrenOf(element, name).map(({ textContent }) => textContent ?? '')]),
  );

function readByXmldom(xml: string): Facts {
  const fail = (_level: string, message: string) => {
    throw new Error(message);
  };
  const root = new DOMParser({ onError: fail }).parseFromString(xml, 'text/xml').documentElement!;
  return {
    ...pick(root, HEAD),
    info: childrenOf(root, 'info').map((info) => ({
      ...pick(info, INFO),
      area: childrenOf(info, 'area').map((area) => ({
        ...pick(area, AREA),
        geocode: childrenOf(area, 'geocode').map((code) =>
          Array.from(code.childNodes, (node) => node.textContent).join('='),
        ),
      })),
    })),
  };
}

const PYTHON = `
import json, sys
from xml.etree import ElementTree
ns = '{${CAP}}'
def pick(element, names): return {name: [child.text or '' for child in element.findall(ns + name)] for name in names}
def area(element): return {**pick(element, ${JSON.stringify(AREA)}), 'geocode': ['='.join(part.text for part in code) for code in element.findall(ns + 'geocode')]}
def info(element): return {**pick(element, ${JSON.stringify(INFO)}), 'area': [area(child) for child in element.findall(ns + 'area')]}
for xml in sys.stdin.buffer.read().split(b'\\0'):
    root = ElementTree.fromstring(xml)
    assert root.tag == ns + 'alert'
    print(json.dumps({**pick(root, ${JSON.stringify(HEAD)}), 'info': [info(child) for child in root.findall(ns + 'info')]}))
`;
const BATCH = 100;

function readByPython(messages: readonly string[]): Facts[] {
  const { stdout, stderr, status } = spawnSync('python3', ['-c', PYTHON], {
    input: messages.join('\0'),
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const hasPython = given(spawnSync('python3', ['--version']).status === 0, 'python3, whose parser is expat');

it('any alert makes a message without fault, in which strangers read the same facts', { timeout: 3600_000 }, () => {
  let batch: { document: AlertDocument; xml: string }[] = [];
  const flush = () => {
    if (hasPython && batch.length > 0)
      for (const [index, facts] of readByPython(batch.map(({ xml }) => xml)).entries())
        compare(batch[index]!.document, facts);
    batch = [];
  };
  fc.assert(
    fc.property(anyAlert, (document) => {
      const { xml, findings } = sealCap(document, ground, signingPair);
      expect(findings.filter(({ level }) => level === 'ERROR')).toEqual([]);
      compare(document, readByXmldom(xml));
      batch.push({ document, xml });
      if (batch.length >= BATCH) flush();
    }),
    budget(100),
  );
  flush();
});
