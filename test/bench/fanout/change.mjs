/** What followers ask for in every server, and what the peers tell: as large as what the hub tells. */
export const QUERY = `subscription ($where: ChangeFilter, $after: Cursor) { changes(where: $where, after: $after) {
  cursor type ring at publication { id revision text { headline description } communes { code name } } } }`;

export const SCHEMA = `
  type Query { nothing: String }
  scalar Cursor
  input ChangeFilter { communes: [String!] }
  type Text { headline: String! description: String! }
  type Commune { code: String! name: String! }
  type Publication { id: ID! revision: Int! text: Text! communes: [Commune!]! }
  type Change { cursor: Cursor! type: String! ring: Boolean! at: String! publication: Publication }
  type Subscription { changes(where: ChangeFilter, after: Cursor): Change! }`;

export const CHANGE = {
  cursor: 'MS5kNmM3ZDQ0Mi0wZmEwLTRhMzItYmM1ZC0xYjE3ZjY2MzM2OGEuMTI',
  type: 'VERIFIED',
  ring: false,
  at: '2026-11-24T01:02:03+01:00',
  publication: {
    id: '019ab0c2-6a39-7d0c-b7f2-8f1f3ad5c6de',
    revision: 1,
    text: {
      headline: 'L’Yvette déborde à Longjumeau',
      description: 'Le bas de la ville est inondé. '.repeat(8).trim(),
    },
    communes: [{ code: '91345', name: 'Longjumeau' }],
  },
};
