import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import type { NamedOrganisation } from '../../../src/access/organisations/organisation.rules.ts';
import type { PublicReads } from '../../../src/board/public-reads.ts';
import { PublicationResolver } from '../../../src/board/publication.resolver.ts';
import { capMessage } from '../../../src/formats/cap/message.ts';
import type { AlertDocument } from '../../../src/publications/alert/alert.content.ts';
import { serialize } from '../../../src/xml/write.ts';
import { alertDocument, completeAlert } from '../../support/generated/alerts.ts';
import { territory } from '../../support/hub/hub.ts';

const SDIS: NamedOrganisation = { kind: 'SDIS', name: 'Sdis <91> & Cie', shortName: 'Sdis' };
const history = (document: AlertDocument) => new PublicationResolver({} as PublicReads).history(document);
const messageOf = (document: AlertDocument) =>
  serialize(capMessage(document, { territory, publicUrl: 'https://tocsin.example' }));

describe('a revision', () => {
  it('from before organisations were kept has none, and the message that it had', () => {
    const document = alertDocument(completeAlert());
    expect(document.history[0]).not.toHaveProperty('publisher');
    expect(document.history[0]).not.toHaveProperty('signatories');
    expect(history(document)).toMatchObject([{ publisher: null, signatories: [] }]);
    expect(messageOf(document)).not.toMatch(/published_by|signed_by/);
    expect(messageOf(document)).toContain('<senderName>Département de l’Essonne</senderName>');
  });

  it('keeps its own beside those of a later one, whose message names them', () => {
    const before = alertDocument(completeAlert());
    const document = alertDocument(completeAlert({ contact: 'Sdis' }), before, {
      publisher: SDIS,
      signatories: [SDIS],
    });
    expect(history(document)).toMatchObject([
      { publisher: null, signatories: [] },
      { publisher: SDIS, signatories: [SDIS] },
    ]);
    const message = messageOf(document);
    expect(message).toContain('<senderName>Sdis &lt;91&gt; &amp; Cie</senderName>');
    expect(message.match(/<valueName>signed_by<\/valueName>/g)).toHaveLength(2);
  });
});
