import { afterAll, describe, expect, it } from 'vitest';
import { until } from '../../../src/development/embedded/processes.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, closureInput, openIncident, publishNew, release, revise } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { institutions, lettersTo, mailBy, mandated } from '../../support/institutions/mail-desk.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { startMailServer } from '../../support/receivers/mail-server.ts';

const { url } = await testDatabase();
const relay = await startMailServer({ closes: afterAll });
const hub = await startHub({ url, more: { mail: mailBy(relay) } });
afterAll(() => hub.close());

const texts = (headline: string, language = 'fr-FR') => ({
  language,
  headline,
  description: `${headline}, en bas.`,
  instruction: 'Montez.',
});
const alert = (headline: string, more: object = {}) => alertInput({ texts: [texts(headline)], ...more });
/** The news to an address that are in a state. */
const lettersIn = (state: string, address: string) =>
  withSession(url, async (session) => {
    const { rows } = await session.query<{ status: number; fault: string; attempts: number }>(
      `select l.status, l.fault, l.attempts from letter l join mailbox m on m.id = l.mailbox_id
       where l.state = $1 and l.purpose = 'NEWS' and m.address = $2`,
      [state, address],
    );
    return rows;
  });

describe('a letter', () => {
  it('goes to those whose filter lets the publication pass, in their language', async () => {
    const [here, elsewhere, graver, roads, english] = ['ici', 'ailleurs', 'grave', 'routes', 'english'].map(
      (name) => `${name}@filtre.example`,
    ) as [string, string, string, string, string];
    await mandated(hub, here, { communes: ['91345'] });
    await mandated(hub, elsewhere, { communes: ['91114'] });
    await mandated(hub, graver, { severityAtLeast: 'EXTREME' });
    await mandated(hub, roads, { kinds: ['CLOSURE'] });
    await mandated(hub, english, { language: 'en-GB', kind: 'MEDIA' });
    await publishNew(
      hub,
      'Alert',
      alert('Crue filtrée', { texts: [texts('Crue filtrée'), texts('Filtered flood', 'en-GB')] }),
    );
    await publishNew(hub, 'Closure', closureInput({ texts: [texts('D31 filtrée')] }));
    await lettersTo(relay, here, 1, 'Crue filtrée');
    const [read] = await lettersTo(relay, english, 1, 'Filtered flood');
    expect(read!.text).toContain('Get no more of these messages');
    expect(read!.text).toContain('Published by: Département de l’Essonne · Approved by: Département de l’Essonne');
    expect(read!.headers['content-language']).toBe('en-GB');
    await lettersTo(relay, roads, 1, 'D31 filtrée');
    for (const address of [elsewhere, graver, roads])
      expect(await lettersTo(relay, address, 0, 'Crue filtrée')).toEqual([]);
  });

  it('is one of a thread, from the first revision to the all clear', async () => {
    const address = 'fil@ville.example';
    await mandated(hub, address, { communes: ['91345'] });
    const first = await publishNew(hub, 'Alert', alert('Fil un'));
    await lettersTo(relay, address, 1, 'Fil');
    const second = await release(hub, await revise(hub, 'Alert', first, alert('Fil deux')));
    await lettersTo(relay, address, 2, 'Fil');
    await hub
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!, $texts: [PublicationTextInput!]!) { giveAllClear(id: $id, version: $version, texts: $texts) { asOf } }',
        { id: second.id, version: second.version, texts: [texts('Fil fini')] },
      );
    const letters = await lettersTo(relay, address, 3, 'Fil');
    expect(letters.map(({ subject }) => subject)).toEqual(['Fil un', 'Fil deux', 'Fil fini']);
    const ids = letters.map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(3);
    expect(letters.map(({ references }) => references)).toEqual([[], ids.slice(0, 1), ids.slice(0, 2)]);
    expect(letters.map(({ inReplyTo }) => inReplyTo)).toEqual([null, ids[0], ids[1]]);
  });

  it('on an exercise goes to those who asked for exercises, and of an incident to those who take part (I-49)', async () => {
    const [none, asked, part] = ['sans', 'avec', 'participe'].map((name) => `${name}@exercice.example`) as [
      string,
      string,
      string,
    ];
    const { createOrganisation } = await hub
      .as('admin')
      .request<{ createOrganisation: { organisation: { id: string } } }>(
        'mutation { createOrganisation(kind: COMMUNE, name: "Ville qui participe", shortName: "Ville") { organisation { id } } }',
      );
    const organisation = createOrganisation.organisation.id;
    await mandated(hub, none, {});
    await mandated(hub, asked, { exercises: true });
    await mandated(hub, part, { exercises: true, organisation });
    const drill = (headline: string, more: object = {}) =>
      alert(`EXERCICE – ${headline}`, { mode: 'EXERCISE', ...more });
    await publishNew(hub, 'Alert', drill('pour tous'));
    await lettersTo(relay, asked, 1, 'pour tous');
    await lettersTo(relay, part, 1, 'pour tous');
    const incidentId = await openIncident(hub, 'exercice-courriel', 'EXERCISE');
    await withSession(url, (session) =>
      session.query('insert into incident_participant (incident_id, organisation_id) values ($1, $2)', [
        incidentId,
        organisation,
      ]),
    );
    await publishNew(hub, 'Alert', drill('pour qui participe', { incidentId }));
    await lettersTo(relay, part, 1, 'pour qui participe');
    await publishNew(hub, 'Alert', alert('Fin de l’exercice en vrai'));
    for (const address of [none, asked, part]) await lettersTo(relay, address, 1, 'en vrai');
    expect(await lettersTo(relay, asked, 0, 'pour qui participe')).toEqual([]);
    expect(await lettersTo(relay, none, 0, 'EXERCICE')).toEqual([]);
  });

  it('that is refused marks the mailbox for the desk, and holds up no other; one that gets there takes the mark away', async () => {
    const [gone, fine] = ['parti@refus.example', 'la@refus.example'] as const;
    await mandated(hub, gone, { communes: ['91345'] });
    await mandated(hub, fine, { communes: ['91345'] });
    relay.onRecipient((address) => (address === gone ? '550 5.1.1 unknown' : undefined));
    await publishNew(hub, 'Alert', alert('Refus un'));
    await lettersTo(relay, fine, 1, 'Refus un');
    const marked = async () => (await institutions(hub, gone))[0]?.mailboxes[0];
    await until(async () => (await marked())?.bouncingSince !== null, PATIENCE_MS);
    expect(await marked()).toMatchObject({ state: 'MANDATED', fault: 'l’adresse est refusée (550 5.1.1)' });
    relay.onRecipient(() => undefined);
    await publishNew(hub, 'Alert', alert('Refus deux'));
    await lettersTo(relay, gone, 1, 'Refus deux');
    await until(async () => (await marked())?.bouncingSince === null, PATIENCE_MS);
  });

  it('that has to wait is overtaken by the next one of its publication', async () => {
    const address = 'attend@ville.example';
    await mandated(hub, address, { communes: ['91345'] });
    relay.onRecipient((to) => (to === address ? '451 4.7.1 greylisted' : undefined));
    const first = await publishNew(hub, 'Alert', alert('Attente un'));
    await until(async () => (await lettersIn('WAITING', address)).some(({ status }) => status === 451), PATIENCE_MS);
    expect(await lettersIn('WAITING', address)).toEqual([
      { status: 451, fault: 'le relais demande d’attendre (451 4.7.1)', attempts: 1 },
    ]);
    relay.onRecipient(() => undefined);
    await release(hub, await revise(hub, 'Alert', first, alert('Attente deux')));
    const [letter] = await lettersTo(relay, address, 1, 'Attente');
    expect(letter!.subject).toBe('Attente deux');
    expect(await lettersIn('OVERTAKEN', address)).toHaveLength(1);
  });
});
