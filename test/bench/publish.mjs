/**
 * What writing costs. `node publish.mjs [delivery|workflow|all]`.
 * delivery: from a commit to its delivery by another process (P8).
 * workflow: the CPU of a draft, a submission, an approval and a publication (P13).
 */
const [part = 'all'] = process.argv.slice(2);
if (part !== 'workflow') await import('./publish/delivery.mjs');
if (part !== 'delivery') await import('./publish/workflow.mjs');
process.exit(0);
