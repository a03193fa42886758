export const ROLES = [
  'VOLUNTEER',
  'CHECKER',
  'MARSHAL',
  'EDITOR',
  'VALIDATOR',
  'SIGNATORY',
  'DUTY_OFFICER',
  'SCHEDULER',
  'ADMIN',
] as const;
export type Role = (typeof ROLES)[number];

/** The account that a token stands for: its id, the name that the desk sees, and the roles that the token gives. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Points that this machine may spend a second; left out, it may spend as much as everybody with a token. */
  readonly pointsPerSecond?: number;
  /** The id of the session of the desk by which the request came in; left out for tokens and keys. */
  readonly deskSession?: string;
}
