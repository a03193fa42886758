import { readFileSync } from 'node:fs';

/** Streams, and the visits that all phones may make at the same moment. */
const FILES_A_PHONE = 2;
const OTHER_FILES = 500;
const PORTS = '/proc/sys/net/ipv4/ip_local_port_range';

/** Why this machine cannot hold so many phones and their hub; undefined where it can. */
export function lackOfFiles(phones) {
  const need = phones * FILES_A_PHONE + OTHER_FILES;
  const { soft } = process.report.getReport().userLimits.open_files;
  if (soft !== 'unlimited' && soft < need)
    return `a process may open ${soft} files here, and ${phones} phones take ${need}: ulimit -n ${need}`;
  const ports = portsThere();
  if (ports < need)
    return `this machine has ${ports} ports for one address, and ${phones} phones take ${need}: widen ${PORTS}`;
  return undefined;
}

function portsThere() {
  try {
    const [first, last] = readFileSync(PORTS, 'utf8').trim().split(/\s+/).map(Number);
    return last - first + 1;
  } catch {
    // Another system than Linux: the run itself will tell.
    return Number.POSITIVE_INFINITY;
  }
}
