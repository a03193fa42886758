import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { normalForm } from '../../../src/graphql/normal-form.ts';

const formOf = (document: string) => normalForm(parse(document));
const WANTED =
  'subscription { changes { a: type publication { ...F text(languages: $v) { headline } } } } fragment F on Publication { id }';

describe('the normal form of an operation', () => {
  it.each([
    ['its name', WANTED.replace('subscription', 'subscription Mine')],
    ['the name of a fragment', WANTED.replace(/\bF\b/g, 'Another')],
    ['the name of a variable', WANTED.replace('$v', '$languages')],
    ['what declares a variable', WANTED.replace('subscription', 'subscription ($v: [LanguageTag!]!)')],
    [
      'the arguments of the root field',
      WANTED.replace('changes', 'changes(after: "x", where: { communes: ["91345"] })'),
    ],
    ['blanks, commas and comments', `# mine\n${WANTED.replace(/ /g, ' ,\n ')}`],
    ['where a fragment stands', `fragment F on Publication { id } ${WANTED.replace(/ fragment.*$/, '')}`],
  ])('does not depend on %s', (_what, document) => {
    expect(formOf(document).text).toBe(formOf(WANTED).text);
  });

  it.each([
    ['an alias', WANTED.replace('a: type', 'b: type')],
    [
      'the order of fields',
      WANTED.replace('a: type publication', 'publication').replace(/\} \} fragment/, '} a: type } fragment'),
    ],
    ['a field', WANTED.replace('id }', 'id url }')],
    ['a directive', WANTED.replace('a: type', 'a: type @include(if: $yes)')],
    ['an argument below the root', WANTED.replace('(languages: $v)', '(languages: "de")')],
  ])('depends on %s', (_what, document) => {
    expect(formOf(document).text).not.toBe(formOf(WANTED).text);
  });

  it('names its variables in the order of their first use', () => {
    expect(formOf('{ b(x: $root) { c(x: $second, y: $first) d(x: $second) } }').variables).toEqual(['second', 'first']);
  });
});
