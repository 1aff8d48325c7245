/** The two forms of ids: of an integration's incidents, and of a group's. */
import {
  groupOwner,
  idempotencyKeyOf,
  incidentIdOf,
  incidentWorkflowId,
  ownerIn,
  parseIncidentId,
} from '../../domain/identity.ts';

const HASH = 'a'.repeat(32);
const RUN = '01234567-89ab-cdef-0123-456789abcdef';

test.each([
  ['an integration', 'payments-events', `payments-events.${HASH}.0123456789abcdef0123456789abcdef`],
  ['a group', groupOwner('payments'), `group.payments.${HASH}.0123456789abcdef0123456789abcdef`],
  ['an integration called group', 'group', `group.${HASH}.0123456789abcdef0123456789abcdef`],
  ['a group of a service called group', groupOwner('group'), `group.group.${HASH}.0123456789abcdef0123456789abcdef`],
  [
    'a group of a service called like a hash',
    groupOwner(HASH),
    `group.${HASH}.${HASH}.0123456789abcdef0123456789abcdef`,
  ],
])('[L2.2] the id of an incident of %s names its workflow and run', (_what, owner, id) => {
  const workflowId = incidentWorkflowId(owner, HASH);
  expect(workflowId).toBe(`incident/${owner}/${HASH}`);
  expect(incidentIdOf(workflowId, RUN)).toBe(id);
  expect(parseIncidentId(id)).toEqual({ workflowId, runId: RUN });
  expect(ownerIn(workflowId)).toBe(owner);
  expect(encodeURIComponent(id)).toBe(id);
  expect(idempotencyKeyOf(id, 'n1')).not.toContain('.');
});

test.each([
  '',
  'x',
  `a.b.${HASH}.${HASH}`,
  `group..${HASH}.${HASH}`,
  `${HASH}.${HASH}`,
  `group/x.${HASH}.${HASH}`,
  `grp.x.${HASH}.${HASH}`,
])('%j is no incident', (id) => expect(parseIncidentId(id)).toBeUndefined());
