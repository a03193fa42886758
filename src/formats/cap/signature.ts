import { createHash, sign, verify, type X509Certificate } from 'node:crypto';
import { XmlDocument as Xml, XmlC14NMode, type XmlDocument, type XmlElement, type XmlNode } from 'libxml2-wasm';
import type { SigningPair } from './signing-pair.ts';

/**
 * XML signatures as CAP 1.2 asks for them: enveloped, the last child of the alert, exclusive canonicalisation, RSA or
 * ECDSA with SHA-256, the certificate beside it. libxml2 canonicalises, node:crypto signs.
 */
export const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const ENVELOPED = `${DSIG}enveloped-signature`;
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const METHODS: Readonly<Record<string, string>> = {
  rsa: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  ec: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
};
/** XML writes an ECDSA signature as its two numbers, not as DER. RSA ignores it. */
const ENCODING = 'ieee-p1363';
const MODE = { mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 };

/** An XML document with a signature of all of it appended to its root, as UTF-8 text. */
export function signed(xml: string, { key, certificate }: SigningPair): string {
  using document = Xml.fromString(xml);
  const digest = sha256(document.canonicalizeToString(MODE));
  const signature = add(document.root, 'Signature');
  signature.addNsDeclaration(DSIG);
  signature.namespacePrefix = '';
  const info = add(signature, 'SignedInfo');
  add(info, 'CanonicalizationMethod', { Algorithm: EXCLUSIVE });
  add(info, 'SignatureMethod', { Algorithm: METHODS[key.asymmetricKeyType ?? ''] ?? '' });
  const reference = add(info, 'Reference', { URI: '' });
  const transforms = add(reference, 'Transforms');
  add(transforms, 'Transform', { Algorithm: ENVELOPED });
  add(transforms, 'Transform', { Algorithm: EXCLUSIVE });
  add(reference, 'DigestMethod', { Algorithm: SHA256 });
  add(reference, 'DigestValue').addText(digest);
  const value = sign('sha256', Buffer.from(canonicalOf(document, info)), { key, dsaEncoding: ENCODING });
  add(signature, 'SignatureValue').addText(value.toString('base64'));
  const data = add(add(signature, 'KeyInfo'), 'X509Data');
  add(data, 'X509Certificate').addText(certificate.raw.toString('base64'));
  return document.toString({ format: false });
}

function add(parent: XmlElement, name: string, attributes: Record<string, string> = {}): XmlElement {
  const child = parent.addElement(name);
  for (const [attribute, value] of Object.entries(attributes)) child.setAttr(attribute, value);
  return child;
}

/**
 * One element in canonical form. libxml2 asks of every node of the document whether it belongs: a set of nodes answers by
 * addresses, where the element's own method would make two objects for each question.
 */
const canonicalOf = (document: XmlDocument, element: XmlNode): string =>
  document.canonicalizeToString({ ...MODE, nodeSet: new Set([element]) });

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

/**
 * The fault of a message's signature, in French; undefined where it is exactly one, the last child of the root,
 * made as above by the key of that certificate, over all that stands there. Consumes the signature: read the rest before.
 */
export function signatureFault(document: XmlDocument, certificate: X509Certificate): string | undefined {
  const [signature, ...more] = document.find('//d:Signature', { d: DSIG }) as XmlElement[];
  if (!signature || more.length > 0) return 'Le message doit porter exactement une signature.';
  if (!signature.parent?.isSameNode(document.root) || signature.next)
    return 'La signature doit être le dernier élément du message.';
  const read = (path: string) => document.eval(`string(/*/d:Signature/${path})`, { d: DSIG }) as string;
  if (!isAsAgreed(document, certificate))
    return 'La signature doit être enveloppée, en canonicalisation exclusive, RSA ou ECDSA avec SHA-256.';
  const info = document.get('/*/d:Signature/d:SignedInfo', { d: DSIG });
  const vouchedFor = Buffer.from(info ? canonicalOf(document, info) : '');
  const [digest, value] = [read('d:SignedInfo/d:Reference/d:DigestValue'), read('d:SignatureValue')];
  const { publicKey: key } = certificate;
  if (!verify('sha256', vouchedFor, { key, dsaEncoding: ENCODING }, Buffer.from(value, 'base64')))
    return 'La signature n’est pas celle du certificat.';
  signature.remove();
  return sha256(document.canonicalizeToString(MODE)) === digest ? undefined : 'Le message a changé après la signature.';
}

const AGREED = [
  ['count(d:SignedInfo/d:Reference)', 1],
  ['count(d:SignedInfo/d:Reference/@URI)', 1],
  ['string(d:SignedInfo/d:Reference/@URI)', ''],
  ['string(d:SignedInfo/d:CanonicalizationMethod/@Algorithm)', EXCLUSIVE],
  ['count(d:SignedInfo/d:Reference/d:Transforms/d:Transform)', 2],
  ['string(d:SignedInfo/d:Reference/d:Transforms/d:Transform[1]/@Algorithm)', ENVELOPED],
  ['string(d:SignedInfo/d:Reference/d:Transforms/d:Transform[2]/@Algorithm)', EXCLUSIVE],
  ['string(d:SignedInfo/d:Reference/d:DigestMethod/@Algorithm)', SHA256],
] as const;

function isAsAgreed(document: XmlDocument, certificate: X509Certificate): boolean {
  const signature = document.get('/*/d:Signature', { d: DSIG });
  const method = signature?.eval('string(d:SignedInfo/d:SignatureMethod/@Algorithm)', { d: DSIG });
  const shown = signature?.eval('string(d:KeyInfo/d:X509Data/d:X509Certificate)', { d: DSIG });
  return (
    method === METHODS[certificate.publicKey.asymmetricKeyType ?? ''] &&
    shown === certificate.raw.toString('base64') &&
    AGREED.every(([path, expected]) => signature?.eval(path, { d: DSIG }) === expected)
  );
}
