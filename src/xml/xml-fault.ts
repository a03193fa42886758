/** Why a document cannot be read, in French: staff read it beside the feed that it came from. */
export class XmlFault extends Error {
  override name = 'XmlFault';
}

/** Notes, in French, a fault of a document that is read all the same. */
export type NoteXmlFault = (fault: string) => void;
