/**
 * A stand-in for Tencent's CKafka: `DescribeGroupOffsets` of API 3.0 (https://cloud.tencent.com/document/api/597/40841) and
 * `GetGroupOffsets` of the API before (https://cloud.tencent.com/document/product/597/30030). It checks both signatures by
 * the vendor's pages, gives its topics by the page, and answers errors with status 200, as both do.
 */
import { createHmac } from 'node:crypto';
import type { HttpReaction, HttpServer, ReceivedRequest } from '../httpServer.ts';
import { startHttpServer } from '../httpServer.ts';
import { wrongSignature } from './tc3.ts';

export const CKAFKA = {
  secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE',
  secretKey: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE',
  region: 'ap-guangzhou',
  instance: 'ckafka-stand-in',
  group: 'order-workers',
} as const;

/** Of a partition its lag; `uncommitted`: -1, as where the group has committed nothing; `{ error }`: an error's number. */
export type Partition = number | 'uncommitted' | { readonly error: number };

export interface CkafkaStandIn {
  readonly url: string;
  readonly server: HttpServer;
  /** Whole polls and single pages that were answered well. */
  readonly pages: () => number;
  /** What the group's topics are from now on, by the lags of their partitions. */
  lag(topics: Readonly<Record<string, readonly Partition[]>>): void;
  /** Topics that a page has at most: what both APIs take is up to 50. */
  perPage(most: number): void;
  /** Refuses with this code of API 3.0, or of the old one; undefined: no more. */
  refuse(code: string | number | undefined): void;
  /** Instead of every answer. */
  answerBy(reaction: HttpReaction | undefined): void;
  stop(): Promise<void>;
}

export async function startCkafka(): Promise<CkafkaStandIn> {
  const server = await startHttpServer();
  let topics: readonly (readonly [string, readonly Partition[]])[] = [];
  let most = 50;
  let refused: string | number | undefined;
  let instead: HttpReaction | undefined;
  let pages = 0;

  const page = (offset: number, limit: number, named: readonly string[]) => {
    pages += 1;
    const matching = topics.filter(([topic]) => named.length === 0 || named.includes(topic));
    return { total: matching.length, topics: matching.slice(offset, offset + Math.min(limit, most)) };
  };
  const answering =
    (read: (request: ReceivedRequest) => unknown) =>
    (request: ReceivedRequest): HttpReaction =>
      instead ?? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(read(request)) };
  const state: State = { page, refused: () => refused };
  server.answer(
    '/',
    answering((request) => answerV3(request, state)),
  );
  server.answer(
    '/v2/index.php',
    answering((request) => answerLegacy(request, state)),
  );
  return {
    url: server.url,
    server,
    pages: () => pages,
    lag: (now) => void (topics = Object.entries(now)),
    perPage: (limit) => void (most = limit),
    refuse: (code) => void (refused = code),
    answerBy: (reaction) => void (instead = reaction),
    stop: () => server.stop(),
  };
}

interface State {
  readonly page: (
    offset: number,
    limit: number,
    named: readonly string[],
  ) => { readonly total: number; readonly topics: readonly (readonly [string, readonly Partition[]])[] };
  readonly refused: () => string | number | undefined;
}

/** Where the partition ends, and what of it is read: as much behind as it says. */
const END = 207_927_929;
const lagOf = (partition: Partition): number => (typeof partition === 'number' ? partition : -1);
const errorOf = (partition: Partition): number => (typeof partition === 'object' ? partition.error : 0);
const offsetOf = (partition: Partition): number => (typeof partition === 'number' ? END - partition : -1);

function answerV3(request: ReceivedRequest, { page, refused }: State): unknown {
  const failed = (Code: string) => ({ Response: { Error: { Code, Message: `it says ${Code}` }, RequestId: 'r-1' } });
  const wrong = wrongSignature(request, { ...CKAFKA, service: 'ckafka' }) ?? refused();
  if (wrong !== undefined) return failed(String(wrong));
  if (request.headers['x-tc-action'] !== 'DescribeGroupOffsets') return failed('InvalidAction');
  if (request.headers['x-tc-version'] !== '2019-08-19') return failed('NoSuchVersion');
  if (request.headers['x-tc-region'] !== CKAFKA.region) return failed('UnsupportedRegion');
  const {
    InstanceId,
    Group,
    Topics = [],
    Offset = 0,
    Limit = 50,
  } = JSON.parse(request.body) as {
    InstanceId: string;
    Group: string;
    Topics?: readonly string[];
    Offset?: number;
    Limit?: number;
  };
  if (InstanceId !== CKAFKA.instance) return failed('ResourceNotFound');
  if (Limit > 50) return failed('InvalidParameterValue');
  const { total, topics } = page(Offset, Limit, Topics);
  const TopicList = (Group === CKAFKA.group ? topics : []).map(([Topic, partitions]) => ({
    Topic,
    Partitions: partitions.map((partition, index) => ({
      Partition: index,
      Offset: offsetOf(partition),
      Metadata: '',
      ErrorCode: errorOf(partition),
      LogEndOffset: END,
      Lag: lagOf(partition),
    })),
  }));
  const TotalCount = Group === CKAFKA.group ? total : 0;
  return { Response: { Result: { TotalCount, TopicList }, RequestId: 'r-1' } };
}

function answerLegacy({ method, path, headers }: ReceivedRequest, { page, refused }: State): unknown {
  const { pathname, searchParams } = new URL(path, 'http://x');
  const failed = (code: number | string) => ({ code, message: `it says ${code}`, codeDesc: 'Refused' });
  const { Signature, ...params } = Object.fromEntries(searchParams);
  const sorted = Object.keys(params).toSorted();
  const text = `${method}${headers.host}${pathname}?${sorted.map((name) => `${name}=${params[name]}`).join('&')}`;
  const signature = createHmac('sha1', CKAFKA.secretKey).update(text).digest('base64');
  if (headers.host !== 'ckafka.api.qcloud.com' || method !== 'GET') return failed(4000);
  if (params['SecretId'] !== CKAFKA.secretId || Signature !== signature) return failed(4100);
  if (Math.abs(Date.now() / 1_000 - Number(params['Timestamp'])) > 300) return failed(4500);
  if (!/^[1-9]\d*$/.test(params['Nonce'] ?? '')) return failed(4500);
  if (params['Action'] !== 'GetGroupOffsets' || params['Region'] !== CKAFKA.region) return failed(4000);
  if (params['instanceId'] !== CKAFKA.instance) return failed(4000);
  const code = refused();
  if (code !== undefined) return failed(code);
  const named = Object.entries(params).flatMap(([name, value]) => (/^topics\.\d+$/.test(name) ? [value] : []));
  const limit = Number(params['limit'] ?? 50);
  if (limit > 50) return failed(4000);
  const { total, topics } = page(Number(params['offset'] ?? 0), limit, named);
  const topicList = (params['group'] === CKAFKA.group ? topics : []).map(([topic, partitions]) => ({
    topic,
    partitions: partitions.map((partition, index) => ({
      partition: index,
      offset: offsetOf(partition),
      metadata: '',
      err_code: errorOf(partition),
      log_end_offset: END,
      lag: lagOf(partition),
    })),
  }));
  const totalCount = params['group'] === CKAFKA.group ? total : 0;
  return { code: 0, message: '', codeDesc: 'Success', data: { totalCount, topicList } };
}
