import { describe, expect, it } from 'vitest';
import { administrationDesk } from '../../support/desk/administration-desk.ts';

const desk = await administrationDesk();
const { asAdmin, owner, tokenOf, accept, person, managed, first, asOwner } = desk;

const DEPARTEMENT = '01900000-0000-7000-8000-000000000091';
interface Organisation {
  id: string;
  version: number;
  kind: string;
  name: string;
  shortName: string;
  endedAt: string | null;
}
const FIELDS = 'id version kind name shortName endedAt';

async function done<T>(answer: ReturnType<typeof asAdmin>): Promise<T> {
  const { data, code, message } = await answer;
  if (!data) throw new Error(`${code}: ${message}`);
  return data as T;
}
const tryToCreate = (name: string, shortName = 'Asso', kind = 'ASSOCIATION') =>
  asAdmin(
    'admin',
    `mutation ($kind: OrganisationKind!, $name: String!, $shortName: String!) {
       createOrganisation(kind: $kind, name: $name, shortName: $shortName) { organisation { ${FIELDS} } } }`,
    { kind, name, shortName },
  );
const create = async (name: string) =>
  (await done<{ createOrganisation: { organisation: Organisation } }>(tryToCreate(name))).createOrganisation
    .organisation;
const rename = ({ id, version }: { id: string; version: number }, name: string) =>
  asAdmin(
    'admin',
    `mutation ($id: ID!, $version: Int!, $name: String!) {
       renameOrganisation(id: $id, version: $version, name: $name, shortName: "Nouveau") { organisation { ${FIELDS} } } }`,
    { id, version, name },
  );
const close = ({ id, version }: { id: string; version: number }) =>
  asAdmin(
    'admin',
    `mutation ($id: ID!, $version: Int!) { closeOrganisation(id: $id, version: $version) { organisation { ${FIELDS} } } }`,
    { id, version },
  );
const move = async (id: string, organisation: string, admin: 'admin' | 'admin2' = 'admin') => {
  const { version } = (await managed(id)).administration;
  return asAdmin(
    admin,
    `mutation ($id: ID!, $version: Int!, $organisation: ID!) {
       moveAccount(id: $id, version: $version, organisation: $organisation) { account { id administration { organisation { id name } } } } }`,
    { id, version, organisation },
  );
};
const inviteTo = async (organisation: string | null) =>
  (
    await done<{ inviteAccount: { secret: string; invitation: { organisation: Organisation | null } } }>(
      asAdmin(
        'admin',
        `mutation ($organisation: ID) { inviteAccount(name: "Luc", roles: [EDITOR], organisation: $organisation) {
           secret invitation { id organisation { id name } } } }`,
        { organisation },
      ),
    )
  ).inviteAccount;
const listed = async () =>
  (
    await done<{ organisations: { nodes: Organisation[] } }>(
      asAdmin('admin', `{ organisations(first: 100) { nodes { ${FIELDS} } } }`),
    )
  ).organisations.nodes;
const organisationOf = async (account: string): Promise<string> => {
  const { accounts } = await done<{
    accounts: { nodes: { id: string; administration: { organisation: { id: string } } }[] };
  }>(asAdmin('admin', '{ accounts(first: 100) { nodes { id administration { organisation { id } } } } }'));
  return accounts.nodes.find(({ id }) => id === account)!.administration.organisation.id;
};
const entriesOf = (action: string) =>
  owner<{ subject: string; state_before: string | null; state_after: string | null }>(
    'select subject, state_before, state_after from audit_entry where action = $1 order by position desc',
    action,
  );

describe('organisations', () => {
  it('begin with that of the Département, to which every account belongs that nobody put elsewhere', async () => {
    expect(await listed()).toContainEqual({
      id: DEPARTEMENT,
      version: 1,
      kind: 'DEPARTEMENT',
      name: 'Département de l’Essonne',
      shortName: 'Département',
      endedAt: null,
    });
    expect(await organisationOf(await person('somebody', ['EDITOR']))).toBe(DEPARTEMENT);
    expect(await close({ id: DEPARTEMENT, version: 1 })).toMatchObject({ code: 'WRONG_STAGE' });
  });

  it('are created, renamed and closed, each on record with what it changed', async () => {
    const made = await create('Visov');
    expect(made).toMatchObject({ version: 1, kind: 'ASSOCIATION', name: 'Visov', shortName: 'Asso', endedAt: null });
    const { renameOrganisation } = await done<{ renameOrganisation: { organisation: Organisation } }>(
      rename(made, 'Visov Essonne'),
    );
    const renamed = renameOrganisation.organisation;
    expect(renamed).toEqual({ ...made, version: 2, name: 'Visov Essonne', shortName: 'Nouveau' });
    expect(await rename(made, 'Autre')).toMatchObject({ code: 'CONFLICT' });
    await done(close(renamed));
    expect((await listed()).find(({ id }) => id === made.id)).toMatchObject({
      version: 3,
      endedAt: expect.any(String),
    });
    const closed = { id: made.id, version: 3 };
    expect([await rename(closed, 'Autre'), await close(closed)]).toMatchObject(Array(2).fill({ code: 'WRONG_STAGE' }));
    for (const action of ['createOrganisation', 'renameOrganisation', 'closeOrganisation']) {
      const [entry] = await entriesOf(action);
      expect(entry).toMatchObject({ subject: made.id, state_after: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect(entry?.state_before).not.toBe(entry?.state_after);
    }
  });

  it('have names of their own, in any case, which a closed one leaves free', async () => {
    const made = await create('Croix-Rouge');
    const faults = [
      await tryToCreate('CROIX-ROUGE'),
      await tryToCreate(' '),
      await tryToCreate('x'.repeat(201)),
      await tryToCreate('Longue', 'x'.repeat(41)),
      await rename(await create('Croix-Blanche'), 'Croix-rouge'),
    ];
    expect(faults.map(({ code }) => code)).toEqual(Array(5).fill('INVALID_INPUT'));
    expect(faults.map(({ message }) => message)).toMatchObject([
      expect.stringContaining('name'),
      expect.stringContaining('name'),
      expect.stringContaining('name'),
      expect.stringContaining('shortName'),
      expect.stringContaining('name'),
    ]);
    expect((await rename(made, 'Croix-ROUGE')).code).toBeUndefined();
    await done(close({ ...made, version: 2 }));
    await create('Croix-Rouge');
  });

  it('of one name are not made twice at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => tryToCreate('Protection civile')));
    expect(answers.map(({ code }) => code).sort()).toEqual([...Array(7).fill('INVALID_INPUT'), undefined]);
  });

  it('are read by staff, and changed by an ADMIN alone', async () => {
    const { organisations } = await first
      .as('editor')
      .request<{ organisations: { nodes: object[] } }>('{ organisations(first: 1) { nodes { id } } }');
    expect(organisations.nodes).toHaveLength(1);
  });
});

describe('an account', () => {
  it('is moved by an ADMIN, who is not its own', async () => {
    const { id } = await create('Sdis de l’Essonne');
    const account = await person('fireman', ['EDITOR']);
    expect((await move(account, id)).code).toBeUndefined();
    expect(await organisationOf(account)).toBe(id);
    expect((await entriesOf('moveAccount'))[0]).toMatchObject({ subject: account });
    expect(await move(account, '01900000-0000-7000-8000-00000000dead')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await move(account, 'nothing')).toMatchObject({ code: 'NOT_FOUND' });
    const [admin] = await owner<{ id: string }>(`select id from account where subject = 'admin'`);
    expect(await move(admin!.id, id)).toMatchObject({ code: 'INVALID_INPUT' });
    expect((await move(admin!.id, DEPARTEMENT, 'admin2')).code).toBeUndefined();
  });

  it('keeps its organisation from closing, until it is disabled, and comes back into one that is open', async () => {
    const made = await create('Mairie de Longjumeau');
    const account = await person('mayor', ['EDITOR']);
    await done(move(account, made.id));
    expect(await close(made)).toMatchObject({ code: 'WRONG_STAGE', message: expect.stringContaining('1 account') });
    const disable = (mutation: string, version: number) =>
      asAdmin('admin', `mutation ($id: ID!, $version: Int!) { ${mutation}(id: $id, version: $version) { asOf } }`, {
        id: account,
        version,
      });
    await done(disable('disableAccount', 2));
    await done(close(made));
    expect(await disable('enableAccount', 3)).toMatchObject({ code: 'WRONG_STAGE' });
    expect(await move(account, made.id)).toMatchObject({ code: 'WRONG_STAGE' });
    await done(move(account, DEPARTEMENT));
    await done(disable('enableAccount', 4));
  });
});

describe('an invitation', () => {
  it('puts its person into the organisation that it names', async () => {
    const { id } = await create('Préfecture de l’Essonne');
    const { secret, invitation } = await inviteTo(id);
    expect(invitation.organisation).toEqual({ id, name: 'Préfecture de l’Essonne' });
    const { acceptInvitation } = await done<{ acceptInvitation: { account: { id: string } } }>(
      accept(await tokenOf('prefect'), secret),
    );
    expect(await organisationOf(acceptInvitation.account.id)).toBe(id);
  });

  it('without one brings somebody new to the Département, and leaves everybody else where they are', async () => {
    const token = await tokenOf('mover');
    const accepted = async () => {
      const { secret } = await inviteTo(null);
      const { acceptInvitation } = await done<{ acceptInvitation: { account: { id: string } } }>(accept(token, secret));
      return acceptInvitation.account.id;
    };
    const account = await accepted();
    expect(await organisationOf(account)).toBe(DEPARTEMENT);
    const { id } = await create('SNCF Réseau');
    await done(move(account, id));
    await accepted();
    expect(await organisationOf(account)).toBe(id);
  });

  it('names one that is there and open, also at its acceptance', async () => {
    await expect(inviteTo('01900000-0000-7000-8000-00000000dead')).rejects.toThrow('NOT_FOUND');
    const made = await create('Éphémère');
    const { secret } = await inviteTo(made.id);
    await done(close(made));
    await expect(inviteTo(made.id)).rejects.toThrow('WRONG_STAGE');
    const token = await tokenOf('late');
    expect(await accept(token, secret)).toMatchObject({ code: 'WRONG_STAGE' });
    expect(await owner(`select 1 from account where subject = 'late'`)).toEqual([]);
  });

  it('never changes its organisation', async () => {
    await inviteTo(null);
    await expect(asOwner(`update invitation set organisation_id = '${DEPARTEMENT}'`)).rejects.toMatchObject({
      code: 'TOC02',
    });
  });
});
