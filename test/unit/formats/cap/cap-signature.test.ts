import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sealCap } from '../../../../src/formats/cap/seal.ts';
import { makePair } from '../../../../src/formats/cap/signing-pair.ts';
import { alertDocument, completeAlert } from '../../../support/generated/alerts.ts';
import { given } from '../../../support/given.ts';
import { territory } from '../../../support/hub/hub.ts';
import { xmlCryptoAccepts } from '../../../support/receivers/xml-signature.ts';

/** Signatures as tools that are not ours see them: xml-crypto, and xmlsec1 of the system. */
const now = new Date();
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
};
const pairs = await Promise.all(
  (
    [
      ['ECDSA', undefined],
      ['RSA', RSA],
    ] as const
  ).map(async ([name, algorithm]) => {
    const pem = await makePair(now, algorithm);
    return { name, key: createPrivateKey(pem), certificate: new X509Certificate(pem) };
  }),
);
const document = alertDocument(
  completeAlert({
    texts: [
      {
        language: 'fr-FR',
        headline: 'Crue & boue < 1 m « à l’Yvette » 🌊',
        description: 'Deux\nlignes ]]> et "fin"\t\u200f.',
        instruction: null,
      },
    ],
  }),
);
const folder = mkdtempSync(join(tmpdir(), 'tocsin-xmlsec-'));
afterAll(() => rmSync(folder, { recursive: true }));

function xmlsecAccepts(xml: string, certificate: X509Certificate): boolean {
  const [message, trusted] = [join(folder, 'message.xml'), join(folder, 'trusted.pem')];
  writeFileSync(message, xml);
  writeFileSync(trusted, certificate.toString());
  const options = ['--verify', '--enabled-key-data', 'x509', '--trusted-pem', trusted, message];
  return spawnSync('xmlsec1', options, { stdio: 'ignore' }).status === 0;
}

const hasXmlsec = (() => {
  try {
    execFileSync('xmlsec1', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const tools = [
  { tool: 'xml-crypto', accepts: xmlCryptoAccepts, there: true },
  { tool: 'xmlsec1', accepts: xmlsecAccepts, there: given(hasXmlsec, 'xmlsec1 (apt install xmlsec1)') },
];

describe.each(pairs)('a message signed with $name', (pair) => {
  const { xml, findings } = sealCap(document, { territory, publicUrl: 'https://alertes.example' }, pair);
  const other = pairs.find(({ name }) => name !== pair.name)!;

  it('breaks no rule, but for what it lacks', () => {
    expect(findings.filter(({ level }) => level === 'ERROR')).toEqual([]);
  });

  it.each(tools.filter(({ there }) => there))('is accepted by $tool', ({ accepts }) => {
    expect(accepts(xml, pair.certificate)).toBe(true);
  });

  it.each(tools.filter(({ there }) => there))('is refused by $tool once a byte has changed', ({ accepts }) => {
    for (const [before, after] of [
      ['boue', 'bove'],
      ['2016-06-04T12', '2016-06-04T13'],
      ['Severe', 'Sevare'],
    ] as const)
      expect(accepts(xml.replace(before, after), pair.certificate)).toBe(false);
  });

  it.each(tools.filter(({ there }) => there))(
    'is refused by $tool for the certificate of somebody else',
    ({ accepts }) => {
      expect(accepts(xml, other.certificate)).toBe(false);
    },
  );
});
