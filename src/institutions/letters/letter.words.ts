import type { InEachTongue } from '../../publications/content/tongue.ts';

interface LetterWords {
  page: string;
  /** Leads to where somebody says who takes charge. */
  read: string;
  /** Why the institution gets it, and how to leave. */
  because(institution: string): string;
  leave: string;
  invitation: {
    subject: string;
    text(institution: string): string;
    confirm: string;
    ignore: string;
  };
}

/** The words around what a publication says, and those of the invitation. */
export const LETTER_WORDS: InEachTongue<LetterWords> = {
  fr: {
    page: 'La page à jour',
    read: 'Dire que c’est lu, et qui s’en occupe',
    because: (institution) =>
      `Vous recevez ce message pour ${institution}. Il est envoyé automatiquement : ne répondez pas.`,
    leave: 'Ne plus recevoir ces messages',
    invitation: {
      subject: 'Recevoir les informations d’urgence par courriel : à confirmer',
      text: (institution) =>
        `Cette adresse a été proposée pour que ${institution} reçoive par courriel les alertes et informations publiques du Département. Rien ne lui sera envoyé tant que vous n’aurez pas confirmé.`,
      confirm: 'Confirmer cette adresse',
      ignore: 'Si vous n’êtes pas concerné, ne faites rien : c’est le seul message que vous recevrez.',
    },
  },
  en: {
    page: 'The page, kept up to date',
    read: 'Say that it was read, and who takes charge',
    because: (institution) => `You get this message for ${institution}. It is sent automatically: do not reply.`,
    leave: 'Get no more of these messages',
    invitation: {
      subject: 'Urgent public information by e-mail: please confirm',
      text: (institution) =>
        `Somebody proposed this address so that ${institution} gets the alerts and public information of the Département by e-mail. Nothing is sent to it before you confirm.`,
      confirm: 'Confirm this address',
      ignore: 'If this is not for you, do nothing: it is the only message that you get.',
    },
  },
};
