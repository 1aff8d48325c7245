import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a small configuration into `folder`: two people on level 1, one on level 2, an ack timeout. Returns its path. */
export function configurationFile(folder: string): string {
  const file = join(folder, 'tocsin.yaml');
  writeFileSync(
    file,
    `
users:
  - { id: ana, name: Ana Wei, contacts: [{ id: term, channel: console }] }
  - { id: bob, name: Bob Okafor, contacts: [{ id: term, channel: console }] }
  - { id: cho, name: Cho Tanaka, contacts: [{ id: term, channel: console }] }
escalationPolicies:
  - { id: disks, levels: [{ targets: ['user:ana', 'user:bob'], escalateAfter: 5m }, { targets: ['user:cho'], escalateAfter: 15m }] }
services:
  - { id: disks, name: Disks, escalationPolicy: disks, ackTimeout: 30m }
`,
  );
  return file;
}
