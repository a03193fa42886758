import type { Office } from '../../office/office.ts';
import { DossierType } from './dossier.types.ts';
import { type DossierFile, writtenDossier } from './dossier-file.queries.ts';

/** The field of payloads that holds the dossier. */
export const DOSSIER = { dossier: { type: () => DossierType, description: 'The dossier as it then stood.' } };

/** The dossier is read only where a client selects it. */
export interface DossierPayload {
  dossier: () => Promise<DossierFile>;
}

export const dossierPayload = (office: Pick<Office, 'read'>, { id }: { id: string }): DossierPayload => ({
  dossier: () => writtenDossier(office.read(), id),
});
