import { withSession } from '../database/cluster.ts';

/**
 * Makes an incident long, past the hub and its triggers but for those of the log: lines of some words, and copies of an alert of
 * its own, each with its dossier, revision, approval, entries of the journal and CAP message.
 */
export const lengthenIncident = (
  url: string,
  { incident, alert, lines, copies }: { incident: string; alert: string; lines: number; copies: number },
): Promise<void> =>
  withSession(url, async (session) => {
    const run = (statement: string, ...values: unknown[]) => session.query(statement, values);
    await run('begin');
    await run(
      `with made as (
         select gen_random_uuid() as id, n, md5(n::text) as salt, 'Ligne ' || n || ' : appel de Mme Zerbino, 06 12 34 56 ' || lpad((n % 100)::text, 2, '0')
           || ', ' || repeat('l’eau monte rue Gambetta, deux caves sont noyées. ', 5) as text
         from generate_series(1, $2::int) n),
       line as (
         insert into log_line (id, incident_id, kind, happened_at, written_at, by_id, important, audience, communes, words_hash)
         select id, $1, 'MESSAGE_IN', now() - interval '1 hour', now(), (select id from account order by created_at limit 1), false, 'CELL',
           '{91345}', encode(sha256(convert_to(concat_ws(E'\\n', salt, 'téléphone', 'Maire de Longjumeau', '', text), 'UTF8')), 'hex')
         from made order by n returning id)
       insert into log_words (line_id, salt, means, sender, recipient, text)
       select m.id, m.salt, 'téléphone', 'Maire de Longjumeau', null, m.text from made m join line l on l.id = m.id`,
      incident,
      lines,
    );
    await run('commit');
    await run('set session_replication_role = replica');
    const copy = (table: string, where: string, more: string) =>
      run(
        `insert into ${table} select (jsonb_populate_record(x, ${more})).* from ${table} x, generate_series(1, $2::int) n where ${where} = $1::uuid`,
        alert,
        copies,
      );
    const id = 'md5(($1::uuid)::text || n)::uuid';
    await copy('dossier', 'x.id', `jsonb_build_object('id', ${id})`);
    await copy('revision', 'x.dossier_id', `jsonb_build_object('id', md5(x.id::text || n)::uuid, 'dossier_id', ${id})`);
    await copy(
      'journal_entry',
      'x.subject',
      `jsonb_build_object('id', md5(x.id::text || n)::uuid, 'subject', ${id}, 'position', x.position + 1000 * n)`,
    );
    await copy('cap_seal', 'x.thread', `jsonb_build_object('identifier', x.identifier || n, 'thread', ${id})`);
    await run('set session_replication_role = default');
  });
