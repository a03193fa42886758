/** Why a document cannot be read, in French: staff read it beside the feed that it came from. */
export class XmlFault extends Error {
  override name = 'XmlFault';
}
