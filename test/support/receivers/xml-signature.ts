import { type KeyLike, verify, type X509Certificate } from 'node:crypto';
import { DOMParser } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';

/** xml-crypto knows ECDSA by a class of one's own. */
class EcdsaSha256 {
  getAlgorithmName = () => 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256';
  getSignature = (): string => {
    throw new Error('only verifies');
  };
  verifySignature = (material: string, key: KeyLike, value: string): boolean =>
    verify(
      'sha256',
      Buffer.from(material),
      { key: key as string, dsaEncoding: 'ieee-p1363' },
      Buffer.from(value, 'base64'),
    );
}

/** Whether xml-crypto finds that the holder of a certificate signed a document as it is. */
export function xmlCryptoAccepts(xml: string, certificate: X509Certificate): boolean {
  const checker = new SignedXml({ publicCert: certificate.toString() });
  checker.SignatureAlgorithms['http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'] = EcdsaSha256 as never;
  const [signature] = Array.from(new DOMParser().parseFromString(xml, 'text/xml').getElementsByTagName('Signature'));
  checker.loadSignature(signature as unknown as Node);
  try {
    return checker.checkSignature(xml);
  } catch {
    return false;
  }
}
