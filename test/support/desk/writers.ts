import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { withSession } from '../database/cluster.ts';
import { startHub } from '../hub/hub.ts';
import { publishNew } from './desk.ts';

const OBSERVE = `mutation ($id: ID!, $at: DateTime!, $note: String) {
  observeClosure(id: $id, state: IN_PLACE, observedAt: $at, note: $note) { publication { observed { note } } }
}`;

/** Where somebody writes: of which closure, and the note that is not answered yet. */
interface Desk {
  closure: string;
  waiting: string | undefined;
}

/**
 * People who note without a pause what they see of a closure, each of one of their own. Each note is an Idempotency-Key
 * too: what was refused, or got no answer, is sent again to the next hub.
 */
export class Writers {
  /** The notes whose writers were told that they are there. */
  readonly told: string[] = [];
  readonly #databaseUrl: string;
  readonly #token: () => string | Promise<string>;
  readonly #desks: Desk[] = [];

  /** `token` is asked for as often as somebody begins to write. */
  constructor(databaseUrl: string, token: () => string | Promise<string>) {
    this.#databaseUrl = databaseUrl;
    this.#token = token;
  }

  /** Publishes a closure for each. */
  async prepare(count: number): Promise<void> {
    const hub = await startHub({ url: this.#databaseUrl });
    for (let at = 0; at < count; at++)
      this.#desks.push({ closure: (await publishNew(hub, 'Closure')).id, waiting: undefined });
    await hub.close();
  }

  /** All write until the hub takes nothing more. After `enough` answers `end` is called, once; before, none may be refused. */
  async write({ url, enough, end }: { url: string; enough: number; end(): void }): Promise<void> {
    const token = await this.#token();
    let answers = 0;
    await Promise.all(
      this.#desks.map(async (desk) => {
        while (await this.#send(url, token, desk)) {
          answers += 1;
          if (answers === enough) end();
        }
        if (answers < enough) throw new Error(`refused after ${answers} answers`);
      }),
    );
  }

  /** All send once more what was refused or not answered. */
  async settle(url: string): Promise<void> {
    const token = await this.#token();
    for (const desk of this.#desks)
      if (desk.waiting && !(await this.#send(url, token, desk))) throw new Error('refused, with no end in sight');
  }

  /** The notes in the journal, in its order. */
  async inJournal(): Promise<string[]> {
    const found = await withSession(this.#databaseUrl, (session) =>
      session.query<{ note: string }>(
        `select document->'observed'->>'note' as note from journal_entry where type = 'OBSERVED' order by position`,
      ),
    );
    return found.rows.map(({ note }) => note);
  }

  /** False where it was refused: by UNAVAILABLE, or by a connection that did not come about, or ended. Throws for what is wrong. */
  async #send(url: string, token: string, desk: Desk): Promise<boolean> {
    desk.waiting ??= `${randomUUID()}@${new Date().toISOString()}`;
    const [note = '', at] = [desk.waiting, desk.waiting.split('@')[1]];
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'idempotency-key': note },
      body: JSON.stringify({ query: OBSERVE, variables: { id: desk.closure, at, note } }),
    })
      .then(async (response) => ({ status: response.status, body: await response.json() }))
      .catch(() => undefined);
    if (!answer || answer.status === 503 || answer.body.errors?.[0].extensions.code === 'UNAVAILABLE') return false;
    if (answer.body.data?.observeClosure?.publication.observed.note !== note) throw new Error(JSON.stringify(answer));
    this.told.push(note);
    desk.waiting = undefined;
    return true;
  }
}

/** The editor's token of a hub in another process, which makes it as it starts. */
export const editorOf = (dataDir: string) => async (): Promise<string> =>
  JSON.parse(await readFile(path.join(dataDir, 'dev-tokens.json'), 'utf8')).editor;
