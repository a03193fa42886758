import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { asHubError } from '../../../src/database/outage.ts';
import { HubError } from '../../../src/errors.ts';

describe('an error that was meant', () => {
  const cause = new HubError('CONFLICT', 'somebody saved first', { currentVersion: 4 });

  it.each([
    ['itself', cause],
    ['what was thrown because of it', new Error('rolled back', { cause })],
    ['what a driver threw because of it', Object.assign(new Error('driver'), { previous: cause })],
    ['what graphql-js made of it', new GraphQLError('wrapped', { originalError: cause })],
  ])('is found in %s', (_where, error) => {
    expect(asHubError(error)).toBe(cause);
  });

  it('is looked for once in a chain that goes round', () => {
    const cyclic = new Error('around');
    cyclic.cause = new Error('and around', { cause: cyclic });
    expect(asHubError(cyclic)).toBeUndefined();
  });
});
