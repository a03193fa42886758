import { momentOf, rowsOf, type Section, uuids } from './archive-source.ts';

/** Documents may hold the words of forty languages. */
const FEW = 10;

interface EntryRow {
  position: string;
  id: string;
  publication: string;
  change: string;
  at: string;
  changedFields: string[];
  ring: boolean;
  document: string;
}

/** All that became public, as it stands in the journal: it was public, and stays word for word. */
export const entriesSection: Section = async function* ({ sql, threads }) {
  const rows = rowsOf<EntryRow>(
    sql,
    `select position, id, subject as publication, type as change, at, changed_fields as "changedFields", ring,
       document::text as document
     from journal_entry where subject = any(?::uuid[]) order by position`,
    [uuids(threads)],
    FEW,
  );
  for await (const { position, at, document, ...row } of rows)
    yield {
      type: 'entry',
      position: Number(position),
      ...row,
      at: momentOf(at),
      raw: { field: 'document', json: document },
    };
};

interface ConfirmationRow {
  id: string;
  publication: string;
  at: string;
  by: string;
  order: { authority: string; by: string; decidedAt: string };
  act: string;
  url: string | null;
  confirmedAt: string;
}

/** The acts behind oral orders that were told without a revision: public, but for the person who told them. */
export const confirmationsSection: Section = async function* ({ sql, threads, people }) {
  const rows = rowsOf<ConfirmationRow>(
    sql,
    `select id, dossier_id as publication, at, by_id as by, oral_order as "order", act, url, confirmed_at as "confirmedAt"
     from decision_confirmation where dossier_id = any(?::uuid[]) order by at, id`,
    [uuids(threads)],
  );
  for await (const { at, by, confirmedAt, ...row } of rows)
    yield {
      type: 'confirmation',
      ...row,
      at: momentOf(at),
      by: people.of(by),
      confirmedAt: momentOf(confirmedAt),
    };
};

interface SealRow {
  identifier: string;
  publication: string;
  revision: number;
  sealedAt: string;
  sha256: string;
  xml: string;
}

/** CAP messages as they left: their own signatures hold in the archive too. */
export const capSection: Section = async function* ({ sql, threads }) {
  const rows = rowsOf<SealRow>(
    sql,
    `select identifier, thread as publication, revision, sealed_at as "sealedAt", sha256, convert_from(bytes, 'UTF8') as xml
     from cap_seal where thread = any(?::uuid[]) order by sealed_at, identifier`,
    [uuids(threads)],
    FEW,
  );
  for await (const { sealedAt, sha256, xml, ...row } of rows)
    yield { type: 'cap', ...row, at: momentOf(sealedAt), sha256, xml };
};

interface PostRow {
  publication: string;
  network: string;
  revision: number;
  happened: string;
  at: string;
  by: string;
}

export const postsSection: Section = async function* ({ sql, threads, people }) {
  const rows = rowsOf<PostRow>(
    sql,
    `select publication_id as publication, network, revision, happened, at, by_id as by
     from social_post where publication_id = any(?::uuid[]) order by at, id`,
    [uuids(threads)],
  );
  for await (const { at, by, ...row } of rows) yield { type: 'post', ...row, at: momentOf(at), by: people.of(by) };
};
