/** What every answer about an incident carries. */
import type { IncidentState } from '../domain/incident.ts';
import { sentence } from '../domain/report.ts';
import { truthOf } from '../domain/truth.ts';
import { incidentView } from '../domain/view.ts';
import type { IncidentReport } from './messages.ts';

export const reportOf = (state: IncidentState): IncidentReport => ({
  incident: incidentView(state),
  sentence: sentence(state),
  truth: truthOf(state),
  policy: { id: state.policy.id, ofService: state.policy.id === state.service.escalationPolicy },
});
