import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { ROLES, type Role } from './actor.ts';

export const StaffRoleEnum = Object.fromEntries(ROLES.map((role) => [role, role])) as Record<Role, Role>;
registerEnumType(StaffRoleEnum, {
  name: 'StaffRole',
  description: 'What an account may do.',
  valuesConfig: {
    VOLUNTEER: { description: 'Submits and claims reports.' },
    CHECKER: { description: 'Concludes, merges, escalates and reopens reports.' },
    MARSHAL: { description: 'Stands at a road: records whether a closure is in place, submits reports, sees no desk.' },
    EDITOR: { description: 'Writes and submits.' },
    VALIDATOR: { description: 'Approves, publishes, cancels, gives the all clear.' },
    SIGNATORY: {
      description:
        'Approves what rules ask a signature of its organisation for, or sends it back; publishes nothing, and sees no other dossier.',
    },
    DUTY_OFFICER: { description: 'May publish without an approval when lives are at stake.' },
    SCHEDULER: { description: 'A machine that sends social posts and receives webhooks.' },
    ADMIN: { description: 'Manages accounts, keys and endpoints; may not publish by that role.' },
  },
});

@ObjectType('Account', {
  description: 'A person or a machine with an account. Staff see each other; the public sees none of them.',
})
export class AccountType {
  @Field(() => ID, { description: 'The id of the account.' })
  id!: string;
  @Field(() => String, { description: 'The name that staff see.' })
  name!: string;
}
