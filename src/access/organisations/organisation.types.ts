import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { type NamedOrganisation, ORGANISATION_KINDS, type OrganisationKind } from './organisation.rules.ts';

export const OrganisationKindEnum = Object.fromEntries(ORGANISATION_KINDS.map((kind) => [kind, kind])) as Record<
  OrganisationKind,
  OrganisationKind
>;
registerEnumType(OrganisationKindEnum, {
  name: 'OrganisationKind',
  description: 'The kinds of organisation.',
  valuesConfig: {
    DEPARTEMENT: { description: 'The Département itself.' },
    SDIS: { description: 'The fire and rescue service of the Département.' },
    PREFECTURE: { description: 'The préfecture, which stands for the State.' },
    STATE_SERVICE: { description: 'Another service of the State, such as Météo-France or the gendarmerie.' },
    COMMUNE: { description: 'A town hall.' },
    INTERCOMMUNALITY: { description: 'Communes that act together.' },
    ASSOCIATION: { description: 'An association, such as volunteers who check reports.' },
    NETWORK_OPERATOR: { description: 'An operator of roads, trains, water, power or telephones.' },
  },
});

@ObjectType('PublicOrganisation', {
  description: 'An organisation as it was called when it published or signed; never the person who did.',
})
export class PublicOrganisationType implements NamedOrganisation {
  @Field(() => OrganisationKindEnum, { description: 'The kind of organisation.' })
  kind!: OrganisationKind;
  @Field(() => String, { description: 'Its whole name, such as “Département de l’Essonne”.' })
  name!: string;
  @Field(() => String, { description: 'Its name where there is little room.' })
  shortName!: string;
}
