// The workflow types that a worker serves. A function's name is its type's name, and never changes.
export { incident } from './incident.ts';
export { maintenanceOver } from './maintenanceOver.ts';
export { deadman } from './deadman.ts';
export { kafkaLag } from './kafkaLag.ts';
export { sendTest } from './sendTest.ts';
export { heartbeat } from './heartbeat.ts';
