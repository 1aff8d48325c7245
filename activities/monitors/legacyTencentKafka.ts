/**
 * The lag of a group of CKafka by the API before 3.0, for accounts that still have it: `GetGroupOffsets`,
 * https://cloud.tencent.com/document/product/597/30030; signed as https://cloud.tencent.com/document/product/215/1693 says.
 */
import { createHmac, randomInt } from 'node:crypto';
import type { LagReading } from '../../domain/lag.ts';
import { topicLag } from '../../domain/lag.ts';
import type { KafkaLagSettings, TencentKafka } from '../../domain/monitors.ts';
import { bodyOf, objectIn } from '../notify/answer.ts';
import { call } from '../notify/http.ts';
import type { Page } from './reading.ts';
import { allPages, PAGE, partitionLag, POLL_TIMEOUT, Unreadable } from './reading.ts';

/** What is signed, by whatever proxy it goes. */
const HOST = 'ckafka.api.qcloud.com';
const PATH = '/v2/index.php';
const WHAT = 'CKafka (legacy)';
/** Bytes of a page of 50 topics, each of many partitions. */
const PAGE_BYTES = 8 * 1_024 * 1_024;

/** Throws Unreadable, or as `call` does. */
export async function readLegacyTencentKafka(
  monitor: KafkaLagSettings & TencentKafka,
  timeout = POLL_TIMEOUT,
): Promise<LagReading> {
  const until = Date.now() + timeout;
  const { instance, group, topics, region, secretId, secretKey, apiUrl } = monitor;
  return allPages(async (offset) => {
    const params: Readonly<Record<string, string | number>> = {
      Action: 'GetGroupOffsets',
      instanceId: instance,
      group,
      ...Object.fromEntries((topics ?? []).map((topic, index) => [`topics.${index}`, topic])),
      offset,
      limit: PAGE,
      Region: region,
      Timestamp: Math.floor(Date.now() / 1_000),
      Nonce: randomInt(1, 2 ** 47),
      SecretId: secretId,
    };
    const signature = signatureOf(params, secretKey);
    const written = Object.entries(params).map(([name, value]): [string, string] => [name, String(value)]);
    const query = new URLSearchParams([...written, ['Signature', signature]]);
    const answer = await call({
      method: 'GET',
      url: `${apiUrl}${PATH}?${query.toString()}`,
      headers: { host: HOST },
      allowPrivate: true,
      what: WHAT,
      secrets: [secretId, secretKey, signature],
      timeout: Math.max(1, until - Date.now()),
      kept: PAGE_BYTES,
    });
    return pageOf(bodyOf(answer, { what: WHAT }));
  });
}

/** HMAC-SHA1 over method, host, path and the parameters by name, as they are before they are encoded. */
function signatureOf(params: Readonly<Record<string, string | number>>, key: string): string {
  const sorted = Object.keys(params).toSorted();
  const text = `GET${HOST}${PATH}?${sorted.map((name) => `${name}=${params[name]}`).join('&')}`;
  return createHmac('sha1', key).update(text).digest('base64');
}

interface Said {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly codeDesc?: unknown;
  readonly data?: {
    readonly totalCount?: unknown;
    readonly topicList?: readonly { readonly topic: string; readonly partitions?: readonly Partition[] }[];
  };
}

interface Partition {
  readonly partition?: unknown;
  readonly offset?: unknown;
  readonly log_end_offset?: unknown;
  readonly lag?: unknown;
  readonly err_code?: unknown;
}

/** Errors are answered with status 200, too. */
function pageOf(body: string): Page {
  const { code, message, codeDesc, data }: Said = objectIn(body) ?? {};
  if (typeof code === 'number' && code !== 0) {
    throw new Unreadable(`${WHAT} answered ${code} (${String(codeDesc)}): ${String(message)}`);
  }
  if (typeof data?.totalCount !== 'number') {
    throw new Unreadable("the answer is none of Tencent Cloud's; is apiUrl right?");
  }
  return {
    total: data.totalCount,
    topics: (data.topicList ?? []).map(({ topic, partitions }) =>
      topicLag(
        topic,
        (partitions ?? []).map(({ partition, offset, log_end_offset, lag, err_code }) =>
          partitionLag({ partition, offset, end: log_end_offset, lag, error: err_code }),
        ),
      ),
    ),
  };
}
