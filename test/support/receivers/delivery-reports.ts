interface Reported {
  action?: string;
  status?: string;
  diagnosis?: string;
  /** The letter that is given back, or its headers. */
  returned: string;
  /** The kind of part that it is given back in. */
  type?: string;
  /** Of the part for programs. */
  encoding?: '7bit' | 'base64';
}

/** A report of a mail server that a letter failed (RFC 3464), as exim and Postfix write them. */
export function deliveryReport({
  action = 'failed',
  status = '5.1.1',
  diagnosis = 'smtp; 550 5.1.1 unknown',
  returned,
  type = 'message/rfc822',
  encoding = '7bit',
}: Reported): string {
  const fields = [
    'Reporting-MTA: dns; relais.example\n',
    `Final-Recipient: rfc822;accueil@ville.example\nAction: ${action}\nStatus: ${status}\nDiagnostic-Code: ${diagnosis}\n`,
  ].join('\n');
  const body = encoding === 'base64' ? Buffer.from(fields).toString('base64') : fields;
  const part = (kind: string, text: string, more = '') => `--REPORT\nContent-Type: ${kind}\n${more}\n${text}\n`;
  return [
    'From: Mail Delivery System <mailer-daemon@relais.example>\nTo: alerte@essonne.example\nAuto-Submitted: auto-replied\n',
    'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=REPORT\n\n',
    part('text/plain; charset=us-ascii', 'This message was created automatically.'),
    part('message/delivery-status', body, `Content-Transfer-Encoding: ${encoding}\n`),
    part(type, returned),
    '--REPORT--\n',
  ].join('');
}
