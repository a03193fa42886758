import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DEPARTEMENT,
  endRule,
  moveTo,
  onRule,
  organisationOf,
  proposeRule,
  RULE,
  type Rule,
  ruleInForce,
  ruleInput,
} from '../../support/crisis-cell/signature-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { refusal } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** How two administrators make rules of signature, and end them (I-46). */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

let sdis = '';
beforeAll(async () => {
  sdis = await organisationOf(hub, 'SDIS', 'Sdis 91');
  // Accounts are made at the first visit.
  for (const persona of ['validator', 'validator2', 'admin2'] as const)
    await hub.as(persona).request('{ viewer { id } }');
  await moveTo(hub, 'validator2', sdis);
});

const actionsOn = (id: string) =>
  withSession(url, async (session) => {
    const { rows } = await session.query<{ action: string; changed: boolean }>(
      `select action, state_before is distinct from state_after as changed from audit_entry where subject = $1 order by position`,
      [id],
    );
    return rows.map(({ action, changed }) => `${action} ${changed}`);
  });
const listed = async (): Promise<Rule[]> =>
  (
    await hub
      .as('editor')
      .request<{ signatureRules: { nodes: Rule[] } }>(`{ signatureRules(first: 100) { nodes { ${RULE} } } }`)
  ).signatureRules.nodes;

describe('a rule of signature', () => {
  it('is proposed by one ADMIN, put in force by another, and ended by two, each on record', async () => {
    const proposed = await proposeRule(hub, ruleInput(['PREFECTURE', 'SDIS', 'SDIS'], { severityAtLeast: 'EXTREME' }));
    expect(proposed).toMatchObject({
      version: 1,
      state: 'PROPOSED',
      needs: [{ anyOf: ['SDIS', 'PREFECTURE'], count: 1 }],
      outOfReach: [],
      proposedBy: { name: 'Administration' },
      approvedBy: null,
    });
    expect((await refusal(onRule(hub, 'approveSignatureRule', 'admin', proposed))).code).toBe('FORBIDDEN');
    const inForce = await onRule(hub, 'approveSignatureRule', 'admin2', proposed);
    expect(inForce).toMatchObject({
      version: 2,
      state: 'IN_FORCE',
      approvedBy: { name: 'Direction (administration)' },
      endAskedBy: null,
    });
    expect((await refusal(onRule(hub, 'approveSignatureRule', 'admin2', inForce))).code).toBe('WRONG_STAGE');
    const asked = await onRule(hub, 'endSignatureRule', 'admin2', inForce);
    expect(asked).toMatchObject({ version: 3, state: 'IN_FORCE', endAskedBy: { name: 'Direction (administration)' } });
    expect((await refusal(onRule(hub, 'endSignatureRule', 'admin2', asked))).code).toBe('FORBIDDEN');
    const ended = await onRule(hub, 'endSignatureRule', 'admin', asked);
    expect(ended).toMatchObject({ version: 4, state: 'ENDED', endedBy: { name: 'Administration' } });
    for (const name of ['approveSignatureRule', 'endSignatureRule'] as const)
      expect((await refusal(onRule(hub, name, 'admin2', ended))).code).toBe('WRONG_STAGE');
    expect((await refusal(onRule(hub, 'endSignatureRule', 'admin2', asked))).code).toBe('CONFLICT');
    expect(await actionsOn(ended.id)).toEqual([
      'proposeSignatureRule true',
      'approveSignatureRule true',
      'endSignatureRule true',
      'endSignatureRule true',
    ]);
    expect((await listed())[0]).toEqual(ended);
  });

  it('that was only proposed is taken back at once, by anybody who may propose one', async () => {
    for (const admin of ['admin', 'admin2'] as const) {
      const taken = await onRule(hub, 'endSignatureRule', admin, await proposeRule(hub, ruleInput(['SDIS'])));
      expect(taken).toMatchObject({ state: 'ENDED', approvedBy: null, endAskedBy: null });
    }
  });

  it.each<[string, object, string[]]>([
    ['no name', { name: ' ' }, ['input.name']],
    ['a name too long', { name: 'x'.repeat(201) }, ['input.name']],
    ['a name with half a sign', { name: 'Sdis \ud800' }, ['input.name']],
    ['no kind', { kinds: [] }, ['input.kinds']],
    ['no need', { needs: [] }, ['input.needs']],
    ['too many needs', { needs: Array(11).fill({ anyOf: ['SDIS'] }) }, ['input.needs']],
    ['a need of nobody', { needs: [{ anyOf: [] }] }, ['input.needs.0.anyOf']],
    ['a count of none', { needs: [{ anyOf: ['SDIS'], count: 0 }] }, ['input.needs.0.count']],
    ['a count beyond bounds', { needs: [{ anyOf: ['SDIS'], count: 10 }] }, ['input.needs.0.count']],
    ['a gravity of what has none', { kinds: ['ALERT', 'EVENT'], severityAtLeast: 'SEVERE' }, ['input.kinds.1']],
    ['an order of what gives none', { kinds: ['CLOSURE'], responseTypes: ['EVACUATE'] }, ['input.kinds.0']],
    ['people who are not there', { needs: [{ anyOf: ['SDIS'] }, { anyOf: ['COMMUNE'] }] }, ['input.needs.1']],
    ['more people than there are', { needs: [{ anyOf: ['SDIS', 'PREFECTURE'], count: 2 }] }, ['input.needs.0']],
  ])('is refused with %s, and nothing is written', async (_what, more, paths) => {
    const before = (await listed()).length;
    const { code, fields } = await refusal(proposeRule(hub, ruleInput(['SDIS'], more)));
    expect([code, (fields as { path: string }[]).map(({ path }) => path)]).toEqual(['INVALID_INPUT', paths]);
    expect(await listed()).toHaveLength(before);
  });

  it('that too few people could meet by now is not put in force, and shows that', async () => {
    const proposed = await proposeRule(hub, ruleInput(['SDIS']));
    await moveTo(hub, 'validator2', DEPARTEMENT);
    expect(await refusal(onRule(hub, 'approveSignatureRule', 'admin2', proposed))).toMatchObject({
      code: 'WRONG_STAGE',
    });
    expect((await listed())[0]?.outOfReach).toEqual([{ anyOf: ['SDIS'], count: 1 }]);
    await moveTo(hub, 'validator2', sdis);
    const { state, outOfReach } = await onRule(hub, 'approveSignatureRule', 'admin2', proposed);
    expect([state, outOfReach]).toEqual(['IN_FORCE', []]);
    await endRule(hub, { ...proposed, version: 2 });
  });

  it('of which many ask the same at one moment is changed once', async () => {
    const proposed = await proposeRule(hub, ruleInput(['SDIS']));
    const tried = await Promise.allSettled(
      Array.from({ length: 8 }, () => onRule(hub, 'approveSignatureRule', 'admin2', proposed)),
    );
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const inForce = { ...proposed, version: 2 };
    const ends = await Promise.allSettled(
      (['admin', 'admin2'] as const).map((admin) => onRule(hub, 'endSignatureRule', admin, inForce)),
    );
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await listed())[0]).toMatchObject({ version: 3, state: 'IN_FORCE' });
    for (const admin of ['admin', 'admin2'] as const)
      await onRule(hub, 'endSignatureRule', admin, { ...proposed, version: 3 }).catch(() => undefined);
    expect((await listed())[0]).toMatchObject({ version: 4, state: 'ENDED' });
  });

  it('whose end was asked for by somebody who is no ADMIN any more waits for a second one again', async () => {
    const rule = await ruleInForce(hub, ruleInput(['SDIS']));
    const asked = await onRule(hub, 'endSignatureRule', 'admin2', rule);
    await withSession(url, (session) =>
      session.query(
        `set session_replication_role = replica; update account set roles = '{EDITOR}' where subject = 'admin2'`,
      ),
    );
    const again = await onRule(hub, 'endSignatureRule', 'admin', asked);
    expect(again).toMatchObject({ state: 'IN_FORCE', endAskedBy: { name: 'Administration' } });
    await withSession(url, (session) =>
      session.query(
        `set session_replication_role = replica; update account set roles = '{ADMIN}' where subject = 'admin2'`,
      ),
    );
    expect((await onRule(hub, 'endSignatureRule', 'admin2', again)).state).toBe('ENDED');
  });
});
