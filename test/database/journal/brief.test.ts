import { randomUUID as uuid } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { Card } from '../../../src/board/board.ts';
import { sqlOver } from '../../../src/database/sql.ts';
import { readLatest } from '../../../src/journal/journal.queries.ts';
import { StoredEntry } from '../../../src/journal/stored-entry.ts';
import type { Brief, PublicDocument } from '../../../src/publications/document.ts';
import { BRIEF_FIELDS } from '../../../src/publications/kind/brief.ts';
import { testDatabase } from '../../support/database/database.ts';
import { anyDocument } from '../../support/generated/generated-documents.ts';

const { url } = await testDatabase();
const pool = new pg.Pool({ connectionString: url, max: 2 });
afterAll(() => pool.end());

const DOCUMENTS = fc.sample(anyDocument, { numRuns: 300, seed: 7 }).map((document) => ({ ...document, id: uuid() }));

/** All that the board looks up of a publication, without its document. */
const lookedUp = ({ entry: _, brief, ...rest }: Card) => ({ ...rest, communes: [...rest.communes], id: brief.id });

async function stored(documents: readonly PublicDocument[]) {
  const type = uuid();
  for (const document of documents)
    await pool.query(
      `insert into journal_entry (id, subject, type, at, changed_fields, ring, document)
       values ($1, $2, $3, now(), '{}', false, $4)`,
      [uuid(), document.id, type, document],
    );
  const { entries } = await readLatest<PublicDocument, Brief>(
    sqlOver(pool),
    `select id from journal_entry where type = '${type}'`,
    BRIEF_FIELDS,
  );
  return new Map(entries.map((entry) => [entry.subject, entry]));
}

describe('what a hub that starts reads of a publication', () => {
  it('says of every kind of document what the document says', async () => {
    const entries = await stored(DOCUMENTS);
    for (const document of DOCUMENTS) {
      const entry = entries.get(document.id);
      if (!entry) throw new Error(`${document.id} was not read`);
      const { subject, position, atMs } = entry;
      expect(lookedUp(new Card(entry))).toEqual(lookedUp(new Card({ subject, position, atMs, document })));
      expect(JSON.parse(entry.json())).toEqual(document);
      expect(entry.document).toEqual(document);
      expect(JSON.parse(entry.json())).toEqual(document);
      const named = BRIEF_FIELDS.map((field) => [field, (document as Partial<Record<string, unknown>>)[field] ?? null]);
      expect(entry.brief).toEqual(Object.fromEntries(named));
    }
  });

  it('parses a document when somebody reads it, and not before', () => {
    const [document] = DOCUMENTS;
    if (!document) throw new Error('no document');
    const entry = new StoredEntry<PublicDocument, Brief>({
      subject: document.id,
      position: 1,
      atMs: 0,
      brief: document,
      bytes: Buffer.from('{'),
    });
    expect(lookedUp(new Card(entry)).id).toBe(document.id);
    expect(entry.json()).toBe('{');
    expect(() => entry.document).toThrow(SyntaxError);
  });
});
