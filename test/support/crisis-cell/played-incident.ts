import { randomUUID } from 'node:crypto';
import { DEPARTEMENT_ID } from '../../../src/access/organisations/organisation.rules.ts';
import { withSession } from '../database/cluster.ts';
import type { CountingDesk, Subject } from '../desk/counting-desk.ts';
import { alertInput, closureInput, type INPUTS } from '../desk/desk.ts';
import { plantPicture } from '../desk/picture-desk.ts';
import { conclusionOf, reportOf } from '../desk/report-desk.ts';
import { addHook } from '../desk/webhook-desk.ts';
import { idOf, shiftInput } from './duty-desk.ts';

/** What identifies people, in every way in which staff write it. Élodie Martin has an account; Gaspard Ilot stands in a report. */
export const CANARY =
  'Mme Zerbino, 17 rue du Canari, 06 99 88 77 66, canari.mail@example.org, @canari_compte, ZZ-987-YX, ' +
  'https://canari-adresse.example/x, 48.69361, 2.29371, ÉLODIE MARTIN, Gaspard Ilot';
/** Of each of these nothing may stand in an archive, whatever signs are around it. */
export const CANARIES = [
  ...['zerbino', '17 rue', '99 88 77', 'canari.mail', 'canari_compte', '987-yx', 'canari-adresse', '48.6936', '2.2937'],
  ...['martin', 'gaspard', 'ilot', 'laurent', 'roux', 'moreau', 'canari-hook', 'canari-salle', 'canari-consigne'],
];

const seen = ({ id, version }: Subject) => ({ id, version });

/** What was made on the way, to be looked for. */
export interface Played {
  incident: Subject;
  /** The id of an alert that stays in force over the end of the incident. */
  alert: string;
  report: string;
  picture: string;
  accounts: string[];
}

/**
 * Plays an incident from its opening to its end, with canaries in every field in which staff may write of people, or in which
 * people have ids; what the public reads has none.
 */
export async function playIncident(desk: CountingDesk, slug = 'crue-archive'): Promise<Played> {
  const { mutate, hub } = desk;
  const opened = await mutate('editor', 'openIncident', { slug, title: 'Crue de l’Yvette' });
  const about = { incident: opened.id };
  const { report, picture } = await checkReport(desk);
  const alert = await publishAround(desk, opened.id, report);
  await addHook(hub, 'https://canari-hook.example.org/x').catch(() => undefined);
  const post = {
    network: 'X',
    post: `${hub.url}/publications/${alert}/r/1`,
    url: `https://x.example/canari_compte/${slug}`,
  };
  await mutate('scheduler', 'acknowledgePost', post);
  await keepLog(desk, opened.id, report);
  await relieve(desk, opened.id);
  await beAsked(desk, opened.id, alert);
  await tellTheSdis(desk, opened.id, report);
  const draft = await mutate('editor', 'draftSituationReport', about);
  const words = { situation: CANARY, measures: CANARY, outlook: CANARY, wanted: CANARY };
  await mutate(
    'validator',
    'freezeSituationReport',
    seen(await mutate('editor', 'reviseSituationReport', { ...seen(draft), parts: words })),
  );
  const incident = await end(desk, opened.id, alert);
  const accounts = await Promise.all(
    (['editor', 'validator', 'checker', 'duty', 'volunteer'] as const).map((who) => idOf(hub, who)),
  );
  return { incident, alert, report, picture, accounts };
}

/** A rule of signature that asks for what the Département signs anyway, of a kind that nobody publishes here. */
export async function putInForce({ mutate }: CountingDesk): Promise<void> {
  const input = {
    name: 'Accueil, vu par Mme Zerbino',
    kinds: ['AID_POINT'],
    needs: [{ anyOf: ['DEPARTEMENT'], count: 1 }],
  };
  await mutate('admin2', 'approveSignatureRule', seen(await mutate('admin', 'proposeSignatureRule', { input })));
}

/** A town hall that got a letter on an alert, and said by telephone who takes charge. */
export async function tellInstitution({ mutate, url }: CountingDesk, alert: string): Promise<void> {
  const institution = randomUUID();
  const mailbox = randomUUID();
  const statements: [text: string, values: unknown[]][] = [
    [
      `insert into institution (id, version, kind, name, language, exercises, created_at, since)
       values ($1, 1, 'TOWN_HALL', 'Mairie (Mme Zerbino, 06 99 88 77 66)', 'fr-FR', false, now(), 0)`,
      [institution],
    ],
    [
      `insert into mailbox (id, institution_id, address, label, personal, state, key, invited_at)
       values ($1, $2, 'canari.mail@example.org', $3, true, 'MANDATED', 'canari-salle', now())`,
      [mailbox, institution, CANARY],
    ],
    [
      `insert into letter (id, mailbox_id, purpose, publication, position, state, attempts, created_at, due_at, expires_at, ended_at, fault)
       select gen_random_uuid(), $1, 'NEWS', $2, min(position), 'SENT', 2, now(), now(), now(), now(), $3
       from journal_entry where subject = $2`,
      [mailbox, alert, CANARY],
    ],
    [
      `insert into institution_notice (id, institution_id, publication, revision, asked_at) values (gen_random_uuid(), $1, $2, 1, now())`,
      [institution, alert],
    ],
  ];
  await withSession(url, async (session) => {
    for (const [text, values] of statements) await session.query(text, values);
  });
  const takenBy = 'Maire de Longjumeau, Mme Zerbino';
  await mutate('duty', 'acknowledgeForInstitution', { institution, publication: alert, takenBy });
}

/** A call about an alert that is still open, for which somebody was rung. */
export const ringInVain = (url: string, alert: string): Promise<unknown> =>
  withSession(url, async (session) => {
    await session.query('set session_replication_role = replica');
    await session.query(
      `with rung as (
         insert into call (id, reason, dossier_id, mode, state, started_at, rung)
         values (gen_random_uuid(), 'ENDS_SOON', $1, 'ACTUAL', 'RINGING', now(), 1) returning id)
       insert into call_step (id, call_id, account_id, way, rung, at, outcome)
       select gen_random_uuid(), rung.id, a.id, 'DESK', 1, now(), 'ACCEPTED' from rung, (select id from account limit 1) a`,
      [alert],
    );
  });

async function checkReport({ mutate, hub, url }: CountingDesk): Promise<{ report: string; picture: string }> {
  const input = reportOf(CANARY, {
    point: { lon: 2.29371, lat: 48.69361 },
    url: 'https://canari-adresse.example/1',
    channel: 'CALL',
    category: 'Inondation 06 99 88 77 66',
    people: ['Gaspard Ilot'],
  });
  const { id } = await mutate('volunteer', 'submitReport', { input });
  const picture = await plantPicture(url, { by: await idOf(hub, 'volunteer'), report: id });
  await mutate('volunteer2', 'claimReport', { id });
  const evidence = [
    { label: CANARY, url: 'https://canari-adresse.example/2', independenceGroup: 'zerbino' },
    { label: 'Préfecture', url: 'https://canari-adresse.example/3', official: true },
  ];
  const conclusion = { ...conclusionOf('CONFIRMED', evidence), explanation: CANARY };
  await mutate('checker', 'concludeReport', { id, conclusion });
  await mutate('checker', 'reopenReport', { id, reason: CANARY });
  await mutate('volunteer2', 'claimReport', { id });
  await mutate('checker', 'concludeReport', { id, conclusion });
  await mutate('checker', 'escalateReport', { id });
  return { report: id, picture };
}

/**
 * Publishes an alert that stays, a closure that ends and whose order is confirmed before, one urgently; leaves a draft. Answers
 * the id of the first.
 */
async function publishAround({ mutate }: CountingDesk, incidentId: string, report: string): Promise<string> {
  const draft = (kind: keyof typeof INPUTS, input: object) => mutate('editor', `draft${kind}`, { input });
  const release = async (dossier: Subject) => {
    const submitted = await mutate('editor', 'submitDossier', seen(dossier));
    return mutate('validator', 'publishDossier', seen(await mutate('validator', 'approveDossier', seen(submitted))));
  };
  const call = { heardAt: '2015-06-01T10:00:00+02:00', whyNotCalledBack: CANARY };
  const decision = {
    authority: 'DEPARTEMENT_PRESIDENT',
    by: 'Le président du Département',
    form: 'ORAL_ORDER',
    decidedAt: '2015-06-01T10:00:00+02:00',
    call,
  };
  const submitted = await mutate(
    'editor',
    'submitDossier',
    seen(await draft('Closure', closureInput({ incidentId, decision }))),
  );
  const returned = await mutate('validator', 'requestDossierChanges', { ...seen(submitted), comment: CANARY });
  const closure = await release(returned);
  const act = { revision: 1, act: '2015-42', decidedAt: '2015-06-01T16:00:00+02:00', url: null };
  await mutate('duty', 'confirmDecision', { id: closure.id, ...act });
  await mutate('validator', 'cancelPublication', { ...seen(closure), reason: 'Route rouverte' });
  const urgent = await mutate('duty', 'publishDossierUrgently', {
    ...seen(await draft('Alert', alertInput({ incidentId, urgency: 'IMMEDIATE' }))),
    reason: CANARY,
  });
  const cosigned = await mutate('validator', 'cosignDossier', seen(urgent));
  await mutate('validator', 'cancelPublication', { ...seen(cosigned), reason: 'Fin du danger' });
  const unread = { texts: [{ language: 'fr-FR', headline: 'Brouillon', description: CANARY }], contact: CANARY };
  await mutate('editor', 'abandonDossier', {
    ...seen(await draft('Alert', alertInput({ incidentId, ...unread }))),
    reason: CANARY,
  });
  return (await release(await draft('Alert', alertInput({ incidentId, reportIds: [report] })))).id;
}

async function keepLog({ mutate }: CountingDesk, incident: string, report: string): Promise<void> {
  const write = (input: object) => mutate('editor', 'addLogLine', { incident, input });
  await write({ kind: 'FACT', text: 'L’eau monte rue Gambetta', communes: ['91345'], report });
  await write({ kind: 'MESSAGE_IN', text: CANARY, sender: CANARY, recipient: CANARY, means: '06 99 88 77 66' });
  await write({ kind: 'MESSAGE_IN', text: 'Le pont tient.', sender: 'Maire de Longjumeau', means: 'téléphone' });
  const named = await write({ kind: 'FACT', text: 'Zerbino seul au 2e étage' });
  await mutate('checker', 'maskLogLine', { id: named.id, people: ['Zerbino'] });
  const corrected = await write({ kind: 'FACT', text: 'Pont fermé' });
  await write({
    kind: 'CORRECTION',
    text: 'Pont ouvert',
    corrects: corrected.id,
    audience: 'PARTICIPANTS',
    important: true,
  });
}

/** A question that was answered first, and sent on then. */
async function beAsked({ mutate }: CountingDesk, incident: string, alert: string): Promise<void> {
  const { id } = await mutate('volunteer', 'submitReport', { input: reportOf(CANARY, { category: 'QUESTION' }) });
  const title = CANARY.slice(0, CANARY.indexOf(', https'));
  const group = await mutate('checker', 'groupQuestions', { reports: [id], title, incident });
  const answered = await mutate('editor', 'answerQuestions', { ...seen(group), publication: alert });
  await mutate('editor', 'redirectQuestions', { ...seen(answered), organisation: DEPARTEMENT_ID, note: CANARY });
}

/** A flash about the report, which the desk noted an answer to. */
async function tellTheSdis({ mutate }: CountingDesk, incident: string, report: string): Promise<void> {
  const said = { report, what: CANARY, place: CANARY, emergencyCalled: 'NOT_KNOWN', incident };
  const { id } = await mutate('checker', 'flashReport', said);
  await mutate('duty', 'answerFlash', { id, answer: 'TAKEN', remark: CANARY });
}

async function relieve({ mutate, hub }: CountingDesk, incident: string): Promise<void> {
  const [first, next] = [await idOf(hub, 'editor'), await idOf(hub, 'checker')];
  const on = await mutate('validator', 'saveShift', { input: shiftInput(first, { incident }) });
  const note = `canari-consigne ${CANARY}`;
  const handed = await mutate('editor', 'handOver', { shift: on.id, version: on.version, to: next, note });
  await mutate('checker', 'takeOver', { shift: handed.id, version: handed.version });
}

async function end({ mutate }: CountingDesk, incident: string, alert: string): Promise<Subject> {
  const input = {
    objectives: [`Informer les riverains. ${CANARY}`],
    perimeter: { description: CANARY, communes: ['91345'] },
    keywords: ['yvette', '06 99 88 77 66'],
    channels: ['canari-salle', CANARY.slice(0, 190)],
  };
  const revised = await mutate('editor', 'reviseIncident', { id: incident, version: 1, input });
  const raised = await mutate('duty', 'setIncidentLevel', { ...seen(revised), level: 'FULL', reason: CANARY });
  const closed = await mutate('validator', 'closeIncident', { ...seen(raised), reason: CANARY, leaveRunning: [alert] });
  const reopened = await mutate('validator', 'reopenIncident', { ...seen(closed), reason: CANARY });
  return mutate('validator', 'closeIncident', { ...seen(reopened), reason: 'Décrue.', leaveRunning: [alert] });
}
