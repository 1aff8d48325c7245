/** The lag of a group of CKafka by API 3.0 (2019-08-19), with the vendor's SDK: https://cloud.tencent.com/document/api/597/40841, `DescribeGroupOffsets`. */
import type { LagReading } from '../../domain/lag.ts';
import { topicLag } from '../../domain/lag.ts';
import type { KafkaLagSettings, TencentKafka } from '../../domain/monitors.ts';
import { lineTo } from '../tencentLine.ts';
import { allPages, PAGE, partitionLag, POLL_TIMEOUT, Unreadable } from './reading.ts';

/** Throws Unreadable, or what the SDK does: with Tencent's `code` where Tencent answered. */
export async function readTencentKafka(
  monitor: KafkaLagSettings & TencentKafka,
  timeout = POLL_TIMEOUT,
): Promise<LagReading> {
  const { ckafka } = await import('tencentcloud-sdk-nodejs-ckafka');
  const { secretId, secretKey, region, instance, group, topics, apiUrl } = monitor;
  const line = lineTo(apiUrl, 'ckafka');
  const signal = AbortSignal.timeout(timeout);
  const client = new ckafka.v20190819.Client({
    credential: { secretId, secretKey },
    region,
    profile: { httpProfile: { ...line.profile, reqTimeout: timeout / 1_000 } },
  });
  try {
    return await allPages(async (offset) => {
      const request = {
        InstanceId: instance,
        Group: group,
        ...(topics === null ? {} : { Topics: topics }),
        Offset: offset,
        Limit: PAGE,
      };
      // The SDK's own method takes no signal, and its time-out begins anew for the body.
      return pageOf(await client.request('DescribeGroupOffsets', request, { signal }));
    });
  } catch (error) {
    if (signal.aborted) throw new Unreadable(`no answer within ${timeout} ms`);
    throw error;
  } finally {
    line.close();
  }
}

interface Said {
  readonly Result?: {
    readonly TotalCount?: unknown;
    readonly TopicList?: readonly { readonly Topic: string; readonly Partitions?: readonly Partition[] }[];
  };
}

interface Partition {
  readonly Partition?: unknown;
  readonly Offset?: unknown;
  readonly LogEndOffset?: unknown;
  readonly Lag?: unknown;
  readonly ErrorCode?: unknown;
}

function pageOf(answer: unknown) {
  const { TotalCount, TopicList } = (answer as Said | null)?.Result ?? {};
  if (typeof TotalCount !== 'number') throw new Unreadable("the answer is none of Tencent Cloud's; is apiUrl right?");
  return {
    total: TotalCount,
    topics: (TopicList ?? []).map(({ Topic, Partitions }) =>
      topicLag(
        Topic,
        (Partitions ?? []).map(({ Partition, Offset, LogEndOffset, Lag, ErrorCode }) =>
          partitionLag({ partition: Partition, offset: Offset, end: LogEndOffset, lag: Lag, error: ErrorCode }),
        ),
      ),
    ),
  };
}
