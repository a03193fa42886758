import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, publishNew, refusal } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import {
  institutions,
  invite,
  lettersTo,
  linkIn,
  mailBy,
  mandate,
  post,
  saveInstitution,
} from '../../support/institutions/mail-desk.ts';
import { startMailServer } from '../../support/receivers/mail-server.ts';

const { url } = await testDatabase();
const relay = await startMailServer({ closes: afterAll });
const hub = await startHub({ url, more: { mail: mailBy(relay) } });
const withoutMail = await startHub({ url });
afterAll(async () => {
  await withoutMail.close();
  await hub.close();
});

const alert = (headline: string) =>
  alertInput({
    texts: [{ language: 'fr-FR', headline, description: 'Le bas de la ville est inondé.', instruction: 'Montez.' }],
  });
const stateOf = async (name: string) => (await institutions(hub, name))[0]?.mailboxes.map(({ state }) => state);

describe('an institution', () => {
  it('is saved, saved anew, and found by words of its name', async () => {
    const made = await saveInstitution(hub, {
      name: 'Mairie de Brunoy',
      communes: ['91114'],
      kinds: ['ALERT', 'ALERT'],
    });
    expect(made).toMatchObject({
      version: 1,
      communes: [{ code: '91114' }],
      kinds: ['ALERT'],
      language: 'fr-FR',
      exercises: false,
    });
    const { id, version } = made;
    const again = await saveInstitution(
      hub,
      { id, version, name: 'Ville de Brunoy', severityAtLeast: 'SEVERE' },
      'admin',
    );
    expect(again).toMatchObject({ id, version: 2, communes: null, kinds: null, severityAtLeast: 'SEVERE' });
    expect((await institutions(hub, ' de brunoy ')).map(({ name }) => name)).toEqual(['Ville de Brunoy']);
    expect(await refusal(saveInstitution(hub, { id, version, name: 'Autre' }))).toMatchObject({
      code: 'CONFLICT',
      currentVersion: 2,
    });
  });

  it.each([
    [{ communes: ['99999'] }, 'input.communes.0'],
    [{ communes: [] }, 'input.communes'],
    [{ name: ' ' }, 'input.name'],
    [{ name: 'x'.repeat(201) }, 'input.name'],
    [{ kinds: [] }, 'input.kinds'],
    [{ version: 1 }, 'input.version'],
  ])('with %j is refused, and says which field', async (more, path) => {
    const { fields } = (await refusal(saveInstitution(hub, more))) as unknown as { fields: { path: string }[] };
    expect(fields.map((fault) => fault.path)).toContain(path);
  });

  it('is nobody’s to see but staff’s', async () => {
    for (const persona of ['volunteer', 'checker', 'scheduler'] as const)
      expect(await refusal(institutions(hub, null, persona))).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('a mailbox', () => {
  it('gets one letter, and after its button was pressed the next alert', async () => {
    const address = 'accueil@longjumeau.example';
    const { id } = await saveInstitution(hub, { name: 'Mairie A', communes: ['91345'] });
    await invite(hub, id, address);
    const [invitation] = await lettersTo(relay, address, 1);
    expect(invitation).toMatchObject({ subject: 'Recevoir les informations d’urgence par courriel : à confirmer' });
    expect(invitation!.text).toContain('Mairie A');
    const link = linkIn(invitation!, 'confirm');
    // A program that looks at every link, and one that posts whatever it finds.
    for (const method of ['GET', 'HEAD']) await fetch(`${hub.url}${link}`, { method });
    expect((await post(hub, link)).status).toBe(400);
    expect((await post(hub, link, 'List-Unsubscribe=One-Click')).status).toBe(400);
    await publishNew(hub, 'Alert', alert('Avant la confirmation'));
    expect(await stateOf('Mairie A')).toEqual(['INVITED']);
    const page = await fetch(`${hub.url}${link}`);
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(await page.text()).toContain('<form method="post"><input type="hidden" name="confirm" value="yes">');
    expect((await post(hub, link, 'confirm=yes')).status).toBe(200);
    expect(await stateOf('Mairie A')).toEqual(['CONFIRMED']);
    await publishNew(hub, 'Alert', alert('Après la confirmation'));
    const letters = await lettersTo(relay, address, 2);
    expect(letters.map(({ subject }) => subject)).toEqual([invitation!.subject, 'Après la confirmation']);
    expect(letters[1]!.text).toContain('Le bas de la ville est inondé.');
    expect(letters[1]!.text).toContain(`${hub.url}/publications/`);
    expect(letters[1]!.html).toContain('Montez.');
  });

  it('is left by one click, and by a page with a button; never by a look at it', async () => {
    const one = 'un@ville.example';
    const other = 'deux@ville.example';
    const { id } = await saveInstitution(hub, { name: 'Mairie B', communes: ['91345'] });
    for (const address of [one, other]) await mandate(hub, (await invite(hub, id, address)).id);
    await publishNew(hub, 'Alert', alert('Crue B'));
    const [letter] = await lettersTo(relay, one, 1, 'Crue B');
    const [second] = await lettersTo(relay, other, 1, 'Crue B');
    expect(letter!.headers['list-unsubscribe']).toBe(`<${hub.url}${linkIn(letter!, 'leave')}>`);
    const link = linkIn(letter!, 'leave');
    for (const method of ['GET', 'HEAD']) await fetch(`${hub.url}${link}`, { method });
    expect((await post(hub, link)).status).toBe(400);
    expect((await post(hub, link, 'confirm=yes')).status).toBe(400);
    expect(await stateOf('Mairie B')).toEqual(['MANDATED', 'MANDATED']);
    // As mail programs send it, in either of the two forms of RFC 8058.
    expect((await post(hub, link, 'List-Unsubscribe=One-Click')).status).toBe(200);
    const form = new FormData();
    form.set('List-Unsubscribe', 'One-Click');
    const multipart = await fetch(`${hub.url}${linkIn(second!, 'leave')}`, { method: 'POST', body: form });
    expect(multipart.status).toBe(200);
    expect(await stateOf('Mairie B')).toEqual(['LEFT', 'LEFT']);
    expect((await post(hub, link, 'List-Unsubscribe=One-Click')).status).toBe(200);
    // The invitation of before brings nobody back.
    const key = link.split('/').at(-1);
    await post(hub, `/mail/confirm/${key}`, 'confirm=yes');
    expect(await stateOf('Mairie B')).toEqual(['LEFT', 'LEFT']);
    await publishNew(hub, 'Alert', alert('Crue C'));
    await mandate(hub, (await invite(hub, id, one)).id);
    await publishNew(hub, 'Alert', alert('Crue D'));
    await lettersTo(relay, one, 1, 'Crue D');
    expect(await lettersTo(relay, one, 0, 'Crue C')).toEqual([]);
    expect(await lettersTo(relay, other, 0, 'Crue D')).toEqual([]);
  });

  it.each(['/mail/confirm/0123456789abcdefghijkl', '/mail/leave/0123456789abcdefghijkl', '/mail/leave/x'])(
    'is not found by a link that nobody was sent: %s',
    async (path) => {
      expect((await fetch(`${hub.url}${path}`)).status).toBe(404);
      expect((await post(hub, path, 'List-Unsubscribe=One-Click')).status).toBe(404);
    },
  );

  it.each(['mairie', 'a@b.example, c@d.example', 'a@b.example\r\nRCPT TO:<c@d.example>', 'mairé@ville.example', ''])(
    'is no address: %j',
    async (address) => {
      const { id } = await saveInstitution(hub, { name: 'Mairie E' });
      expect(await refusal(invite(hub, id, address))).toMatchObject({
        code: 'INVALID_INPUT',
        fields: [{ path: 'address' }],
      });
    },
  );

  it('is invited once, by whichever case its address is written in', async () => {
    const { id } = await saveInstitution(hub, { name: 'Mairie F' });
    const all = await Promise.allSettled([invite(hub, id, 'A@ville.example'), invite(hub, id, 'a@ville.example')]);
    expect(all.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await refusal(invite(hub, id, 'a@VILLE.example'))).toMatchObject({ code: 'CONFLICT' });
  });

  it('is removed with its address', async () => {
    const { id } = await saveInstitution(hub, { name: 'Mairie G' });
    const mailbox = await invite(hub, id, 'g@ville.example');
    await hub.as('editor').request('mutation ($id: ID!) { removeMailbox(id: $id) { removedId } }', { id: mailbox.id });
    expect(await stateOf('Mairie G')).toEqual([]);
    expect(await refusal(mandate(hub, mailbox.id))).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is not invited by a hub from which no letter leaves, which says so', async () => {
    const { id } = await saveInstitution(hub, { name: 'Mairie H' });
    expect(await refusal(invite(withoutMail, id, 'h@ville.example'))).toMatchObject({ code: 'WRONG_STAGE' });
    const asked = '{ letterService { sends sender waiting } }';
    expect(await withoutMail.as('editor').request(asked)).toMatchObject({
      letterService: { sends: false, sender: null },
    });
    expect(await hub.as('editor').request(asked)).toMatchObject({
      letterService: { sends: true, sender: 'alerte@essonne.example' },
    });
  });
});
