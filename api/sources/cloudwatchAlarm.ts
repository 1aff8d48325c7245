/**
 * A CloudWatch alarm's change of state as an event (docs.aws.amazon.com/AmazonCloudWatch, "Schema of Amazon SNS
 * notifications when alarms change state"; wire-formats §1h): metric alarms, and composite ones, which have a rule and
 * the alarms that triggered them in place of a metric.
 */
import type { Integration } from '../../domain/configuration.ts';
import { cleanKey } from '../../domain/dedupKey.ts';
import { TocsinError } from '../../domain/errors.ts';
import type { EventAction, Link, Severity, SourceEvent } from '../../domain/event.ts';
import { SEVERITY_WORDS } from '../../domain/severityWords.ts';
import { withinLimits } from '../../intake/limits.ts';
import { type Members, membersOf, textOf } from '../../intake/members.ts';
import { madeKeyOf } from './dedupKey.ts';
import { listed } from './eventsV2.ts';
import { parseTimestamp } from './timestamp.ts';

const STATES: readonly string[] = ['ALARM', 'OK', 'INSUFFICIENT_DATA'];
const OF_ALARM = [
  'AlarmDescription',
  'NewStateValue',
  'OldStateValue',
  'NewStateReason',
  'AWSAccountId',
  'Region',
  'AlarmRule',
] as const;
const OF_TRIGGER = [
  'MetricName',
  'Namespace',
  'Statistic',
  'Unit',
  'Period',
  'EvaluationPeriods',
  'DatapointsToAlarm',
  'ComparisonOperator',
  'Threshold',
  'TreatMissingData',
] as const;
/** Of a composite alarm; the rest is in its reason. */
const MAX_CHILDREN = 20;
/** CloudWatch knows no severity: people write it into the alarm's description. */
const WRITTEN_SEVERITY = /\bseverity\s{0,3}[:=]\s{0,3}([a-z]{1,20})\b/i;
/** arn:<partition>:cloudwatch:<region>:<account>:alarm:<name> */
const ARN = /^arn:(aws[a-z-]{0,20}):cloudwatch:([a-z0-9-]{1,40}):\d{0,12}:alarm:(.+)$/s;

/** Whether a message is an alarm's. */
export const isAlarm = (message: unknown): message is Members =>
  textOf(membersOf(message)?.['AlarmName']) !== undefined && membersOf(message)?.['NewStateValue'] !== undefined;

/** The texts alone, so that a message of any depth stays small. */
const texts = (members: Members, names: readonly string[]): Members =>
  Object.fromEntries(
    names.flatMap((name) => {
      const text = typeof members[name] === 'number' ? members[name] : textOf(members[name]);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );

function actionOf(state: string, { insufficientData = 'trigger' }: Integration): EventAction | 'ignore' {
  if (!STATES.includes(state)) {
    throw new TocsinError('BAD_EVENT', `NewStateValue is '${state.slice(0, 64)}'; it is one of: ${STATES.join(', ')}`);
  }
  if (state === 'INSUFFICIENT_DATA') return insufficientData;
  return state === 'ALARM' ? 'trigger' : 'resolve';
}

function severityOf(state: string, description: string): Severity {
  const written = SEVERITY_WORDS.get(WRITTEN_SEVERITY.exec(description)?.[1]?.toLowerCase() ?? '');
  return written ?? (state === 'ALARM' ? 'error' : 'warning');
}

/** The alarm's page in the console of its partition. */
function linkOf(arn: string | undefined): readonly Link[] {
  const [, partition, region = '', name = ''] = ARN.exec(arn ?? '') ?? [];
  if (partition !== 'aws' && partition !== 'aws-cn') return [];
  const host = partition === 'aws' ? 'console.aws.amazon.com' : 'console.amazonaws.cn';
  const href = `https://${host}/cloudwatch/home?region=${region}#alarmsV2:alarm/${encodeURIComponent(cleanKey(name) ?? '')}`;
  return [{ href, text: 'CloudWatch' }];
}

/** No event where `insufficientData` is ignored. Throws BAD_EVENT for a state that is none. */
export function eventsOfAlarm(alarm: Members, integration: Integration): readonly SourceEvent[] {
  const name = textOf(alarm['AlarmName']) ?? '';
  const state = textOf(alarm['NewStateValue']) ?? '';
  const action = actionOf(state, integration);
  if (action === 'ignore') return [];
  const arn = textOf(alarm['AlarmArn']);
  const [account, region] = [textOf(alarm['AWSAccountId']), ARN.exec(arn ?? '')?.[2] ?? textOf(alarm['Region'])];
  const place = [account, region].filter((part) => part !== undefined).join('/');
  const reason = textOf(alarm['NewStateReason']);
  const trigger = membersOf(alarm['Trigger']) ?? {};
  const metric = texts(trigger, OF_TRIGGER);
  const dimensions = Object.fromEntries(
    listed(trigger['Dimensions']).flatMap(({ name: dimension, value }) => {
      const [key, text] = [textOf(dimension), textOf(value)];
      return key === undefined || text === undefined ? [] : [[key, text] as const];
    }),
  );
  const children = listed(alarm['TriggeringChildren']).flatMap(({ Arn }) => textOf(Arn) ?? []);
  const [component, kind] = [textOf(trigger['MetricName']), textOf(trigger['Namespace'])];
  const at = parseTimestamp(alarm['StateChangeTime']);
  const key = madeKeyOf(arn ?? `${place}/${name}`) ?? name;
  const event = withinLimits({
    action,
    dedupKey: key,
    summary: reason === undefined ? name : `${name}: ${reason}`,
    source: place === '' ? 'cloudwatch' : place,
    ...(action === 'trigger' && { severity: severityOf(state, textOf(alarm['AlarmDescription']) ?? '') }),
    ...(component !== undefined && { component }),
    ...(kind !== undefined && { class: kind }),
    details: {
      ...texts(alarm, OF_ALARM),
      ...(Object.keys(metric).length > 0 && { metric, dimensions }),
      ...(children.length > 0 && { triggeringChildren: children.slice(0, MAX_CHILDREN) }),
    },
    links: linkOf(arn),
    ...(at !== undefined && { at }),
  });
  return [event];
}
