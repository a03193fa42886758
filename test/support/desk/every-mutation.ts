import { randomUUID } from 'node:crypto';
import { DEPARTEMENT_ID } from '../../../src/access/organisations/organisation.rules.ts';
import { PushSeal } from '../../../src/channels/push/envelope/push-seal.ts';
import type { PushSecrets } from '../../../src/channels/push/push-setting.ts';
import { parisTime } from '../../../src/clock.ts';
import { until } from '../../../src/development/embedded/processes.ts';
import { knowCode } from '../crisis-cell/contact-desk.ts';
import { idOf, shiftInput } from '../crisis-cell/duty-desk.ts';
import { withSession } from '../database/cluster.ts';
import { PATIENCE_MS } from '../patience.ts';
import { pushInput } from '../push/push-desk.ts';
import type { feedServer } from '../receivers/feed-server.ts';
import { PushReader } from '../receivers/push-service.ts';
import type { CountingDesk, Subject } from './counting-desk.ts';
import { decisionInput, hoursFromNow, INPUTS } from './desk.ts';
import { sealInto } from './machines.ts';
import { plantPicture } from './picture-desk.ts';
import { conclusionOf, reportOf } from './report-desk.ts';

type Feeds = Awaited<ReturnType<typeof feedServer>>;

const OTHER_WORDS = { texts: [{ language: 'fr-FR', headline: 'Autre titre', description: 'Autre description.' }] };
const seen = ({ id, version }: Subject) => ({ id, version });

/** Uses every mutation of the API, on all that it can be about: every kind, with reports, an incident and advice behind it. */
export async function useEveryMutation(desk: CountingDesk, feeds: Feeds, push: PushSecrets): Promise<void> {
  const reportIds = await triage(desk);
  await publishAll(desk, reportIds);
  await relay(desk, feeds);
  await send(desk);
  await lend(desk);
  await signOut(desk);
  await rule(desk);
  await manage(desk);
  await run(desk);
  await relieve(desk);
  await tellWhereItStands(desk);
  await writeTo(desk);
  await answer(desk);
  await reply(desk);
  await beReachable(desk);
  await subscribe(desk, push);
  await tellTheSdis(desk);
}

function workflow({ mutate }: CountingDesk) {
  const on =
    (persona: 'editor' | 'validator' | 'duty', name: string) =>
    (dossier: Subject, more: object = {}): Promise<Subject> =>
      mutate(persona, name, { ...seen(dossier), ...more });
  const [submit, approve, publish] = [
    on('editor', 'submitDossier'),
    on('validator', 'approveDossier'),
    on('validator', 'publishDossier'),
  ];
  const draft = (kind: keyof typeof INPUTS, more: object = {}) =>
    mutate('editor', `draft${kind}`, { input: INPUTS[kind](more) });
  const release = async (dossier: Subject) => publish(await approve(await submit(dossier)));
  return { on, submit, approve, publish, draft, release };
}

/** A dossier of a kind with two revisions, the second one replaced in hand and sent back; answers what is public then. */
async function walk(desk: CountingDesk, kind: keyof typeof INPUTS, more: object): Promise<Subject> {
  const { on, submit, approve, draft, release } = workflow(desk);
  const revise = on('editor', `revise${kind}`);
  const published = await release(await draft(kind, more));
  const revised = await revise(published, { input: INPUTS[kind]({ ...more, ...OTHER_WORDS }) });
  const again = await revise(await approve(await submit(revised)), { input: INPUTS[kind](more) });
  const returned = await on('validator', 'requestDossierChanges')(await submit(again), { comment: 'À préciser' });
  return release(returned);
}

async function publishAll(desk: CountingDesk, reportIds: string[]): Promise<void> {
  const { mutate, hub } = desk;
  const { on, submit, approve, publish, draft, release } = workflow(desk);
  const { id: incidentId } = await mutate('editor', 'openIncident', { slug: 'crue', title: 'Crue de l’Yvette' });
  const [report] = reportIds;
  const { id: corrects } = await mutate('editor', 'addLogLine', {
    incident: incidentId,
    input: { kind: 'FACT', text: 'L’eau monte', report, communes: ['91345'] },
  });
  await mutate('checker', 'addLogLine', {
    incident: incidentId,
    input: { kind: 'CORRECTION', text: 'L’eau baisse', corrects },
  });
  await mutate('checker', 'maskLogLine', { id: corrects, people: ['monte'] });
  const advice = await walk(desk, 'Advice', {});
  const event = await walk(desk, 'Event', { incidentId });
  const closure = await walk(desk, 'Closure', { incidentId, eventId: event.id });
  await walk(desk, 'Correction', { incidentId, reportIds });
  const alert = await walk(desk, 'Alert', { incidentId, reportIds, adviceIds: [advice.id] });
  await mutate('editor', 'verifyPublication', { id: alert.id });
  await mutate('editor', 'observeClosure', {
    id: closure.id,
    state: 'IN_PLACE',
    observedAt: parisTime(new Date()),
    note: 'Vu',
  });
  const call = { heardAt: hoursFromNow(-2), calledBackAt: hoursFromNow(-1) };
  const decision = decisionInput({ form: 'ORAL_ORDER', act: null, call });
  const { id: spoken } = await release(await draft('Closure', { incidentId, decision }));
  const act = { revision: 1, act: '2026-42', decidedAt: hoursFromNow(-1) };
  await mutate('validator', 'confirmDecision', { id: spoken, ...act, url: 'https://essonne.example/2026-42.pdf' });
  const aidPoint = await walk(desk, 'AidPoint', { incidentId });
  await mutate('editor', 'observeAidPoint', {
    id: aidPoint.id,
    status: 'OPEN',
    freePlaces: 12,
    observedAt: parisTime(new Date()),
  });
  await on('editor', 'delayEvent')(event, { minutes: 15 });
  const post = { network: 'X', post: `${hub.url}/publications/${alert.id}/r/2`, url: 'https://x.example/1' };
  await mutate('scheduler', 'acknowledgePost', post);
  await on('validator', 'cancelPublication')(alert, { reason: 'Erreur de lieu' });
  await on('validator', 'giveAllClear')(await release(await draft('Alert')), OTHER_WORDS);
  const alone = await on('duty', 'publishDossierUrgently')(await draft('Alert', { urgency: 'IMMEDIATE' }), {
    reason: 'Vies en danger',
  });
  await on('validator', 'cosignDossier')(alone);
  const scheduled = await publish(await approve(await submit(await draft('Alert'))), { at: hoursFromNow(5) });
  await on('editor', 'abandonDossier')(scheduled, { reason: 'Sans objet' });
}

/** Every step of a report; answers the ids of two that are confirmed. */
async function triage(desk: CountingDesk): Promise<string[]> {
  const { mutate } = desk;
  const submit = async () => {
    const point = { lon: 2.29, lat: 48.69 };
    const input = reportOf('Appelez le 06 12 34 56 78', { point, url: 'https://example.org/1' });
    return (await mutate('volunteer', 'submitReport', { input })).id;
  };
  const conclude = async (id: string) => {
    await mutate('volunteer2', 'claimReport', { id });
    return (await mutate('checker', 'concludeReport', { id, conclusion: conclusionOf('CONFIRMED') })).id;
  };
  const [first, second, third] = [await submit(), await submit(), await submit()];
  await show(desk, first);
  await mutate('checker', 'maskPeople', { id: first, people: ['Appelez'] });
  await mutate('checker', 'readPersonalData', { id: first });
  await mutate('checker', 'escalateReport', { id: first });
  await mutate('checker', 'markReportDuplicate', { id: second, duplicateOf: first });
  await mutate('checker', 'reopenReport', { id: second, reason: 'Autre lieu' });
  await mutate('checker', 'dismissReport', { id: third, reason: 'Hors sujet' });
  const confirmed = [await conclude(first), await conclude(second)];
  await mutate('validator', 'markReportPublic', { id: first, shown: true });
  return confirmed;
}

/** Gives a report a picture, veils it, and takes it away again. */
async function show({ mutate, hub, url }: CountingDesk, report: string): Promise<void> {
  const { viewer } = await hub.as('volunteer').request<{ viewer: { id: string } }>('{ viewer { id } }');
  const picture = await plantPicture(url, { by: viewer.id });
  await mutate('volunteer', 'attachPictures', { id: report, pictures: [picture] });
  const boxes = [{ x: 0, y: 0, width: 4, height: 4 }];
  const { id } = await mutate('checker', 'veilPicture', { id: picture, boxes });
  await mutate('checker', 'removePicture', { id });
}

const SENDER = 'vigilance@meteo.example';
const message = () => ({
  body: `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>R1</identifier><sender>${SENDER}</sender>
    <sent>${parisTime(new Date())}</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
    <info><language>fr-FR</language><category>Met</category><event>Vigilance crues</event>
    <urgency>Expected</urgency><severity>Severe</severity><certainty>Likely</certainty><expires>${hoursFromNow(10)}</expires>
    <headline>Vigilance orange crues</headline><description>Débordements.</description>
    <area><areaDesc>Yvette aval</areaDesc><polygon>48.690,2.290 48.691,2.290 48.691,2.291 48.690,2.290</polygon></area></info></alert>`,
});

/** Watches a feed that brings a message of an authority, and adopts it. */
async function relay({ mutate, hub }: CountingDesk, feeds: Feeds): Promise<void> {
  feeds.serve('/cap', message());
  const input = { name: 'Vigilance', url: feeds.url('/cap'), trustedSenders: [SENDER], communes: ['91345'] };
  const watcher = await mutate('editor', 'addWatcher', { input });
  let reportId: string | undefined;
  await until(async () => {
    const { reports } = await hub
      .as('editor')
      .request<{ reports: { nodes: { id: string; origin: object | null }[] } }>(
        '{ reports(first: 100) { nodes { id origin { reference } } } }',
      );
    reportId = reports.nodes.find(({ origin }) => origin)?.id;
    return reportId !== undefined;
  }, PATIENCE_MS);
  await mutate('editor', 'adoptMessage', { reportId, hazard: 'OET-081' });
  const changed = await mutate('editor', 'reviseWatcher', { ...seen(watcher), input });
  await mutate('editor', 'removeWatcher', seen(changed));
}

/** Every step of a webhook that leads to nobody. */
async function send({ mutate }: CountingDesk): Promise<void> {
  const input = { name: 'Réseaux', url: 'http://127.0.0.1:9/hook', networks: [] };
  const where = { communes: ['91345'], kinds: ['ALERT'] };
  const webhook = await mutate('scheduler', 'addWebhook', { input, where });
  const on = (name: string, target: Subject, more: object = {}): Promise<Subject> =>
    mutate('admin', name, { ...seen(target), ...more });
  const changed = await on('reviseWebhook', webhook, { input, where });
  const rotated = await mutate('admin', 'rotateWebhookKey', seen(changed));
  const ping = await mutate('admin', 'pingWebhook', { id: webhook.id });
  await mutate('admin', 'replayWebhookDelivery', { id: ping.id });
  const paused = await on('pauseWebhook', rotated);
  const resumed = await on('resumeWebhook', paused);
  await on('removeWebhook', resumed);
}

/** Gives a machine a key, and takes it away; opens an envelope. */
async function lend({ mutate, hub, url }: CountingDesk): Promise<void> {
  const input = { name: 'Barrière', roles: ['MARSHAL'], expiresAt: hoursFromNow(5) };
  const key = await mutate('admin', 'createApiKey', { input });
  const rotated = await mutate('admin', 'rotateApiKey', { ...seen(key), expiresAt: hoursFromNow(9) });
  await mutate('admin', 'revokeApiKey', seen(rotated));
  const { sealed } = await sealInto(url);
  await mutate({ bearer: sealed[0]!.key }, 'openSealedKey', { name: 'Claire Moreau' });
  const { sealedKeys } = await hub
    .as('admin')
    .request<{ sealedKeys: { nodes: Subject[] } }>('{ sealedKeys { nodes { id version } } }');
  await mutate('admin', 'withdrawSealedKey', seen(sealedKeys.nodes[0]!));
}

/** Ends a session of somebody who has signed in with a browser. */
async function signOut({ mutate, url }: CountingDesk): Promise<void> {
  const id = randomUUID();
  await withSession(url, (session) =>
    session.query(
      `insert into desk_session (id, secret_hash, issuer, subject, name, signs, started_at, seen_at, ends_at)
       values ($1, 'none', 'development', 'editor', 'editor', '{}', now(), now(), now() + interval '1 hour')`,
      [id],
    ),
  );
  await mutate('admin', 'endDeskSession', { id });
}

/** Shuts out somebody who has done all that they do here, lets them in again, and gives them roles in every way. */
async function manage({ mutate, payloadOfMutation, hub }: CountingDesk): Promise<void> {
  const { viewer } = await hub.as('volunteer2').request<{ viewer: { id: string } }>('{ viewer { id } }');
  const { id } = viewer;
  await mutate('admin', 'disableAccount', { id, version: 1 });
  await mutate('admin', 'enableAccount', { id, version: 2 });
  await mutate('admin', 'changeAccountRoles', { id, version: 3, roles: ['VOLUNTEER', 'VALIDATOR'] });
  await mutate('admin2', 'approveAccountRoles', { id, version: 4 });
  const called = (name: string) => ({ name, shortName: name });
  const made = await mutate('admin', 'createOrganisation', { kind: 'ASSOCIATION', ...called('Visov') });
  const organisation = made.id;
  await mutate('admin', 'moveAccount', { id, version: 5, organisation });
  const { invitation, secret } = await payloadOfMutation('admin', 'inviteAccount', {
    name: 'Jeanne Martin',
    roles: ['DUTY_OFFICER'],
    organisation,
  });
  await mutate('admin2', 'approveInvitation', seen(invitation as Subject));
  await mutate('volunteer2', 'acceptInvitation', { secret });
  const needless = await mutate('admin', 'inviteAccount', { name: 'Paul Petit', roles: ['EDITOR'] });
  await mutate('admin', 'withdrawInvitation', seen(needless));
  const other = await mutate('admin', 'createOrganisation', { kind: 'SDIS', ...called('Sdis') });
  const renamed = await mutate('admin', 'renameOrganisation', { ...seen(other), ...called('Sdis 91') });
  await mutate('admin', 'closeOrganisation', seen(renamed));
}

/** Proposes a rule of signature that everybody meets, puts it in force, and ends it. */
async function rule({ mutate }: CountingDesk): Promise<void> {
  const input = { name: 'Une signature', kinds: ['ALERT'], needs: [{ anyOf: ['DEPARTEMENT'], count: 1 }] };
  const proposed = await mutate('admin', 'proposeSignatureRule', { input });
  const inForce = await mutate('admin2', 'approveSignatureRule', seen(proposed));
  const asked = await mutate('admin', 'endSignatureRule', seen(inForce));
  await mutate('admin2', 'endSignatureRule', seen(asked));
}

/** Runs an incident over which something stays in force, from its opening to its opening again. */
async function run(desk: CountingDesk): Promise<void> {
  const { mutate } = desk;
  const { draft, release } = workflow(desk);
  const opened = await mutate('editor', 'openIncident', { slug: 'orage', title: 'Orage' });
  const stays = await release(await draft('Alert', { incidentId: opened.id }));
  const { id: participant } = await mutate('admin', 'createOrganisation', {
    kind: 'PREFECTURE',
    name: 'Préfecture',
    shortName: 'Préfecture',
  });
  const input = {
    objectives: ['Informer les riverains.'],
    perimeter: { description: 'Yvette aval', communes: ['91345'] },
    keywords: ['yvette'],
    channels: ['Salle 12'],
    participants: [participant],
    requestedBy: participant,
  };
  const revised = await mutate('editor', 'reviseIncident', { id: opened.id, version: 1, input });
  const raised = await mutate('duty', 'setIncidentLevel', {
    ...seen(revised),
    level: 'FULL',
    reason: 'La crue monte.',
  });
  const closing = { ...seen(raised), reason: 'Décrue.', leaveRunning: [stays.id] };
  const closed = await mutate('validator', 'closeIncident', closing);
  await mutate('validator', 'reopenIncident', { ...seen(closed), reason: 'Nouvelle crue.' });
}

/** Plans the roster of an incident, and hands a shift over to somebody who has one planned. */
async function relieve({ mutate, hub }: CountingDesk): Promise<void> {
  const { id: incident } = await mutate('editor', 'openIncident', { slug: 'garde', title: 'Garde' });
  const [first, next] = [await idOf(hub, 'editor'), await idOf(hub, 'checker')];
  const on = await mutate('validator', 'saveShift', { input: shiftInput(first, { incident }) });
  const ahead = { incident, from: hoursFromNow(5), to: hoursFromNow(20) };
  const planned = await mutate('validator', 'saveShift', { input: shiftInput(next, ahead) });
  await mutate('duty', 'saveShift', { input: { ...shiftInput(next, ahead), ...seen(planned), rank: 2 } });
  const needless = await mutate('validator', 'saveShift', {
    input: shiftInput(first, { ...ahead, dutyFunction: 'CHECKER' }),
  });
  await mutate('validator', 'removeShift', seen(needless));
  const handed = await mutate('editor', 'handOver', { shift: on.id, version: on.version, to: next, note: 'Digue.' });
  await mutate('checker', 'takeOver', { shift: handed.id, version: handed.version });
}

/** Freezes a situation report and its second edition, and takes the draft of the next one away. */
async function tellWhereItStands({ mutate }: CountingDesk): Promise<void> {
  const { id: incident } = await mutate('editor', 'openIncident', { slug: 'point', title: 'Point' });
  const named = { name: 'Préfecture 91', shortName: 'Préfecture' };
  const { id: source } = await mutate('admin', 'createOrganisation', { kind: 'PREFECTURE', ...named });
  const toll = { figure: '2 blessés légers', source, countedAt: hoursFromNow(-1) };
  const draft = await mutate('editor', 'draftSituationReport', { incident });
  const parts = { situation: 'L’eau monte.', toll };
  const written = await mutate('editor', 'reviseSituationReport', { ...seen(draft), parts });
  const frozen = await mutate('validator', 'freezeSituationReport', seen(written));
  const again = await mutate('editor', 'draftSituationReport', { incident, replaces: frozen.id });
  await mutate('duty', 'freezeSituationReport', seen(again));
  const needless = await mutate('editor', 'draftSituationReport', { incident });
  await mutate('editor', 'removeSituationReport', seen(needless));
}

/** Writes an institution down, changes it, and invites, mandates and removes its mailbox. */
async function writeTo({ mutate, url }: CountingDesk): Promise<void> {
  const { id: organisation } = await mutate('admin', 'createOrganisation', {
    kind: 'COMMUNE',
    name: 'Ville de Longjumeau',
    shortName: 'Longjumeau',
  });
  const input = { kind: 'TOWN_HALL', name: 'Mairie de Longjumeau', communes: ['91345'], organisation };
  const institution = await mutate('editor', 'saveInstitution', { input });
  await mutate('editor', 'saveInstitution', { input: { ...input, ...seen(institution), exercises: true } });
  const mailbox = { institution: institution.id, address: 'mairie@longjumeau.example', label: 'Accueil' };
  const { id } = await mutate('editor', 'inviteMailbox', mailbox);
  await mutate('admin', 'mandateMailbox', { id, agreement: 'Convention du 3 mars 2026' });
  await mutate('editor', 'removeMailbox', { id });
  const publication = randomUUID();
  await withSession(url, (session) =>
    session.query(
      `insert into institution_notice (id, institution_id, publication, revision, asked_at)
       values (gen_random_uuid(), $1, $2, 1, now())`,
      [institution.id, publication],
    ),
  );
  await mutate('duty', 'acknowledgeForInstitution', { institution: institution.id, publication, takenBy: 'Astreinte' });
}

/** Takes a call, passes it on, and tests whether somebody can be reached. */
async function answer(desk: CountingDesk): Promise<void> {
  const { mutate, hub } = desk;
  const { submit, approve, draft } = workflow(desk);
  const dossier = await submit(await draft('Alert'));
  const { calls } = await hub
    .as('editor')
    .request<{ calls: { nodes: { id: string }[] } }>(
      '{ calls(where: { states: [RINGING, EXHAUSTED] }, first: 1) { nodes { id } } }',
    );
  const id = calls.nodes[0]!.id;
  await mutate('validator', 'takeCall', { id });
  await mutate('validator', 'passCall', { id, note: 'En route.' });
  await approve(dossier);
  await mutate('validator', 'testCall', { account: await idOf(hub, 'checker') });
}

/** Adds a contact point, confirms it by a code that the test knows, and takes it away. */
async function beReachable({ mutate, url }: CountingDesk): Promise<void> {
  const input = { way: 'EMAIL', label: 'Astreinte', address: 'editeur@essonne.example' };
  const point = await mutate('editor', 'saveContactPoint', { input });
  const renamed = await mutate('editor', 'saveContactPoint', { input: { ...input, ...seen(point), label: 'Nuit' } });
  await knowCode(url, renamed.id, '12345678');
  const confirmed = await mutate('editor', 'confirmContactPoint', { id: renamed.id, code: '1234 5678' });
  await mutate('editor', 'removeContactPoint', seen(confirmed));
}

/** Groups questions, answers, redirects and drops groups, and takes one apart. */
async function reply(desk: CountingDesk): Promise<void> {
  const { mutate } = desk;
  const ask = async () => {
    const input = reportOf('La route est-elle fermée ?', { category: 'QUESTION' });
    return (await mutate('volunteer', 'submitReport', { input })).id;
  };
  const title = 'La route est-elle fermée ?';
  const [first, second, third, fourth] = [await ask(), await ask(), await ask(), await ask()];
  const { id: incident } = await mutate('editor', 'openIncident', { slug: 'questions', title: 'Questions' });
  const group = await mutate('checker', 'groupQuestions', { reports: [first, second], title, incident });
  const larger = await mutate('checker', 'addQuestions', { ...seen(group), reports: [third] });
  const { id: publication } = await workflow(desk).release(
    await mutate('editor', 'draftAdvice', { input: INPUTS.Advice() }),
  );
  const answered = await mutate('editor', 'answerQuestions', { ...seen(larger), publication });
  await mutate('checker', 'splitQuestionGroup', { ...seen(answered), reports: [first, second], title });
  const after = { id: answered.id, version: answered.version + 1 };
  await mutate('duty', 'redirectQuestions', { ...after, organisation: DEPARTEMENT_ID, note: 'Route nationale' });
  const needless = await mutate('checker', 'groupQuestions', { reports: [fourth], title });
  const dropped = await mutate('checker', 'dropQuestions', { ...seen(needless), reason: 'Hors sujet' });
  await mutate('checker', 'reviseQuestionGroup', { ...seen(dropped), title, note: 'Sans objet' });
}

/** Has an app told by push, saves it once more, and removes it. */
async function subscribe({ payloadOfMutation, hub }: CountingDesk, { seal }: PushSecrets): Promise<void> {
  const input = await pushInput(hub, await PushReader.subscribe('https://push.example'));
  const { subscription } = await payloadOfMutation('volunteer', 'savePush', { input });
  const { id } = subscription as Subject;
  await payloadOfMutation('volunteer', 'confirmPush', { id, code: new PushSeal(seal).codeOf(id) });
  const { secret } = await payloadOfMutation('volunteer', 'savePush', { input });
  await payloadOfMutation('volunteer', 'removePush', { id, secret });
}

/** Sends two flashes of an incident; one is answered, and one taken back. */
async function tellTheSdis(desk: CountingDesk): Promise<void> {
  const { mutate, hub } = desk;
  const names = { name: 'Sdis de l’Essonne, flash', shortName: 'Sdis' };
  const sdis = await mutate('admin', 'createOrganisation', { kind: 'SDIS', ...names });
  const numbers = [{ label: 'Codis', number: '01 60 00 00 00', checkedAt: hoursFromNow(-1) }];
  await mutate('admin', 'setDirectNumbers', { ...seen(sdis), numbers });
  const { id: incident } = await mutate('editor', 'openIncident', { slug: 'flash', title: 'Flash' });
  const contact = { account: await idOf(hub, 'signatory'), dutyFunction: 'SDIS_CONTACT', incident };
  await mutate('validator', 'saveShift', { input: shiftInput(contact.account, contact) });
  const send = async () => {
    const { id: report } = await mutate('volunteer', 'submitReport', { input: reportOf('Une personne sur un toit') });
    const said = { what: 'Appeler le 06 12 34 56 78', place: 'Longjumeau, rue de Paris', emergencyCalled: 'NOT_YET' };
    return (await mutate('checker', 'flashReport', { report, ...said, incident })).id;
  };
  await mutate('signatory', 'answerFlash', { id: await send(), answer: 'TAKEN', remark: 'Le 06 12 34 56 79' });
  await mutate('duty', 'withdrawFlash', { id: await send(), reason: 'Doublon, le 06 12 34 56 79' });
}
