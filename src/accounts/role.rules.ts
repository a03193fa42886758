import { ROLES, type Role } from '../access/actor.ts';

/** Roles that come from two administrators, one of whom asks and the other approves (I-29); PostgreSQL has the same list. */
const GUARDED_ROLES: readonly Role[] = ['VALIDATOR', 'SIGNATORY', 'DUTY_OFFICER', 'ADMIN'];

export const isGuarded = (role: Role): boolean => GUARDED_ROLES.includes(role);

/** Roles in the order of ROLES, each once: so they stand in an account. */
export const inOrder = (roles: readonly Role[]): Role[] => ROLES.filter((role) => roles.includes(role));

/** The roles of an account that is to have others. */
export interface RoleChange {
  /** Those that it has at once: without what is taken away, with what one ADMIN may give. */
  roles: Role[];
  /** Those that wait for a second ADMIN. */
  asked: Role[];
}

/** The change from the roles that an account has to those that an ADMIN wants it to have. */
export function roleChangeOf(held: readonly Role[], wanted: readonly Role[]): RoleChange {
  const asked = inOrder(wanted).filter((role) => isGuarded(role) && !held.includes(role));
  return { roles: inOrder(wanted).filter((role) => !asked.includes(role)), asked };
}
