#!/usr/bin/env node
// The `tocsin` command. tsx is registered in this very process: no wrapper stands between a signal and what it is for.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Tocsin needs Node 20.19 or later; this is Node ${process.versions.node}.\n`);
  process.exit(1);
}

const { register } = await import('tsx/esm/api');
register();
const { main } = await import('./main.ts');
await main(process.argv, process.env);
