import { readFileSync } from 'node:fs';
import graphqlEslint from '@graphql-eslint/eslint-plugin';
import { Linter, type Rule } from 'eslint';
import { Kind, parse, visit } from 'graphql';
import { describe, expect, it } from 'vitest';

/** graphql-eslint's `schema-recommended` and `schema-relay`, but for what docs/decisions/0063 explains, rule by rule. */
const file = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const schema = file('schema/schema.graphql');

/** Types that are values: they stand in their owner and are never asked for by themselves. A new type has an id, or stands here. */
const VALUES = [
  ...[
    'AccountAdministration',
    'AidObservation',
    'CallStep',
    'ClosureObservation',
    'Conclusion',
    'CountInForce',
    'CountOfClosures',
    'CountOfCorrections',
    'CountOfQuestions',
    'CountOfReports',
    'CountOnDuty',
    'CrossingPoint',
    'Decision',
    'Detour',
    'DirectNumber',
    'DossierApproval',
    'DossierComment',
  ],
  ...[
    'Ending',
    'FeedOrigin',
    'Hazard',
    'HazardLabel',
    'InForceHeadline',
    'IncidentLevelChange',
    'IncidentPeriod',
    'LegalOrder',
    'LetterService',
    'LintFinding',
    'OrderCall',
    'Passage',
    'PersonalData',
    'PersonalItem',
    'PictureTwin',
    'PostalAddress',
    'PostalAddressList',
  ],
  ...[
    'PublicEvidence',
    'PublicOrganisation',
    'PublicationSource',
    'PublicationText',
    'QuietHours',
    'RelayKit',
    'RelayPanel',
    'Road',
    'RoleRequest',
    'RosterHole',
    'SentPost',
    'SignatureNeed',
    'Situation',
    'SituationFigures',
    'SituationParts',
    'SocialPost',
    'SourcedFigure',
  ],
  // Happenings, named by their cursors; and the place of a page in its list.
  ...['DeskChange', 'LogChange', 'PublicationChange', 'PageInfo'],
];

/** Lists that are as long as their owner makes them, by the names of their fields; every longer one is a connection. */
const SHORT_LISTS = new Set([
  // Beside `edges`, for clients that need no cursor of an item.
  'nodes',
  // Of a publication, and of a revision.
  ...['areas', 'communes', 'history', 'translations', 'changedFields', 'signatories', 'evidence', 'advice', 'closures'],
  // Of one kind of publication.
  ...[
    'categories',
    'responseTypes',
    'purposes',
    'wanted',
    'unwanted',
    'roads',
    'crossingPoints',
    'passages',
    'dos',
    'donts',
  ],
  // Of a relay kit: as many as a panel shows.
  ...['pages', 'roadPanel'],
  // Of a place.
  ...['alerts', 'events', 'corrections', 'aidPoints', 'postalCodes', 'situations'],
  // Of the desk.
  ...[
    'roles',
    'dossiers',
    'approvals',
    'comments',
    'editors',
    'lint',
    'outdatedNetworks',
    'posts',
    'reports',
    'pictures',
    'twins',
    'items',
    'newest',
    'similarQuestions',
    'references',
  ],
  ...['publications', 'keywords', 'trustedSenders', 'keys', 'kinds', 'modes', 'networks'],
  // Of rules of signature, and of what they ask for.
  ...['needs', 'anyOf', 'outOfReach', 'signaturesMissing'],
  // Of an incident as the crisis cell runs it.
  ...['objectives', 'channels', 'participants', 'periods', 'levelChanges', 'leftRunning', 'onDuty', 'rosterHoles'],
  // Of a situation report: what stands on one page.
  ...['situationReports', 'inForce', 'gravest', 'communeNames', 'sourcesAtFault'],
  // Of an institution that is told by e-mail.
  'mailboxes',
  // Of the people who are called, and of an organisation.
  ...['calls', 'steps', 'contactPoints', 'directNumbers'],
  // Of the hub: the list of hazards, and findings before anything is written.
  ...['hazards', 'lintAlert', 'deskSessions'],
]);

const { configs, parser } = graphqlEslint;
// The plugin was written for other types of ESLint's rules than ESLint has today.
const plugin = { rules: graphqlEslint.rules as object as Record<string, Rule.RuleModule> };
const rules: Linter.RulesRecord = {
  ...configs['flat/schema-recommended'].rules,
  ...configs['flat/schema-relay'].rules,
  '@graphql-eslint/strict-id-in-types': [
    'error',
    { exceptions: { types: VALUES, suffixes: ['Payload', 'Connection', 'Edge'] } },
  ],
  '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
  '@graphql-eslint/relay-edge-types': [
    'error',
    { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: true },
  ],
};

/** The field whose type begins on a line. */
function fieldsByLine(sdl: string): Map<number, string> {
  const found = new Map<number, string>();
  visit(parse(sdl), {
    [Kind.FIELD_DEFINITION]: ({ name, type }) => void found.set(type.loc?.startToken.line ?? 0, name.value),
  });
  return found;
}

/** What the rules find in a schema, but for lists that are short. */
function findings(sdl: string): string[] {
  const config: Linter.Config = {
    files: ['**/*.graphql'],
    languageOptions: { parser, parserOptions: { graphQLConfig: { schema: sdl } } },
    plugins: { '@graphql-eslint': plugin },
    rules,
  };
  const fields = fieldsByLine(sdl);
  return new Linter({ configType: 'flat' })
    .verify(sdl, [config], { filename: 'schema.graphql' })
    .filter(
      ({ messageId, line }) =>
        messageId !== 'MESSAGE_LIST_TYPE_ONLY_EDGE_TYPE' || !SHORT_LISTS.has(fields.get(line) ?? ''),
    )
    .map(({ ruleId, message, line }) => `${ruleId} at ${fields.get(line) ?? line}: ${message}`);
}

describe('graphql-eslint', () => {
  it('finds nothing in the schema that docs/decisions/0063 does not explain', () => {
    // No field answers the codes of errors: they are there for code generators.
    expect(findings(schema)).toEqual([expect.stringContaining('Enum type `ErrorCode` is unreachable.')]);
  });

  it('would find what is new and unexplained', () => {
    const planted = `${schema}
      type Planted { name: String }
      extend type Query {
        planted: Planted
        plantedLists: [Commune!]
        plantedPages(size: Int): CommuneConnection
      }
    `;
    const found = findings(planted).join('\n');
    for (const words of [
      'type "Planted" must have',
      'at plantedLists',
      'at plantedPages: A field that returns a Connection',
      'description',
    ])
      expect(found).toContain(words);
  });

  it('is told of no exception that the schema does not need', () => {
    const names = new Set(parse(schema).definitions.flatMap((one) => ('name' in one ? [one.name?.value] : [])));
    expect(VALUES.filter((name) => !names.has(name))).toEqual([]);
    const fields = new Set(fieldsByLine(schema).values());
    expect([...SHORT_LISTS].filter((name) => !fields.has(name))).toEqual([]);
    const page = file('docs/decisions/0063-what-graphql-eslint-may-find.md');
    for (const rule of ['strict-id-in-types', 'relay-arguments', 'relay-edge-types', 'no-unreachable-types'])
      expect(page).toContain(`\`${rule}\``);
  });
});
