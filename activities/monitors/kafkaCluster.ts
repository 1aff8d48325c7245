/** The lag of a group of any cluster that speaks Kafka's protocol: where its partitions end, less what the group has committed. */
import { isIP } from 'node:net';
import type { LagReading, PartitionLag } from '../../domain/lag.ts';
import { topicLag } from '../../domain/lag.ts';
import type { KafkaCluster, KafkaLagSettings } from '../../domain/monitors.ts';
import { POLL_TIMEOUT, Unreadable } from './reading.ts';

/** Of the topics of which the group has committed offsets. Throws Unreadable, or what the client does. */
export async function readKafkaCluster(
  monitor: KafkaLagSettings & KafkaCluster,
  timeout = POLL_TIMEOUT,
): Promise<LagReading> {
  const { Admin } = await import('@platformatic/kafka');
  const { brokers, tls, sasl, group, topics } = monitor;
  const admin = new Admin({
    clientId: 'tocsin',
    bootstrapBrokers: [...brokers],
    connectTimeout: timeout / 2,
    requestTimeout: timeout / 2,
    // The next poll is the next attempt.
    retries: 0,
    autocreateTopics: false,
    ...(tls === null ? {} : { tls: { ...tls }, tlsServerName: brokers.some(isNamed) }),
    ...(sasl === null ? {} : { sasl: { ...sasl } }),
  });
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Unreadable(`no answer within ${timeout} ms`)), timeout);
  });
  try {
    return await Promise.race([read(), tooLong]);
  } finally {
    clearTimeout(timer);
    await admin.close().catch(() => undefined);
  }

  async function read(): Promise<LagReading> {
    const [committed] = await admin.listConsumerGroupOffsets({ groups: [group] });
    const wanted = (committed?.topics ?? [])
      .filter(({ name }) => topics?.includes(name) ?? true)
      .map(({ name, partitions }) => ({
        name,
        // -1 stands where nothing is committed.
        partitions: partitions.filter(({ committedOffset }) => committedOffset >= 0n),
      }))
      .filter(({ partitions }) => partitions.length > 0);
    if (wanted.length === 0) return { topics: [] };
    const ends = await admin.listOffsets({
      topics: wanted.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, timestamp: LATEST })),
      })),
    });
    return {
      topics: wanted.map(({ name, partitions }) => {
        const end = new Map(
          ends.find((topic) => topic.name === name)?.partitions.map((each) => [each.partitionIndex, each.offset]),
        );
        return topicLag(
          name,
          partitions.map(({ partitionIndex, committedOffset }): PartitionLag => {
            const last = end.get(partitionIndex);
            return last === undefined
              ? { partition: partitionIndex, lag: null, error: 'its end is not known' }
              : { partition: partitionIndex, lag: Number(last - committedOffset) };
          }),
        );
      }),
    };
  }
}

/** An address is no name of a server (RFC 6066 §3). */
const isNamed = (broker: string): boolean => isIP(broker.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '')) === 0;

/** https://kafka.apache.org/protocol.html, ListOffsets: the end of a partition. */
const LATEST = -1n;
